package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import java.util.ArrayList;
import java.util.List;

/** What is done with the variables of a live thread's frames. */
final class Frames {

  /** What is done. */
  enum Treatment {
    FOLLOW,
    /** It is JUnit's: followed after everything else. */
    LAST,
    /** It is LeakCheck's, which looks and wakes nobody. */
    CUT
  }

  private Frames() {}

  static List<Treatment> of(List<HeapFrame> stack, boolean checks, HeapClass thread) {
    boolean ours =
        Cuts.isOurs(thread.name())
            && stack.stream()
                .allMatch(frame -> Cuts.isOurs(frame.type()) || Cuts.isJdk(frame.type()));
    int cut = ours ? stack.size() : checks ? ourFrames(stack) : 0;
    List<Treatment> treatments = new ArrayList<>();
    for (HeapFrame frame : stack) {
      treatments.add(
          treatments.size() < cut || Cuts.isOurs(frame.type())
              ? Treatment.CUT
              : Cuts.isJunit(frame.type()) ? Treatment.LAST : Treatment.FOLLOW);
    }
    return treatments;
  }

  /** How many of the innermost frames are of the check: ours, and the JDK's that they call. */
  private static int ourFrames(List<HeapFrame> stack) {
    int ours = 0;
    for (int i = 0; i < stack.size(); i++) {
      String type = stack.get(i).type();
      if (Cuts.isOursOnceDone(type)) {
        ours = i + 1;
      } else if (!Cuts.isJdk(type)) {
        break;
      }
    }
    return ours;
  }

  /** Which frames are the user's own, or the JDK's that those have called. */
  static boolean[] ofUsers(List<HeapFrame> stack) {
    boolean[] used = new boolean[stack.size()];
    boolean users = false;
    for (int i = stack.size() - 1; i >= 0; i--) {
      String type = stack.get(i).type();
      users = Cuts.isUsers(type) || (users && Cuts.isJdk(type));
      used[i] = users;
    }
    return used;
  }

  /**
   * The frames in which something may be hidden. In a thread that checks, those of the test
   * framework and of what it calls itself hide nothing of ours.
   */
  static List<HeapFrame> seen(List<HeapFrame> stack, List<Treatment> treatments, boolean checks) {
    List<HeapFrame> seen = new ArrayList<>();
    boolean framework = checks && treatments.contains(Treatment.LAST);
    for (int i = stack.size() - 1; i >= 0; i--) {
      String type = stack.get(i).type();
      framework &= Cuts.isJdk(type) || !Cuts.isUsers(type);
      framework |= checks && Cuts.isJunit(type);
      if (treatments.get(i) != Treatment.CUT && !framework) {
        seen.add(0, stack.get(i));
      }
    }
    return seen;
  }

  /** Whether it is in native code that is not the JDK's. */
  static boolean isForeign(HeapFrame frame) {
    return frame.isNative() && !Cuts.isJdk(frame.type());
  }

  /** A frame as a person would name it: the user's own call, rather than the JDK's in it. */
  static int named(Paths paths, String label, List<HeapFrame> stack, int frame) {
    HeapFrame shown = stack.get(frame);
    for (int i = frame; i < stack.size() && Cuts.isJdk(shown.type()); i++) {
      if (!Cuts.isJdk(stack.get(i).type())) {
        shown = stack.get(i);
      }
    }
    return paths.named(
        "live " + label + " in " + shown.type() + "." + shown.method() + "()",
        Paths.isUsers(shown.type()));
  }
}
