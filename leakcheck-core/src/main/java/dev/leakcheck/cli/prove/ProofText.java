package dev.leakcheck.cli.prove;

import dev.leakcheck.model.HeapPath;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.walk.Liveness.Answer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints answers, those that are proved first: threads at one place, held in one way, as one. */
public final class ProofText {

  private static final int FRAMES = 5;
  private static final int NAMES = 3;

  private ProofText() {}

  /**
   * Whether a thread is stuck for good.
   *
   * @param answer its answer
   * @return true if that is proved
   */
  public static boolean isProved(Answer answer) {
    return answer.proof() instanceof Proof.Proved;
  }

  /**
   * Prints them.
   *
   * @param told the answers
   * @param source what was asked, in a word or two
   * @param top how many groups are shown
   * @param out where to
   */
  public static void write(Proving.Told told, String source, int top, PrintWriter out) {
    List<Answer> answers = told.platform();
    long proved = answers.stream().filter(ProofText::isProved).count();
    out.println(
        "LeakCheck: of "
            + answers.size()
            + (answers.size() == 1 ? " platform thread" : " platform threads")
            + " of "
            + Printable.escape(source)
            + " that wait without a time limit, "
            + (proved == 0 ? "none is" : proved == 1 ? "1 is" : proved + " are")
            + " proved stuck for good");
    if (told.virtual() > 0) {
      out.println(
          "not looked at: "
              + (told.virtual() == 1 ? "1 virtual thread" : told.virtual() + " virtual threads"));
    }
    Map<String, List<Answer>> groups = new LinkedHashMap<>();
    answers.stream()
        .sorted(Comparator.comparingInt(ProofText::rank))
        .forEach(answer -> groups.computeIfAbsent(key(answer), k -> new ArrayList<>()).add(answer));
    List<List<Answer>> shown = new ArrayList<>(groups.values());
    shown.sort(
        Comparator.<List<Answer>>comparingInt(group -> rank(group.get(0)))
            .thenComparingInt(group -> -group.size()));
    int number = 1;
    for (List<Answer> group : shown.subList(0, Math.min(top, shown.size()))) {
      write(number++, group, out);
    }
    if (shown.size() > top) {
      out.println("and " + (shown.size() - top) + " more groups (--top shows them)");
    }
  }

  private static int rank(Answer answer) {
    return isProved(answer) ? 0 : answer.proof() instanceof Proof.Reachable ? 1 : 2;
  }

  /** Of what may be woken, where the path begins and where to let go: the rest may be any link. */
  private static String key(Answer answer) {
    Object told =
        answer.proof() instanceof Proof.Reachable reachable
            ? ends(reachable.path())
            : answer.proof().lines();
    return rank(answer) + " " + frames(answer) + " " + told;
  }

  private static List<String> ends(HeapPath path) {
    List<String> steps = path.steps();
    return steps.isEmpty()
        ? steps
        : List.of(steps.get(0), path.letGo() < 0 ? "" : steps.get(path.letGo()));
  }

  private static void write(int number, List<Answer> group, PrintWriter out) {
    Answer first = group.get(0);
    String names =
        group.stream()
            .limit(NAMES)
            .map(Answer::label)
            .map(Printable::escape)
            .collect(Collectors.joining(", "));
    out.println(
        number
            + ") "
            + (rank(first) == 0 ? "proved" : rank(first) == 1 ? "reachable" : "unknown")
            + "   "
            + (group.size() > 1 ? group.size() + " threads: " : "")
            + names
            + (group.size() > NAMES ? ", …" : ""));
    frames(first).forEach(frame -> out.println("     at " + Printable.escape(frame)));
    List<String> lines = new ArrayList<>(first.proof().lines());
    if (first.proof() instanceof Proof.Proved proved) {
      proved.circle().forEach(line -> lines.add("  " + line));
    }
    lines.forEach(line -> out.println("     " + Printable.escape(line)));
  }

  private static boolean isJdk(HeapFrame frame) {
    return frame.type().startsWith("java.") || frame.type().startsWith("jdk.");
  }

  private static boolean isHiddenFrame(HeapFrame frame) {
    return frame.type().contains("$$Lambda");
  }

  /** From the JDK's method that the user's code called on. */
  private static List<String> frames(Answer answer) {
    List<String> frames = new ArrayList<>();
    int users = 0;
    while (users < answer.stack().size() && isJdk(answer.stack().get(users))) {
      users++;
    }
    int from = users == answer.stack().size() ? 0 : Math.max(0, users - 1);
    for (HeapFrame frame : answer.stack().subList(from, answer.stack().size())) {
      if (frames.size() < FRAMES && (users == answer.stack().size() || !isHiddenFrame(frame))) {
        frames.add(
            frame.type() + "." + frame.method() + (frame.line() > 0 ? ":" + frame.line() : ""));
      }
    }
    return frames;
  }
}
