package dev.leakcheck.cli;

import dev.leakcheck.cli.fleet.FleetReader.Summary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Rows in a temporary file, which is deleted when this is closed. */
record RowsFile(Path path, Summary summary) implements AutoCloseable {

  /**
   * Reads all into a file.
   *
   * @param leftOut a file that is not to be read, as it is written; or null
   */
  static RowsFile of(FleetPlaces places, @Nullable Path leftOut, PrintWriter err)
      throws IOException {
    Path file = Files.createTempFile("leakcheck", ".jsonl");
    try (Writer out = Files.newBufferedWriter(file)) {
      return new RowsFile(file, places.read(leftOut, err, out));
    } catch (Throwable e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
