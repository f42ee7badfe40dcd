package dev.leakcheck.recorder;

import dev.leakcheck.report.ReportEntry;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * The file that one JVM's report is written to, in JSON Lines. Entries are gathered and appended
 * together, whole lines by one write.
 *
 * <p>The file is opened for each append, so that nothing stays open. It is written through a stream
 * and not through a channel: a channel is closed under whoever is interrupted, and the thread of a
 * test may well be.
 *
 * <p>No failure gets out of here. The first one is logged and ends the report; that the {@link
 * ReportEntry.End} is missing tells a reader that it is not whole. Not thread-safe.
 */
final class ReportFile {

  /** How much is gathered before it is written in any case, in bytes. */
  private static final int MOST_GATHERED = 32 * 1024;

  private static final DateTimeFormatter NAME_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path file;
  private final Lines gathered = new Lines();
  private final EntryWriter writer;
  private final byte[] head;
  private boolean failed;

  /** Lets go of what one large leak needed. */
  private static final class Lines extends ByteArrayOutputStream {
    Lines() {
      super(MOST_GATHERED + MOST_GATHERED / 8);
    }

    void clear() {
      reset();
      if (buf.length > 2 * MOST_GATHERED) {
        buf = new byte[MOST_GATHERED];
      }
    }

    void writeTo(FileOutputStream file) throws IOException {
      file.write(buf, 0, count);
    }
  }

  ReportFile(Path directory, ReportEntry.Jvm jvm) throws IOException {
    this.file = directory.resolve(name(jvm));
    this.writer = new EntryWriter(gathered);
    writer.write(jvm);
    this.head = gathered.toByteArray();
    gathered.clear();
  }

  private static String name(ReportEntry.Jvm jvm) {
    return ReportPlace.FILE_PREFIX
        + NAME_TIME.format(jvm.started())
        + "-"
        + jvm.pid()
        + "-"
        + jvm.id().substring(0, 8)
        + ReportPlace.FILE_SUFFIX;
  }

  Path path() {
    return file;
  }

  /** Gathers an entry. */
  void add(ReportEntry entry) {
    if (failed) {
      return;
    }
    try {
      writer.write(entry);
    } catch (IOException | RuntimeException e) {
      fail(e);
      return;
    }
    if (gathered.size() > MOST_GATHERED) {
      flush();
    }
  }

  /** Appends what was gathered; the first time, the JVM's entry even if there is nothing else. */
  void flush() {
    if (failed) {
      return;
    }
    try {
      append();
      gathered.clear();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void append() throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    long size = file.toFile().length();
    try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
      if (size == 0) { // new, or somebody deleted it in between
        Lines all = new Lines();
        all.writeBytes(head);
        all.writeBytes(gathered.toByteArray());
        all.writeTo(out);
      } else if (gathered.size() > 0) {
        gathered.writeTo(out);
      }
    } catch (IOException e) {
      truncate(size); // the disk is full: no part of a line stays
      throw e;
    }
  }

  private void truncate(long size) throws IOException {
    if (file.toFile().length() > size) {
      try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
        whole.setLength(size);
      }
    }
  }

  private void fail(Exception e) {
    failed = true;
    gathered.clear();
    LoggerFactory.getLogger("dev.leakcheck.report")
        .warn("LeakCheck's report ends here, since {} cannot be written: {}", file, e.toString());
  }
}
