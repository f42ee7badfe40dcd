package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.dump.StackParser;
import dev.leakcheck.cli.dump.LockTable.Reported;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a JVM prints of its threads: {@code jstack}, {@code jcmd Thread.print}, {@code kill
 * -3}, of JDK 8 to 25, also amid the lines of a log. Of several dumps the last whole one is kept.
 * Not thread-safe.
 *
 * <p>A name stands there as it is, quotes and line breaks and all. A header ends with words in
 * which there is no quote, so that its last quote is the one that ends the name.
 */
final class JstackReader {

  private static final String TITLE = "Full thread dump ";
  private static final int MAX_HEADER = 100_000;
  private static final int MAX_FRAMES = 50_000;
  private static final int MAX_DEADLOCK = 10_000;

  /** What follows the name: of a Java thread its number; all of a thread of the JVM's own. */
  private static final Pattern AFTER_NAME =
      Pattern.compile(
          "(?: #(?<id>\\d{1,18}))?(?: \\[-?\\d+\\])?(?<daemon> daemon)?(?: prio=-?\\d+)?"
              + "(?: os_prio=-?\\d+)?(?: [a-z_]+=\\S+)*? tid=0x[0-9a-fA-F]+.*");

  private static final Pattern STATE = Pattern.compile("java\\.lang\\.Thread\\.State: ([A-Z_]+).*");
  private static final Pattern CARRYING = Pattern.compile("Carrying virtual thread #(\\d+)");
  private static final Pattern MOUNTED =
      Pattern.compile("Mounted virtual thread (?:\"(.*)\" )?#(\\d{1,18})");
  private static final Pattern LOCK = Pattern.compile("<(?:0x)?([0-9a-f]{1,16})> \\(an? (.+)\\)");
  private static final Pattern END = Pattern.compile("JNI global ref(?:s|erences): .*");
  private static final String DEADLOCK = "Found one Java-level deadlock:";
  private static final String DEADLOCK_END = "Java stack information for the threads listed above";
  private static final Pattern WANTS =
      Pattern.compile(
          "  waiting (?:to lock monitor .*\\(object|for ownable synchronizer) 0x([0-9a-f]{1,16}),"
              + " \\(?an? (.+?)\\),?");
  private static final Pattern HELD = Pattern.compile(",?\\s*which is held by \"(.*)\"");
  private static final Pattern TIME =
      Pattern.compile(".*?(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d)\\S*");

  private final StackParser stacks = new StackParser();

  private @Nullable DumpCollector current;
  private @Nullable DumpCollector lastWhole;
  private int dumps;
  private int whole;
  private long unnumbered;

  // The thread that is being read
  private @Nullable StringBuilder header;
  private boolean open;
  private long id;
  private String name = "";
  private boolean daemon;
  private boolean virtual;
  private boolean carrier;
  private Thread.@Nullable State state;
  private @Nullable Blocker wanted;
  private final List<String> frames = new ArrayList<>();
  private final List<Owned> owned = new ArrayList<>();
  private @Nullable ThreadRecord emitted;

  // The JVM's own words on a deadlock
  private @Nullable List<Reported> deadlock;
  private @Nullable String party;
  private @Nullable Blocker partyWants;

  private record Owned(Blocker lock, int depth) {}

  /** The last whole dump, or null if none was whole. */
  @Nullable DumpCollector lastWhole() {
    return lastWhole;
  }

  /** The dump that was begun last, whole or not, or null if there is none. */
  @Nullable DumpCollector last() {
    return current;
  }

  /** How many dumps were begun. */
  int dumps() {
    return dumps;
  }

  /** How many dumps were whole. */
  int whole() {
    return whole;
  }

  /** Reads all dumps of a text. What belongs to none is passed over. */
  void read(Lines in) throws IOException {
    String before = "";
    for (String line; (line = in.next()) != null; before = line) {
      if (line.startsWith(TITLE)) {
        endThread();
        begin(line, before);
      } else if (current == null) {
        if (line.startsWith("\"") && isHeader(line)) {
          begin("", "");
          line(line);
        }
      } else {
        line(line);
      }
    }
    endThread();
  }

  private void begin(String title, String before) {
    dumps++;
    DumpCollector collector = new DumpCollector(DumpFormat.PRINT);
    if (!title.isEmpty()) {
      String jvm = title.substring(TITLE.length()).strip();
      collector.about(
          "runtimeVersion", jvm.endsWith(":") ? jvm.substring(0, jvm.length() - 1) : jvm);
      Matcher time = TIME.matcher(before.length() > 200 ? before.substring(0, 200) : before);
      if (time.matches()) {
        collector.about("time", time.group(1));
      }
    }
    collector.container("<root>", null);
    current = collector;
    header = null;
    deadlock = null;
    party = null;
  }

