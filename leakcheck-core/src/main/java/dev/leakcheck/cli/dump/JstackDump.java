package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.dump.StackParser;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One dump that a JVM printed, line by line, perhaps amid others'. Not thread-safe. */
final class JstackDump {

  private static final Pattern END = Pattern.compile("JNI global ref(?:s|erences): .*");

  private final DumpCollector collector = new DumpCollector(DumpFormat.PRINT);
  private final JstackHeader header;
  private final JstackThread thread;
  private final JstackDeadlock deadlock = new JstackDeadlock(collector);
  private boolean whole;

  JstackDump(JstackHeader header, StackParser stacks) {
    this.header = header;
    this.thread = new JstackThread(collector, stacks);
    header.drop();
  }

  DumpCollector collector() {
    return collector;
  }

  /** Whether its last line was there. */
  boolean isWhole() {
    return whole;
  }

  /** A line that comes after its title. */
  void line(String line) {
    if (line.startsWith("\"") && (!header.isBegun() || JstackHeader.isWhole(line))) {
      if (deadlock.isOpen()) {
        deadlock.party(line);
        return;
      }
      endThread();
      begin(header.begin(line));
    } else if (header.isBegun() && !isEnd(line) && !JstackDeadlock.isBegin(line)) {
      if (isIndented(line, "at ")) {
        header.drop(); // no header after all
      } else {
        begin(header.add(line));
      }
    } else if (line.isEmpty()) {
      thread.endBody();
    } else if (deadlock.isOpen() && !JstackDeadlock.isBegin(line)) {
      deadlock.line(line);
    } else if (line.startsWith(" ") || line.startsWith("\t")) {
      thread.line(line.strip());
    } else if (JstackDeadlock.isBegin(line)) {
      endThread();
      deadlock.begin();
    } else if (isEnd(line)) {
      endThread();
      whole = true;
    }
  }

  private void begin(JstackHeader.@Nullable Words words) {
    if (words != null) {
      thread.begin(words);
    }
  }

  private static boolean isEnd(String line) {
    return END.matcher(line).matches();
  }

  /** A tab in the original; what was pasted somewhere has blanks. */
  private static boolean isIndented(String line, String begin) {
    return (line.startsWith("\t") || line.startsWith("  ")) && line.strip().startsWith(begin);
  }

  /** Ends the thread that is being read: no more of it comes. */
  void endThread() {
    thread.end();
    header.drop();
  }
}
