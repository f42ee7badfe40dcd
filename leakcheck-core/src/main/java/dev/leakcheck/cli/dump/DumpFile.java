package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.dump.JsonDumpReader;
import dev.leakcheck.capture.dump.MalformedDumpException;
import dev.leakcheck.capture.dump.TextDumpReader;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.Unzipped;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Printable;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A thread dump in a file, of whatever format that is known: it is told by the content. It is read
 * as a stream, so that its size does not matter. A dump that is cut short is refused unless a part
 * is asked for.
 */
public final class DumpFile {

  private static final int PEEKED = 1 << 14;
  private static final Pattern JSON = Pattern.compile("(?s)\\s*\\{.*");
  private static final Pattern TEXT_HEADER = Pattern.compile("(?m)^#\\d{1,18} \"");
  private static final Pattern TEXT_START =
      Pattern.compile("(?s)\\s*\\d{1,10}\\R\\d{4}-\\d\\d-\\d\\dT[^\\n\\r]*\\R[^\\n\\r]*\\R.*");
  private static final String PRINT = "Full thread dump ";

  private static final String WITHOUT_LIST =
      "jstack lists no executors, and of virtual threads only those that are mounted: jcmd PID"
          + " Thread.dump_to_file -format=json FILE tells of all (JDK 21 and later)";

  private final String name;
  private final boolean partial;

