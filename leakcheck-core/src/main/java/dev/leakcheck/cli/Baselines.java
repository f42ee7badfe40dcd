package dev.leakcheck.cli;

import dev.leakcheck.baseline.BadBaselineException;
import dev.leakcheck.baseline.BaselineFile;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.cli.base.BadInput;
import java.io.IOException;
import java.nio.file.Path;

/** Reads and writes baselines with messages for a person. */
final class Baselines {

  private Baselines() {}

  static KnownLeaks read(Path file) {
    try {
      return BaselineFile.read(file);
    } catch (BadBaselineException e) {
      throw new BadInput(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether the file changed. */
  static boolean write(Path file, KnownLeaks leaks) {
    try {
      return BaselineFile.write(file, leaks);
    } catch (IOException e) {
      throw new BadInput(file + " can't be written: " + e, e);
    }
  }
}
