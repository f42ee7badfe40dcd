package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.threads.DumpVisitor;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the plain text of {@code HotSpotDiagnosticMXBean.dumpThreads}: all threads, but no
 * executors. A thread's name stands there as it is, line breaks and all, so a header may span
 * lines. Not thread-safe.
 */
public final class TextDumpReader {

  private static final Pattern HEADER_START = Pattern.compile("#(\\d{1,18}) \"");
  private static final Pattern AFTER_NAME =
      Pattern.compile("(?<virtual> virtual)?(?: (?<state>[A-Z_]{1,20}) \\S+)?");
  private static final int MAX_HEADER = 100_000;
  private static final int MAX_FRAMES = 50_000;

  /** What stands before a lock that a thread waits for, or has. */
  private static final List<String> WANTS =
      List.of("- waiting to lock <", "- parking to wait for <", "- waiting on <");

  private static final String OWNS = "- locked <";
  private static final String OWNER = "owner #";

  private final StackParser stacks = new StackParser();
  private final DumpVisitor visitor;

  private @Nullable StringBuilder header;
  private @Nullable Matcher afterName;
  private int nameEnd;
  private boolean statesTold;
  private final List<String> frames = new ArrayList<>();
  private final List<ThreadDump.Monitor> monitors = new ArrayList<>();
  private @Nullable Blocker wanted;

  /**
   * A reader.
   *
   * @param visitor receives what is read
   */
  public TextDumpReader(DumpVisitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Reads a whole dump. What is no part of a dump is passed over.
   *
   * @param in the lines
   * @return whether the last thread was whole: a dump ends with an empty line
   * @throws IOException if it can't be read
   */
  public boolean read(Lines in) throws IOException {
    visitor.container(ThreadDump.ROOT, null);
    boolean ended = true;
    int number = 0;
    for (String line; (line = in.next()) != null; number++) {
      ended = line.isEmpty();
      if (number < 3 && header == null) {
        about(number, line);
      }
      if (header != null && afterName == null) {
        goOn(header, line);
      } else if (HEADER_START.matcher(line).lookingAt()) {
        endThread();
        header = new StringBuilder(line);
        endName(line, line.indexOf('"') + 1);
      } else if (header != null && line.startsWith(" ")) {
        body(line.strip());
      }
    }
    ended &= in.endedWithBreak() && (header == null || afterName != null);
    endThread();
    return ended;
  }

  /** The first lines: the process, the time and the version. */
  private void about(int line, String value) {
    if (!value.isEmpty() && value.length() < 100 && Character.isDigit(value.charAt(0))) {
      visitor.about(List.of("processId", "time", "runtimeVersion").get(line), value);
    }
  }

  private void goOn(StringBuilder begun, String line) {
    if (begun.length() + line.length() < MAX_HEADER) {
      begun.append('\n').append(line);
      endName(line, 0);
    } else {
      header = null;
    }
  }

  /**
   * The name's closing quote is the last one: what follows it holds none. Where states are told
   * (JDK 24 and later) they are told of all threads, and a line of a name may end with a quote.
   */
  private void endName(String line, int from) {
    int quote = line.lastIndexOf('"');
    Matcher matcher =
        AFTER_NAME.matcher(line).region(Math.min(quote + 1, line.length()), line.length());
    if (quote >= from
        && header != null
        && matcher.matches()
        && (!statesTold || matcher.group("state") != null)) {
      statesTold = matcher.group("state") != null;
      afterName = matcher;
      nameEnd = header.length() - (line.length() - quote);
    }
  }

  private void body(String line) {
    if (!line.startsWith("- ")) {
      if (frames.size() >= MAX_FRAMES) {
        frames.remove(frames.size() - 1); // the outermost tells a virtual thread
      }
      frames.add(line.startsWith("at ") ? line.substring(3) : line);
    } else if (line.startsWith(OWNS)) {
      Blocker lock = lock(line, OWNS.length());
      if (lock != null && monitors.size() < MAX_FRAMES) {
        monitors.add(new ThreadDump.Monitor(lock, frames.size() - 1));
      }
    } else if (wanted == null) {
      for (String before : WANTS) {
        if (line.startsWith(before)) {
          wanted = lock(line, before.length());
        }
      }
    }
  }

  private static @Nullable Blocker lock(String line, int from) {
    int end = line.indexOf('>', from);
    if (end < 0) {
      return null;
    }
    int owner = line.indexOf(OWNER, end);
    return Blocker.parse(
        line.substring(from, end), owner < 0 ? null : number(line, owner + OWNER.length()));
  }

  private static @Nullable Long number(String line, int from) {
    int end = from;
    while (end < line.length() && end < from + 18 && Character.isDigit(line.charAt(end))) {
      end++;
    }
    return end == from ? null : Long.valueOf(line.substring(from, end));
  }

  private void endThread() {
    if (header != null && afterName != null) {
      Matcher start = HEADER_START.matcher(header);
      if (start.lookingAt()) {
        thread(
            Long.parseLong(start.group(1)),
            header.substring(start.end(), nameEnd),
            afterName.group("virtual") != null,
            afterName.group("state"));
      }
    }
    header = null;
    afterName = null;
    wanted = null;
    frames.clear();
    monitors.clear();
  }

  private void thread(long id, String name, boolean markedVirtual, @Nullable String state) {
    visitor.member(id, ThreadDump.ROOT);
    if (!visitor.wants(id)) {
      return;
    }
    List<StackTraceElement> stack = stacks.stack(frames);
    boolean virtual = markedVirtual || VirtualStacks.isVirtual(stack);
    Blocker blocker = wanted;
    visitor.thread(
        new ThreadRecord(
            id,
            name,
            virtual,
            true,
            state(state, stack),
            virtual ? "java.lang.VirtualThread" : ThreadRecord.PLAIN_TYPE,
            "",
            stack,
            blocker,
            null));
    for (ThreadDump.Monitor monitor : monitors) {
      // In Object.wait() the monitor is among those owned, though it was given up.
      if (blocker == null || !monitor.lock().isSameAs(blocker)) {
        visitor.owns(id, monitor.lock(), monitor.depth());
      }
    }
  }

  private static Thread.State state(@Nullable String text, List<StackTraceElement> stack) {
    if (text != null) {
      try {
        return Thread.State.valueOf(text);
      } catch (IllegalArgumentException unknownState) {
        return VirtualStacks.state(stack);
      }
    }
    return VirtualStacks.state(stack);
  }
}
