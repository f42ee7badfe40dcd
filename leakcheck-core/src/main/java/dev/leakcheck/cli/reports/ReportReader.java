package dev.leakcheck.cli.reports;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.Unzipped;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Jvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what JVMs reported, however many there were. Files are read one line at a time; what is
 * kept of them is said at {@link Merge}. A line that was cut off at the end of a file is what a
 * crash leaves: it is mentioned, and the rest is used. Any other damage is refused, since a report
 * that is read in part says that there were fewer leaks than there were.
 */
public final class ReportReader {

  private final Merge merge = new Merge();
  private final Shared shared = new Shared();

  private ReportReader() {}

  /**
   * Reads all reports in some places.
   *
   * @param places files, and directories that are searched with all that is below them for {@code
   *     leakcheck-*.jsonl}
   * @return what they say together; at least one JVM
   * @throws BadInput if there is no report, one can't be read, or is no report; the message names
   *     the file, and the line in it
   */
  public static Reports read(List<Path> places) {
    ReportReader reader = new ReportReader();
    ReportFiles files = ReportFiles.in(places);
    files.without().forEach(place -> reader.merge.problem("no report is in " + name(place)));
    for (Path file : files.files()) {
      reader.readFile(file);
    }
    return reader.merge.reports();
  }

  /** A path as it is shown. */
  static String name(Path file) {
    return Printable.escape(file.toString());
  }

  private void readFile(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      readLines(file, new Lines(name(file), Unzipped.of(in)));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static BadInput unreadable(Path file, IOException e) {
    String why =
        e instanceof NoSuchFileException
            ? "does not exist"
            : e instanceof AccessDeniedException
                ? "may not be read"
                : "can't be read: " + Printable.escape(String.valueOf(e.getMessage()));
    return new BadInput(name(file) + " " + why, e);
  }

  private void readLines(Path file, Lines lines) throws IOException {
    @Nullable JvmLines current = null;
    while (lines.next()) {
      ReportEntry entry;
      try {
        entry = EntryReader.read(lines.bytes(), lines.length());
      } catch (MalformedEntryException e) {
        if (!lines.isCutOff() || current == null) {
          throw new BadInput(lines.place() + e.getMessage(), e);
        }
        merge.problem(lines.place() + "cut off, as a crash leaves it; what came before it is used");
        break;
      }
      if (entry instanceof Jvm jvm) { // several, if somebody concatenated reports
        add(current);
        current = new JvmLines(file, jvm, shared);
      } else if (current == null) {
        throw new BadInput(lines.place() + "not the beginning of a LeakCheck report");
      } else {
        current.add(entry);
      }
    }
    if (current == null) {
      throw new BadInput(name(file) + " is empty");
    }
    add(current);
  }

  private void add(@Nullable JvmLines jvm) {
    if (jvm != null) {
      merge.add(jvm);
    }
  }
}
