package dev.leakcheck.baseline;

import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A baseline as a file: JSON in UTF-8, one member a line, in a fixed order, so that a reviewer sees
 * in a diff which leak was added, dropped or given more time.
 */
public final class BaselineFile {

  /** The version of the format. */
  static final int VERSION = 1;

  private BaselineFile() {}

  /**
   * Reads a baseline.
   *
   * @param file the file
   * @return what it accepts
   * @throws BadBaselineException if there is no such file, it can't be read, or something in it is
   *     not as it has to be
   */
  public static KnownLeaks read(Path file) throws BadBaselineException {
    String name = Printable.escape(file.toString());
    try {
      return new BaselineReader(name).read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new BadBaselineException(name + ": there is no such file", e);
    } catch (IOException e) {
      String what =
          Files.isDirectory(file)
              ? "it is a directory"
              : Printable.escape(e.getClass().getSimpleName() + ": " + e.getMessage());
      throw new BadBaselineException(name + ": can't be read: " + what, e);
    }
  }

  /**
   * Writes a baseline. Whoever reads the file meanwhile finds the old one or the new one, whole. A
   * file that says the same already is left as it is.
   *
   * @param file the file; what is there is replaced, the directory is created if need be
   * @param leaks what to accept
   * @return whether the file changed
   * @throws IOException if it can't be written
   */
  public static boolean write(Path file, KnownLeaks leaks) throws IOException {
    byte[] text = BaselineWriter.text(leaks).getBytes(StandardCharsets.UTF_8);
    // A link goes on to lead to the file.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (Files.exists(target) && Arrays.equals(Files.readAllBytes(target), text)) {
      return false;
    }
    Path directory = target.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    // Not a temporary file of the JDK's: that could be read by its owner alone, for ever.
    Path next =
        target.resolveSibling(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.write(
          next,
          text,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      try {
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(next, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(next);
    }
    return true;
  }
}