  private void line(String line) {
    if (line.startsWith("\"") && (header == null || isHeader(line))) {
      if (deadlock != null) {
        party = line.endsWith("\":") ? line.substring(1, line.length() - 2) : null;
        return;
      }
      endThread();
      header = new StringBuilder(line);
      tryHeader(line, 1);
    } else if (header != null && !END.matcher(line).matches() && !line.startsWith(DEADLOCK)) {
      if (header.length() + line.length() < MAX_HEADER && !isIndented(line, "at ")) {
        header.append('\n').append(line);
        tryHeader(line, 0);
      } else {
        header = null; // no header after all
      }
    } else if (line.isEmpty()) {
      endBody();
    } else if (deadlock != null && !line.startsWith(DEADLOCK)) {
      deadlockLine(line);
    } else if (line.startsWith(" ") || line.startsWith("\t")) {
      indented(line.strip());
    } else if (line.startsWith(DEADLOCK)) {
      header = null;
      endThread();
      deadlock = new ArrayList<>();
    } else if (END.matcher(line).matches()) {
      endThread();
      endDump();
    }
  }

  /** A tab in the original; what was pasted somewhere has blanks. */
  private static boolean isIndented(String line, String begin) {
    return (line.startsWith("\t") || line.startsWith("  ")) && line.strip().startsWith(begin);
  }

  private void endDump() {
    if (current != null && lastWhole != current) {
      whole++;
      lastWhole = current;
    }
  }

  private static boolean isHeader(String line) {
    return after(line, 1) != null;
  }

  /** What stands behind the name, if a header ends here. */
  private static @Nullable Matcher after(String line, int from) {
    int quote = line.lastIndexOf('"');
    if (quote < from || line.length() - quote > 1000) {
      return null;
    }
    Matcher matcher = AFTER_NAME.matcher(line).region(quote + 1, line.length());
    return matcher.matches() ? matcher : null;
  }

  private void tryHeader(String line, int from) {
    Matcher after = after(line, from);
    if (after == null || header == null) {
      return;
    }
    int end = header.length() - (line.length() - line.lastIndexOf('"'));
    name = header.substring(1, end);
    header = null;
    open = true;
    String number = after.group("id");
    id = number == null ? --unnumbered : Long.parseLong(number);
    daemon = after.group("daemon") != null;
    virtual = false;
    carrier = false;
    state = null;
  }

  private void indented(String line) {
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
      endBody();
      endThread();
      open = true;
      id = Long.parseLong(matcher.group(2));
      name = matcher.group(1) == null ? "" : matcher.group(1);
      virtual = true;
      carrier = false;
      daemon = true;
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
    Blocker lock = blocker(matcher);
    if (line.startsWith("- locked ")) {
      if (open && owned.size() < MAX_FRAMES) {
        owned.add(new Owned(lock, frames.size() - 1));
      }
    } else if (line.startsWith("- <")) {
      if (emitted != null && current != null) { // below "Locked ownable synchronizers:"
        current.owns(emitted.id(), lock, -1);
      }
    } else if (open
        && wanted == null
        && current != null
        && (line.startsWith("- waiting ") || line.startsWith("- parking "))) {
      wanted = lock;
      current.label(lock, "<0x" + matcher.group(1) + ">");
    }
  }

  /**
   * Objects stand there with their address. It takes the place of an identity hash code: objects
   * begin at multiples of 8 bytes, and those 32 GB apart that have the same class do not matter.
   */
  private static Blocker blocker(Matcher matcher) {
    return new Blocker(
        matcher.group(2), (int) (Long.parseUnsignedLong(matcher.group(1), 16) >>> 3), null);
  }

  /** After an empty line come the synchronizers of the same thread, or nothing more of it. */
  private void endBody() {
    if (!open || current == null) {
      emitted = null;
      return;
    }
    open = false;
    if (state == null) {
      current.nativeThread();
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
    current.thread(thread);
    if (blocker == null && isInObjectWait(stack) && !owned.isEmpty()) {
      owned.remove(0); // JDK 8 does not always say what is waited on, but lists it as locked
    }
    for (Owned lock : owned) {
      // In Object.wait() the monitor is among those locked, though it was given up.
      if (blocker == null || !lock.lock().isSameAs(blocker)) {
        current.owns(id, lock.lock(), lock.depth());
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

  private void endThread() {
    endBody();
    emitted = null;
    header = null;
  }

  // "Found one Java-level deadlock:"

  private void deadlockLine(String line) {
    if (line.startsWith(DEADLOCK_END) || deadlock == null || deadlock.size() > MAX_DEADLOCK) {
      if (current != null && deadlock != null) {
        current.reported(deadlock);
      }
      deadlock = null;
      party = null;
      return;
    }
    Matcher wants = WANTS.matcher(line);
    if (wants.matches()) {
      partyWants =
          new Blocker(
              wants.group(2), (int) (Long.parseUnsignedLong(wants.group(1), 16) >>> 3), null);
      return;
    }
    Matcher held = HELD.matcher(line.strip());
    if (held.matches() && party != null && partyWants != null) {
      deadlock.add(new Reported(party, partyWants, held.group(1)));
      partyWants = null;
    }
  }
}
