package dev.leakcheck.cli.formats;

import dev.leakcheck.cli.reports.Reports;
import java.io.IOException;
import java.io.Writer;

/** Writes reports in one format. */
@FunctionalInterface
public interface Format {

  /**
   * Writes them.
   *
   * @param reports what was reported
   * @param out where to; is not closed
   * @throws IOException if it can't be written to
   */
  void write(Reports reports, Writer out) throws IOException;
}
