package dev.leakcheck.cli;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written whole or not at all: whoever reads it while it is replaced sees the old
 * one or the new one. Thread-safe.
 */
final class OutputFile {

  /** Writes the text of a file. */
  @FunctionalInterface
  interface Text {
    void writeTo(Writer out) throws IOException;
  }

  private OutputFile() {}

  /**
   * Writes a file and the directories above it. What is no regular file, such as a pipe, is written
   * to.
   *
   * @param file where
   * @param text what; UTF-8
   * @throws BadInput if it can't be written; then what was there is untouched
   */
  static void write(Path file, Text text) {
    try {
      if (Files.isDirectory(file)) {
        throw new BadInput(name(file) + " can't be written: it is a directory");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
          text.writeTo(out);
        }
        return;
      }
      replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), text);
    } catch (IOException e) {
      throw new BadInput(name(file) + " can't be written: " + reason(e), e);
    }
  }

  private static void replace(Path file, Text text) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    // Not Files.createTempFile: nobody but the owner could read what that makes.
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try (Writer out =
          Files.newBufferedWriter(
              temporary, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW)) {
        text.writeTo(out);
      }
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "access is denied"
        : Printable.escape(e.getClass().getSimpleName() + ": " + e.getMessage());
  }

  private static String name(Path file) {
    return Printable.escape(file.toString());
  }
}
