package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.FilesBelow;
import dev.leakcheck.cli.base.StatusLine;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads reports, thread dumps and samples, and writes them as rows. Several files are read at once;
 * rows come in the order of the files' names. What is kept does not grow with the number of files.
 */
public final class FleetReader {

  private static final int MOST_READERS = 8;

  private final Options options;
  private final List<String> unread = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<String> jvms = new HashSet<>();

  /**
   * What is read, and how.
   *
   * @param places files, and directories that are searched with all that is below them; what has a
   *     name that begins with a dot is passed over
   * @param layout whose the files are
   * @param partial whether a dump that is cut short is taken as far as it goes
   * @param zone where a time counts that is written without a zone
   */
  public record Options(List<Path> places, Layout layout, boolean partial, ZoneId zone) {
    /** Copies the list. */
    public Options {
      places = List.copyOf(places);
    }
  }

  /**
   * What was read.
   *
   * @param files how many files there were
   * @param captures how many captures were in those that could be read
   * @param instances of how many instances
   * @param services of how many services
   * @param rows how many rows were written
   * @param unread why files were not read, each in a sentence that names the file
   * @param notes what is to be known of those that were, likewise
   */
  public record Summary(
      int files,
      long captures,
      int instances,
      int services,
      long rows,
      List<String> unread,
      List<String> notes) {
    /** Copies the lists. */
    public Summary {
      unread = List.copyOf(unread);
      notes = List.copyOf(notes);
    }
  }

  private FleetReader(Options options) {
    this.options = options;
  }

  /**
   * Reads all and writes it.
   *
   * @param options what is read
   * @param leftOut a file that is not to be read, as it is written; or null
   * @param status where it is shown how far it is, or null
   * @param out where to; is left open
   * @return what was read
   * @throws BadInput if a place can't be looked at or there is nothing that can be read
   * @throws IOException if it can't be written
   */
  public static Summary read(
      Options options, @Nullable Path leftOut, @Nullable StatusLine status, Writer out)
      throws IOException {
    return new FleetReader(options).read(leftOut, status, out);
  }

  private Summary read(@Nullable Path leftOut, @Nullable StatusLine status, Writer out)
      throws IOException {
    List<FleetFile> files = files(leftOut);
    int all = files.size() + unread.size();
    try (RowWriter rows = new RowWriter(out)) {
      write(files, rows, status);
      if (rows.captures() == 0) {
        throw new BadInput(
            files.isEmpty() && unread.isEmpty()
                ? "there is no file in " + Printable.escape(join(options.places()))
                : "none of "
                    + all
                    + " files can be read, such as: "
                    + unread.stream().findFirst().orElse("they hold nothing"));
      }
      return new Summary(
          all, rows.captures(), rows.instances(), rows.services(), rows.rows(), unread, notes);
    } finally {
      if (status != null) {
        status.clear();
      }
    }
  }

  private static String join(List<Path> places) {
    return String.join(", ", places.stream().map(Path::toString).toList());
  }

  /** Each file once, also where links lead to it twice. */
  private List<FleetFile> files(@Nullable Path leftOut) {
    Map<Path, FleetFile> byRealPath = new TreeMap<>();
    for (Path place : options.places()) {
      try {
        for (Path file : Files.isDirectory(place) ? below(place) : List.of(place)) {
          Path real = file.toRealPath();
          if (leftOut == null || !Files.exists(leftOut) || !Files.isSameFile(leftOut, real)) {
            byRealPath.putIfAbsent(real, new FleetFile(file, options.layout().origin(place, file)));
          }
        }
      } catch (IOException e) {
        throw new BadInput(unreadable(place), e);
      }
    }
    return byRealPath.values().stream().sorted(Comparator.comparing(FleetFile::path)).toList();
  }

  private List<Path> below(Path directory) throws IOException {
    return FilesBelow.find(
        directory,
        file -> !directory.relativize(file).toString().matches("(?:.*[/\\\\])?\\..*"),
        (file, e) -> unread.add(unreadable(file)));
  }

  private static String unreadable(Path path) {
    return Printable.escape(path.toString())
        + (Files.exists(path) ? " can't be looked into" : " does not exist");
  }

  private void write(List<FleetFile> files, RowWriter out, @Nullable StatusLine status)
      throws IOException {
    int readers = Math.min(MOST_READERS, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(readers);
    try {
      Deque<Future<Rows>> ahead = new ArrayDeque<>();
      int next = 0;
      for (int done = 0; done < files.size(); done++) {
        while (next < files.size() && ahead.size() <= readers) {
          FleetFile file = files.get(next++);
          ahead.add(pool.submit(() -> read(file)));
        }
        take(ahead.remove(), out);
        if (status != null) {
          status.show("read " + (done + 1) + " of " + files.size() + " files");
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Rows read(FleetFile file) {
    return switch (file.source()) {
      case DUMP -> DumpRows.of(file, options.partial(), options.zone());
      case WATCH -> new WatchRows(file);
      case REPORT -> ReportRows.of(file);
    };
  }

  private void take(Future<Rows> read, RowWriter out) throws IOException {
    try {
      notes.addAll(read.get().write(out, jvms));
    } catch (BadInput e) {
      unread.add(e.getMessage());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BadInput bad) {
        unread.add(bad.getMessage());
      } else if (e.getCause() instanceof Error error) {
        throw error;
      } else {
        throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("interrupted", e);
    }
  }
}
