package dev.leakcheck.cli.formats;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sources below some directories. Looked at once and no further than {@link #MAX_ENTRIES}:
 * where a source is not found, a place can still be guessed. Immutable.
 */
final class SourceIndex {

  /** How many files and directories are looked at. */
  static final int MAX_ENTRIES = 500_000;

  private static final Set<String> NOT_SOURCES =
      Set.of("target", "build", "out", "bin", "node_modules");
  private static final Set<String> LANGUAGES = Set.of("java", "kt", "groovy", "scala");

  private final Map<String, List<Path>> byName = new HashMap<>();

  /**
   * Looks at the sources.
   *
   * @param roots directories; what can't be read there is passed over
   */
  SourceIndex(List<Path> roots) {
    for (Path root : roots) {
      try {
        Files.walkFileTree(root, new Visitor(root));
      } catch (IOException e) {
        // The visitor passes over what it can't read.
      }
    }
    byName.values().forEach(files -> files.sort(Comparator.naturalOrder()));
  }

  /**
   * Finds a source.
   *
   * @param directory the package as a directory, such as {@code com/acme}; may be empty
   * @param name the file's name
   * @return the file, absolute; of several the first by its path
   */
  Optional<Path> find(String directory, String name) {
    Path end = directory.isEmpty() ? Path.of(name) : Path.of(directory, name);
    List<Path> files =
        byName.getOrDefault(name, List.of()).stream().filter(file -> file.endsWith(end)).toList();
    return files.isEmpty() ? Optional.empty() : Optional.of(files.get(0));
  }

  private final class Visitor extends SimpleFileVisitor<Path> {

    private final Path root;
    private int entries;

    Visitor(Path root) {
      this.root = root;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      if (++entries > MAX_ENTRIES) {
        return FileVisitResult.TERMINATE;
      }
      return directory.equals(root) || maySources(directory)
          ? FileVisitResult.CONTINUE
          : FileVisitResult.SKIP_SUBTREE;
    }

    /** A package may be called as the directory of a build tool is. */
    private boolean maySources(Path directory) {
      String name = String.valueOf(directory.getFileName());
      if (name.startsWith(".")) {
        return false;
      }
      return !NOT_SOURCES.contains(name) || isBelowSrc(root.relativize(directory));
    }

    private static boolean isBelowSrc(Path directory) {
      for (Path part : directory) {
        if (part.toString().equals("src")) {
          return true;
        }
      }
      return false;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (++entries > MAX_ENTRIES) {
        return FileVisitResult.TERMINATE;
      }
      String name = String.valueOf(file.getFileName());
      if (attributes.isRegularFile()
          && LANGUAGES.contains(name.substring(name.lastIndexOf('.') + 1))) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(file.toAbsolutePath().normalize());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
