package dev.leakcheck.cli;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.dump.Dump;
import dev.leakcheck.cli.dump.DumpFile;
import dev.leakcheck.cli.dump.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How a command reads the thread dumps that it is about. */
final class DumpReading {

  @Option(
      names = "--partial",
      description = "take of a dump that is cut short or broken what is there")
  private boolean partial;

  /** Whether a dump that is cut short is taken as far as it goes. */
  boolean partial() {
    return partial;
  }

  /**
   * Reads a file.
   *
   * @param err where to tell how far it is, if that is a terminal
   * @throws BadInput if it holds no dump, or none that is whole
   */
  Dump read(Path file, PrintWriter err) {
    return DumpFile.read(file, partial, Progress.isTerminal() ? err : null);
  }
}
