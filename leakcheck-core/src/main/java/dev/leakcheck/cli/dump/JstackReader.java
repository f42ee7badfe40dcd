package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.dump.StackParser;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a JVM prints of its threads: {@code jstack}, {@code jcmd Thread.print}, {@code kill
 * -3}, of JDK 8 to 25, also amid the lines of a log. Of several dumps the last whole one is kept.
 * Not thread-safe.
 */
final class JstackReader {

  private static final String TITLE = "Full thread dump ";
  private static final Pattern TIME =
      Pattern.compile(".*?(\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d)\\S*");

  private final StackParser stacks = new StackParser();
  private final JstackHeader header = new JstackHeader();

  private @Nullable JstackDump current;
  private @Nullable JstackDump lastWhole;
  private int dumps;
  private int whole;

  /** The last whole dump, or null if none was whole. */
  @Nullable DumpCollector lastWhole() {
    return lastWhole == null ? null : lastWhole.collector();
  }

  /** The dump that was begun last, whole or not, or null if there is none. */
  @Nullable DumpCollector last() {
    return current == null ? null : current.collector();
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
    JstackDump dump = current;
    String before = "";
    for (String line; (line = in.next()) != null; before = line) {
      if (line.startsWith(TITLE)) {
        end(dump);
        dump = begin();
        about(dump.collector(), line, before);
      } else if (dump != null) {
        line(dump, line);
      } else if (line.startsWith("\"") && JstackHeader.isWhole(line)) {
        dump = begin();
        line(dump, line);
      }
    }
    end(dump);
  }

  private JstackDump begin() {
    dumps++;
    JstackDump dump = new JstackDump(header, stacks);
    current = dump;
    return dump;
  }

  private static void about(DumpCollector dump, String title, String before) {
    String jvm = title.substring(TITLE.length()).strip();
    dump.about("runtimeVersion", jvm.endsWith(":") ? jvm.substring(0, jvm.length() - 1) : jvm);
    Matcher time = TIME.matcher(before.length() > 200 ? before.substring(0, 200) : before);
    if (time.matches()) {
      dump.about("time", time.group(1));
    }
  }

  private void line(JstackDump dump, String line) {
    dump.line(line);
    if (dump.isWhole() && lastWhole != dump) {
      whole++;
      lastWhole = dump;
    }
  }

  private static void end(@Nullable JstackDump dump) {
    if (dump != null) {
      dump.endThread();
    }
  }
}
