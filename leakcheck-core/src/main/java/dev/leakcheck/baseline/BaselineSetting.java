package dev.leakcheck.baseline;

import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file that a setting names. It is read once, and again when it has changed: options are asked
 * for at every scope. Thread-safe.
 */
public final class BaselineSetting {

  /** Where Maven says which module's tests run, whatever the working directory is. */
  private static final String BASEDIR = "basedir";

  private static final Map<Path, Read> FILES = new ConcurrentHashMap<>();

  /** What a file held when it was read. */
  private record Read(FileTime changed, long size, KnownLeaks leaks) {}

  private BaselineSetting() {}

  /**
   * The leaks that a file accepts.
   *
   * @param key the setting's key, for messages
   * @param setting the file as it was given
   * @throws IllegalArgumentException if there is no such file, or if it is bad
   */
  public static KnownLeaks leaks(String key, String setting) {
    Path file = find(key, setting, System.getProperty(BASEDIR));
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      long size = Files.size(file);
      Read known = FILES.get(file);
      if (known == null || !known.changed.equals(changed) || known.size != size) {
        known = new Read(changed, size, BaselineFile.read(file));
        FILES.put(file, known);
      }
      return known.leaks;
    } catch (BadBaselineException | IOException e) {
      throw new IllegalArgumentException(
          said(key, setting) + ", which can't be used: " + Printable.escape(reason(e)), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof BadBaselineException ? String.valueOf(e.getMessage()) : e.toString();
  }

  /**
   * A relative path is one of the module's directory or, failing that, of the working directory.
   */
  static Path find(String key, String setting, @Nullable String basedir) {
    try {
      Path given = Path.of(setting);
      if (basedir != null && !given.isAbsolute()) {
        Path inModule = Path.of(basedir).resolve(given);
        if (Files.exists(inModule)) {
          return inModule.toAbsolutePath().normalize();
        }
      }
      Path file = given.toAbsolutePath().normalize();
      if (Files.exists(file)) {
        return file;
      }
      throw new IllegalArgumentException(
          said(key, setting)
              + ", but there is no such file: "
              + (basedir == null || given.isAbsolute()
                  ? Printable.escape(file.toString())
                  : "neither "
                      + Printable.escape(Path.of(basedir).resolve(given).normalize().toString())
                      + " nor "
                      + Printable.escape(file.toString())));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(said(key, setting) + ", but takes a path", e);
    }
  }

  private static String said(String key, String setting) {
    return key + " is '" + Printable.escape(setting) + "'";
  }
}
