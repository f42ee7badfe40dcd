package dev.leakcheck.cli.init;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be added to a build: each file as it is and as it would be, what cannot be added by a
 * program, and what is worth knowing. Nothing is written. Used by one thread.
 */
public final class Plan {

  private static final String NOT_IN_UTF_8 =
      " is not in UTF-8, so what is printed does not fit: use --apply";

  private final Path root;
  private final Map<Path, Change> files = new LinkedHashMap<>();
  private final List<String> notAdded = new ArrayList<>();
  private final List<String> hints = new ArrayList<>();

  /** Nothing yet, for the build in a directory. */
  Plan(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /**
   * The files that would change.
   *
   * @return in the order in which they were first read
   */
  public List<Change> changes() {
    return files.values().stream().filter(Change::isOne).toList();
  }

  /**
   * What has to be added by hand, or cannot be had.
   *
   * @return a sentence each
   */
  public List<String> notAdded() {
    return List.copyOf(notAdded);
  }

  /**
   * What there is to know of what is added.
   *
   * @return a sentence each
   */
  public List<String> hints() {
    List<String> all = new ArrayList<>(hints);
    changes().stream()
        .filter(change -> !change.charset().equals(StandardCharsets.UTF_8))
        .map(change -> name(change.file()) + NOT_IN_UTF_8)
        .forEach(all::add);
    return List.copyOf(all);
  }

  void leave(String what) {
    if (!notAdded.contains(what)) {
      notAdded.add(what);
    }
  }

  void tell(String what) {
    if (!hints.contains(what)) {
      hints.add(what);
    }
  }

  /** A file as it would be; empty if there is none. */
  Optional<String> text(Path file) {
    Change change = files.computeIfAbsent(file.normalize(), this::read);
    return Optional.ofNullable(change.after());
  }

  /** What a file is to be. */
  void put(Path file, String text) {
    files.merge(
        file.normalize(),
        new Change(file.normalize(), null, text, StandardCharsets.UTF_8),
        (is, next) -> new Change(is.file(), is.before(), text, is.charset()));
  }

  /** As it is named to the user. */
  String name(Path file) {
    Path relative = root.relativize(file.normalize());
    return relative.toString().isEmpty() ? "." : relative.toString().replace('\\', '/');
  }

  /**
   * What is not in UTF-8 is taken for ISO-8859-1, which gives each byte back as it was, whatever
   * the file is written in; all that is added is ASCII.
   */
  private Change read(Path file) {
    if (!Files.isRegularFile(file)) {
      return new Change(file, null, null, StandardCharsets.UTF_8);
    }
    try {
      try {
        return read(file, StandardCharsets.UTF_8);
      } catch (CharacterCodingException e) {
        return read(file, StandardCharsets.ISO_8859_1);
      }
    } catch (IOException e) {
      throw new UnreadableException(name(file) + " can't be read: " + e, e);
    }
  }

  private static Change read(Path file, Charset charset) throws IOException {
    String text = Files.readString(file, charset);
    return new Change(file, text, text, charset);
  }
}
