package dev.leakcheck.capture;

import dev.leakcheck.model.ThreadRecord;
import java.io.BufferedReader;
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
final class TextDumpReader {

  private static final Pattern HEADER_START = Pattern.compile("#(\\d{1,18}) \"");
  private static final Pattern HEADER_END =
      Pattern.compile("\"(?<virtual> virtual)?(?: (?<state>[A-Z_]+) \\S+)?$");
  private static final int MAX_HEADER = 100_000;

  private final StackParser stacks = new StackParser();
  private final DumpVisitor visitor;

  private @Nullable StringBuilder header;
  private final List<String> frames = new ArrayList<>();

  TextDumpReader(DumpVisitor visitor) {
    this.visitor = visitor;
  }

  void read(BufferedReader in) throws IOException {
    visitor.container(ThreadDump.ROOT, null);
    String line;
    while ((line = in.readLine()) != null) {
      String trimmed = line.strip();
      if (header != null && !end(header).find()) {
        if (header.length() < MAX_HEADER) {
          header.append('\n').append(line);
        }
      } else if (HEADER_START.matcher(line).lookingAt()) {
        endThread();
        header = new StringBuilder(line);
      } else if (header != null && line.startsWith(" ") && !trimmed.startsWith("- ")) {
        frames.add(trimmed.startsWith("at ") ? trimmed.substring(3) : trimmed);
      }
    }
    endThread();
  }

  /** The name's closing quote is not its opening one. */
  private static Matcher end(CharSequence header) {
    Matcher end = HEADER_END.matcher(header);
    Matcher start = HEADER_START.matcher(header);
    return start.lookingAt() ? end.region(start.end(), header.length()) : end;
  }

  private void endThread() {
    if (header != null) {
      Matcher start = HEADER_START.matcher(header);
      Matcher end = end(header);
      if (start.lookingAt() && end.find()) {
        thread(
            Long.parseLong(start.group(1)),
            header.substring(start.end(), Math.max(start.end(), end.start())),
            end.group("virtual") != null,
            end.group("state"));
      }
    }
    header = null;
    frames.clear();
  }

  private void thread(long id, String name, boolean markedVirtual, @Nullable String state) {
    visitor.member(id, ThreadDump.ROOT);
    if (!visitor.wants(id)) {
      return;
    }
    List<StackTraceElement> stack = stacks.stack(frames);
    boolean virtual = markedVirtual || VirtualStacks.isVirtual(stack);
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
            null,
            null));
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