  private DumpFile(String name, boolean partial) {
    this.name = name;
    this.partial = partial;
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param partial whether a dump that is cut short is to be taken as far as it goes
   * @param terminal where progress is shown, or null
   * @return what it tells
   * @throws BadInput if it can't be read or is no thread dump
   */
  public static Dump read(Path file, boolean partial, @Nullable PrintWriter terminal) {
    String name = Printable.escape(file.toString());
    if (Files.isDirectory(file)) {
      throw new BadInput(name + " is a directory, not a thread dump");
    }
    try (InputStream opened = Files.newInputStream(file)) {
      String shown =
          file.getFileName() == null ? name : Printable.escape(file.getFileName().toString());
      try (InputStream in = Progress.of(opened, terminal, "reading " + shown, Files.size(file))) {
        return read(in, name, partial, Files.getLastModifiedTime(file).toInstant());
      }
    } catch (NoSuchFileException e) {
      throw new BadInput("there is no file " + name, e);
    } catch (FileSystemException e) {
      String why = e.getReason() == null ? "permission denied, or no such thing" : e.getReason();
      throw new BadInput(name + " can't be read: " + Printable.escape(why), e);
    } catch (IOException e) {
      throw new BadInput(
          name + " can't be read: " + Printable.escape(String.valueOf(e.getMessage())), e);
    }
  }

  /**
   * Reads a stream.
   *
   * @param in what to read
   * @param name what it is called in messages
   * @param partial whether a dump that is cut short is to be taken as far as it goes
   * @param now when it was taken, if it does not say itself
   * @return what it tells
   * @throws BadInput if it is no thread dump
   * @throws IOException if it can't be read
   */
  static Dump read(InputStream in, String name, boolean partial, Instant now) throws IOException {
    return new DumpFile(name, partial).read(in, now);
  }

  private Dump read(InputStream in, Instant now) throws IOException {
    try {
      BufferedInputStream plain = Unzipped.of(in);
      return readPlain(plain, peek(plain), now);
    } catch (ZipException | EOFException e) {
      throw new BadInput(name + " is broken: it can't be unzipped to its end", e);
    }
  }

  private Dump readPlain(BufferedInputStream in, byte[] start, Instant now) throws IOException {
    if (start.length == 0) {
      throw new BadInput(name + " is empty");
    }
    Charset charset = charset(start);
    String text = new String(start, charset);
    text = text.startsWith("\ufeff") ? text.substring(1) : text;
    if (JSON.matcher(text).matches() && text.contains("\"threadDump\"")) {
      return readJson(in, now);
    }
    Lines lines = new Lines(withoutMark(new InputStreamReader(in, charset)));
    int print = text.indexOf(PRINT);
    Matcher header = TEXT_HEADER.matcher(text);
    boolean first = header.find() && (print < 0 || header.start() < print);
    return first || (print < 0 && TEXT_START.matcher(text).matches())
        ? readText(lines, now)
        : readPrint(lines, now);
  }

  private static byte[] peek(BufferedInputStream in) throws IOException {
    in.mark(PEEKED);
    byte[] start = in.readNBytes(PEEKED);
    in.reset();
    return start;
  }

  /** Windows PowerShell redirects to UTF-16. */
  private static Charset charset(byte[] start) {
    if (start.length < 2) {
      return StandardCharsets.UTF_8;
    }
    int first = start[0] & 0xff;
    int second = start[1] & 0xff;
    if ((first == 0xff && second == 0xfe) || (first != 0 && second == 0)) {
      return StandardCharsets.UTF_16LE;
    }
    return (first == 0xfe && second == 0xff) || (first == 0 && second != 0)
        ? StandardCharsets.UTF_16BE
        : StandardCharsets.UTF_8;
  }

  private static Reader withoutMark(InputStreamReader reader) throws IOException {
    PushbackReader pushback = new PushbackReader(reader);
    int first = pushback.read();
    if (first >= 0 && first != '\ufeff') {
      pushback.unread(first);
    }
    return pushback;
  }

  private Dump readJson(InputStream in, Instant now) throws IOException {
    DumpCollector collector = new DumpCollector(DumpFormat.JSON);
    try {
      new JsonDumpReader(collector).read(in);
    } catch (MalformedDumpException e) {
      String culprit =
          collector.hostile() == null
              ? ""
              : " (a thread is named \""
                  + Printable.name(String.valueOf(collector.hostile()))
                  + "\")";
      cutShort(collector, String.valueOf(e.getMessage()) + culprit);
    }
    if (collector.threads() == 0) {
      throw new BadInput(name + " is a thread dump without a thread");
    }
    return seenOnce(collector.dump(now));
  }

  /** What a JVM prints is of one instant; these formats are written thread by thread. */
  private static Dump seenOnce(Dump dump) {
    return dump.withDeadlocks(
        dump.deadlocks().stream()
            .map(
                stuck ->
                    stuck.with(
                        Fact.of(
                            "seen",
                            "once, in a dump that is written thread by thread: a second dump that"
                                + " shows the same makes it certain")))
            .toList());
  }

  private Dump readText(Lines lines, Instant now) throws IOException {
    DumpCollector collector = new DumpCollector(DumpFormat.TEXT);
    if (!new TextDumpReader(collector).read(lines)) {
      cutShort(collector, "it ends within a thread");
    }
    if (collector.threads() == 0) {
      throw noDump();
    }
    collector.limit(
        Limit.DUMP_WITHOUT_EXECUTORS, "this format lists no executors: -format=json does");
    return seenOnce(collector.dump(now));
  }

  private Dump readPrint(Lines lines, Instant now) throws IOException {
    JstackReader reader = new JstackReader();
    reader.read(lines);
    DumpCollector last = reader.last();
    if (last == null) {
      throw noDump();
    }
    DumpCollector chosen = reader.lastWhole();
    if (chosen == null || (partial && chosen != last)) {
      chosen = last;
      cutShort(last, "it ends before the line \"JNI global refs\"");
    } else if (chosen != last) {
      chosen.note("the last dump in it is cut short: the one before that is shown");
    }
    chosen.among(reader.dumps());
    if (reader.dumps() > 1) {
      chosen.note(
          "it holds "
              + reader.dumps()
              + " dumps: the last "
              + (chosen == last ? "" : "whole ")
              + "one is shown"
              + (chosen.time() == null ? "" : ", of " + Words.time(chosen.time())));
    }
    if (chosen.threads() == 0) {
      throw new BadInput(name + " is a thread dump without a thread");
    }
    chosen.limit(Limit.DUMP_WITHOUT_EXECUTORS, WITHOUT_LIST);
    return chosen.dump(now);
  }

  private BadInput noDump() {
    return new BadInput(
        name + " is no thread dump: neither of jcmd Thread.dump_to_file nor of jstack");
  }

  private void cutShort(DumpCollector collector, String why) {
    String threads = collector.threads() + (collector.threads() == 1 ? " thread" : " threads");
    if (!partial || collector.threads() == 0) {
      throw new BadInput(
          name
              + " is cut short or broken after "
              + threads
              + ": "
              + Printable.escape(why)
              + (collector.threads() == 0 ? "" : " (--partial takes what is there)"));
    }
    collector.cutShort();
    collector.note("it is cut short or broken: only the " + threads + " before that are told of");
  }
}
