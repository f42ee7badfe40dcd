package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.dump.StackParser;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The thread of a dump that is being read, from its header on. Not thread-safe. */
final class JstackThread {

  private static final int MAX_FRAMES = 50_000;
  private static final Pattern STATE = Pattern.compile("java\\.lang\\.Thread\\.State: ([A-Z_]+).*");
  private static final Pattern CARRYING = Pattern.compile("Carrying virtual thread #(\\d+)");
  private static final Pattern MOUNTED =
      Pattern.compile("Mounted virtual thread (?:\"(.*)\" )?#(\\d{1,18})");
  private static final Pattern LOCK = Pattern.compile("<(?:0x)?([0-9a-f]{1,16})> \\(an? (.+)\\)");

  private final DumpCollector dump;
  private final StackParser stacks;

  private boolean open;
  private long id;
  private String name = "";
  private boolean daemon;
  private @Nullable Long age;
  private boolean virtual;
  private boolean carrier;
  private Thread.@Nullable State state;
  private @Nullable Blocker wanted;
  private final List<String> frames = new ArrayList<>();
  private final List<Owned> owned = new ArrayList<>();
  private @Nullable ThreadRecord emitted;

  private record Owned(Blocker lock, int depth) {}

  JstackThread(DumpCollector dump, StackParser stacks) {
    this.dump = dump;
    this.stacks = stacks;
  }

  void begin(JstackHeader.Words header) {
    open = true;
    id = header.id();
    name = header.name();
    daemon = header.daemon();
    age = header.age();
    virtual = false;
    carrier = false;
    state = null;
  }

  /** A line of the thread, without what it is indented by. */
  void line(String line) {
    if (line.startsWith("at ")) {
      frame(line);
      return;
    }
    if (line.startsWith("- ")) {
      lock(line);
      return;
    }
    if (!open) {
      return;
    }
    Matcher matcher = STATE.matcher(line);
    if (matcher.matches()) {
      try {
        state = Thread.State.valueOf(matcher.group(1));
      } catch (IllegalArgumentException unknown) {
        state = Thread.State.RUNNABLE;
      }
      return;
    }
    if (CARRYING.matcher(line).matches()) {
      carrier = true;
      state = Thread.State.RUNNABLE;
      return;
    }
    matcher = MOUNTED.matcher(line);
    if (matcher.matches()) {
      end();
      String mounted = matcher.group(1) == null ? "" : matcher.group(1);
      begin(new JstackHeader.Words(mounted, Long.parseLong(matcher.group(2)), true, null));
      virtual = true;
      state = Thread.State.RUNNABLE;
    }
  }

  private void frame(String line) {
    if (!open) {
      return;
    }
    String frame = line.substring("at ".length());
    if (isHidden(frame)) {
      return;
    }
    if (frames.size() >= MAX_FRAMES) {
      frames.remove(frames.size() - 1); // the outermost tells what sort of thread it is
    }
    frames.add(frame);
  }

  /** Frames that no other dump shows: groups are to be the same in all. */
  private static boolean isHidden(String frame) {
    return frame.startsWith("java.lang.Thread.runWith(")
        || frame.startsWith("java.lang.VirtualThread.runWith(")
        || frame.startsWith("java.lang.VirtualThread$VThreadContinuation")
        || frame.startsWith("jdk.internal.vm.Continuation.enter")
        || frame.contains("$$Lambda")
        || frame.startsWith("java.lang.invoke.LambdaForm$");
  }

  private void lock(String line) {
    Matcher matcher = LOCK.matcher(line);
    if (!matcher.find()) {
      return;
    }
    Blocker lock = lock(matcher.group(1), matcher.group(2));
    if (line.startsWith("- locked ")) {
      if (open && owned.size() < MAX_FRAMES) {
        owned.add(new Owned(lock, frames.size() - 1));
      }
    } else if (line.startsWith("- <")) {
      if (emitted != null) { // below "Locked ownable synchronizers:"
        dump.owns(emitted.id(), lock, -1);
      }
    } else if (open
        && wanted == null
        && (line.startsWith("- waiting ") || line.startsWith("- parking "))) {
      wanted = lock;
      dump.label(lock, "<0x" + matcher.group(1) + ">");
    }
  }

  /**
   * Objects stand there with their address. It takes the place of an identity hash code: objects
   * begin at multiples of 8 bytes, and those 32 GB apart that have the same class do not matter.
   */
  static Blocker lock(String address, String type) {
    return new Blocker(type, (int) (Long.parseUnsignedLong(address, 16) >>> 3), null);
  }

  /** After an empty line come the synchronizers of the same thread, or nothing more of it. */
  void endBody() {
    if (!open) {
      emitted = null;
      return;
    }
    open = false;
    if (state == null) {
      dump.nativeThread();
      clear();
      return;
    }
    List<StackTraceElement> stack = stacks.stack(frames);
    Blocker blocker = wanted;
    ThreadRecord thread =
        new ThreadRecord(
            id,
            name,
            virtual,
            daemon,
            state,
            virtual
                ? "java.lang.VirtualThread"
                : carrier ? "jdk.internal.misc.CarrierThread" : ThreadRecord.PLAIN_TYPE,
            "",
            stack,
            blocker,
            null);
    dump.thread(thread);
    if (age != null) {
      dump.age(id, age);
    }
    if (blocker == null && isInObjectWait(stack) && !owned.isEmpty()) {
      owned.remove(0); // JDK 8 does not always say what is waited on, but lists it as locked
    }
    for (Owned lock : owned) {
      // In Object.wait() the monitor is among those locked, though it was given up.
      if (blocker == null || !lock.lock().isSameAs(blocker)) {
        dump.owns(id, lock.lock(), lock.depth());
      }
    }
    clear();
    emitted = thread;
  }

  private static boolean isInObjectWait(List<StackTraceElement> stack) {
    return !stack.isEmpty()
        && stack.get(0).getClassName().equals("java.lang.Object")
        && stack.get(0).getMethodName().startsWith("wait");
  }

  private void clear() {
    frames.clear();
    owned.clear();
    wanted = null;
    emitted = null;
  }

  /** Nothing more of it comes. */
  void end() {
    endBody();
    emitted = null;
  }
}
