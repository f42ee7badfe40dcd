package dev.leakcheck.cli.formats;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.ReportEntry.Leak;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says where in the sources something is, as a URI relative to a directory that has a name. Not
 * thread-safe.
 */
final class Sources {

  /** The name of the current directory, which is a checkout's root in most builds. */
  static final String CURRENT = "%SRCROOT%";

  private static final Pattern NAME = Pattern.compile("[\\p{javaJavaIdentifierPart}.-]+");
  private static final Pattern TYPE =
      Pattern.compile("\\p{javaJavaIdentifierPart}+(\\.\\p{javaJavaIdentifierPart}+)*");
  private static final Pattern TEST = Pattern.compile("(Tests?|IT|TestCase|Spec)\\.\\w+$|^Test");
  private static final Place NOWHERE = new Place("src/test/java", null, 0);
  private static final String UNRESERVED = "-._~/";

  /**
   * A place in a file.
   *
   * @param uri relative to its base
   * @param base name of the base; null for a guess
   * @param line counted from 1; 0 if it is not known
   */
  record Place(String uri, @Nullable String base, int line) {}

  private final Path current;
  private final List<Path> roots;
  private final SourceIndex index;
  private final Map<String, Path> bases = new LinkedHashMap<>();
  private final Map<String, Optional<Place>> files = new HashMap<>();

  /**
   * Looks at the sources.
   *
   * @param roots where they are; if empty, in the current directory
   * @param current the current directory
   */
  Sources(List<Path> roots, Path current) {
    this.current = current.toAbsolutePath().normalize();
    this.roots =
        roots.isEmpty()
            ? List.of(this.current)
            : roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
    this.index = new SourceIndex(this.roots);
    bases.put(CURRENT, this.current);
  }

  /** The names that places use, and the directories they stand for. */
  Map<String, Path> bases() {
    return bases;
  }

  /**
   * Where a leak is to be fixed: the line that created what is left, the test, or where its first
   * thread is. Code scanning refuses a whole file for one result without a place, so if none of
   * these is known it is the directory of tests.
   */
  Place of(Leak leak) {
    List<StackTraceElement> own =
        Stream.concat(leak.usersLine().stream(), Stacks.own(leak.created()).stream()).toList();
    String type = leak.type();
    // What has its source here is the user's; the rest are libraries between it and the JDK.
    return own.stream()
        .flatMap(frame -> found(frame).stream())
        .findFirst()
        .or(() -> type == null ? Optional.empty() : found(type))
        .or(() -> own.stream().flatMap(frame -> of(frame).stream()).findFirst())
        .or(() -> type == null ? Optional.empty() : of(type))
        .or(
            () ->
                leak.threads().stream()
                    .flatMap(thread -> Stacks.own(thread.stack()).stream())
                    .flatMap(frame -> of(frame).stream())
                    .findFirst())
        .orElse(NOWHERE);
  }

  /** Where a frame is, or would be; empty if its file is not known. */
  Optional<Place> of(StackTraceElement frame) {
    return found(frame)
        .or(
            () ->
                isFile(frame)
                    ? Optional.of(guess(directory(frame), name(frame), line(frame)))
                    : Optional.empty());
  }

  /** Where a class is, or would be; empty if its name is none. */
  Optional<Place> of(String type) {
    return found(type)
        .or(
            () ->
                TYPE.matcher(type).matches()
                    ? Optional.of(guess(directory(type), outermost(type) + ".java", 0))
                    : Optional.empty());
  }

  private Optional<Place> found(StackTraceElement frame) {
    return isFile(frame)
        ? found(directory(frame), name(frame))
            .map(place -> new Place(place.uri(), place.base(), line(frame)))
        : Optional.empty();
  }

  private Optional<Place> found(String type) {
    return TYPE.matcher(type).matches()
        ? found(directory(type), outermost(type) + ".java")
            .or(() -> found(directory(type), outermost(type) + ".kt"))
        : Optional.empty();
  }

  private Optional<Place> found(String directory, String name) {
    return files.computeIfAbsent(
        directory + "/" + name, key -> index.find(directory, name).map(this::relative));
  }

  private Place relative(Path file) {
    if (file.startsWith(current)) {
      return new Place(uri(current.relativize(file)), CURRENT, 0);
    }
    List<Path> above = new ArrayList<>(roots);
    above.removeIf(root -> !file.startsWith(root));
    Path root = above.get(0);
    String base = "SOURCES" + (roots.indexOf(root) + 1);
    bases.put(base, root);
    return new Place(uri(root.relativize(file)), base, 0);
  }

  private static Place guess(String directory, String name, int line) {
    String language = name.endsWith(".kt") ? "kotlin" : "java";
    return new Place(
        encode(
            "src/"
                + (TEST.matcher(name).find() ? "test/" : "main/")
                + language
                + "/"
                + (directory.isEmpty() ? "" : directory + "/")
                + name),
        null,
        line);
  }

  private static boolean isFile(StackTraceElement frame) {
    return frame.getFileName() != null
        && NAME.matcher(frame.getFileName()).matches()
        && !frame.getFileName().startsWith(".")
        && TYPE.matcher(frame.getClassName()).matches();
  }

  private static String name(StackTraceElement frame) {
    return String.valueOf(frame.getFileName());
  }

  private static String directory(StackTraceElement frame) {
    return directory(frame.getClassName());
  }

  private static String directory(String type) {
    int dot = type.lastIndexOf('.');
    return dot < 0 ? "" : type.substring(0, dot).replace('.', '/');
  }

  private static String outermost(String type) {
    String simple = type.substring(type.lastIndexOf('.') + 1);
    int nested = simple.indexOf('$', 1);
    return nested < 0 ? simple : simple.substring(0, nested);
  }

  private static int line(StackTraceElement frame) {
    return Math.max(0, frame.getLineNumber());
  }

  private static String uri(Path relative) {
    List<String> parts = new ArrayList<>();
    relative.forEach(part -> parts.add(part.toString()));
    return encode(String.join("/", parts));
  }

  private static String encode(String path) {
    StringBuilder uri = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      uri.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return uri.toString();
  }
}
