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

  /** Writes a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path file) throws IOException;
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
    fill(
        file,
        target -> {
          try (Writer out = Files.newBufferedWriter(target, StandardCharsets.UTF_8)) {
            text.writeTo(out);
          }
        });
  }

  /**
   * The same for what is no text, or not in UTF-8.
   *
   * @param file where
   * @param content writes to the path that it is given
   * @throws BadInput if it can't be written; then what was there is untouched
   */
  static void fill(Path file, Content content) {
    try {
      if (Files.isDirectory(file)) {
        throw new BadInput(name(file) + " can't be written: it is a directory");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        content.writeTo(file);
        return;
      }
      replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), content);
    } catch (IOException e) {
      throw new BadInput(name(file) + " can't be written: " + reason(e), e);
    }
  }

  private static void replace(Path file, Content content) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    // Not Files.createTempFile: nobody but the owner could read what that makes.
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.createFile(temporary); // never what somebody else put there
      content.writeTo(temporary);
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
