package dev.leakcheck.cli.init;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be added to a build: each file as it is and as it would be, what cannot be added by a
 * program, and what is worth knowing. Nothing is written. Used by one thread.
 */
public final class Plan {

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
    return List.copyOf(hints);
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

  /** A file as it would be, with {@code \n} alone at the ends of lines; empty if there is none. */
  Optional<String> text(Path file) {
    Change change = files.computeIfAbsent(file.normalize(), this::read);
    return Optional.ofNullable(change.after());
  }

  /** What a file is to be. */
  void put(Path file, String text) {
    files.merge(
        file.normalize(),
        new Change(file.normalize(), null, text, false),
        (is, next) -> new Change(is.file(), is.before(), text, is.crlf()));
  }

  /** As it is named to the user. */
  String name(Path file) {
    Path relative = root.relativize(file.normalize());
    return relative.toString().isEmpty() ? "." : relative.toString().replace('\\', '/');
  }

  private Change read(Path file) {
    String text = contents(file);
    boolean crlf = text != null && text.contains("\r\n");
    String lines = crlf && text != null ? text.replace("\r\n", "\n") : text;
    return new Change(file, lines, lines, crlf);
  }

  private @Nullable String contents(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new UnreadableException(name(file) + " is not in UTF-8", e);
    } catch (IOException e) {
      throw new UnreadableException(name(file) + " can't be read: " + e, e);
    }
  }
}
