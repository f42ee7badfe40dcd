package dev.leakcheck.cli.base;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The files in a directory and all below it. */
public final class FilesBelow {

  private FilesBelow() {}

  /**
   * Finds them. Links are followed.
   *
   * @param directory where to look
   * @param wanted which files are wanted
   * @param failed is told what can't be looked at, and may throw
   * @return regular files, in any order
   * @throws IOException if the directory can't be read
   */
  public static List<Path> find(
      Path directory, Predicate<Path> wanted, BiConsumer<Path, IOException> failed)
      throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (wanted.test(file)) {
              if (attributes.isRegularFile()) {
                found.add(file);
              } else if (attributes.isSymbolicLink()) { // one that leads nowhere
                failed.accept(file, new NoSuchFileException(file.toString()));
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (!(e instanceof FileSystemLoopException)) {
              failed.accept(file, e);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
