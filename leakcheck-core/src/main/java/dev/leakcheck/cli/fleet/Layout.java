package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Printable;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the directories below a place mean: whose the files in them are. Immutable. */
public final class Layout {

  private static final String SERVICE = "service";
  private static final String INSTANCE = "instance";
  private static final String VERSION = "version";
  private static final String ANY = "-";

  private static final Pattern ENDING =
      Pattern.compile("(?:\\.(?:json|jsonl|txt|log|out|dump|tdump))?(?:\\.gz)?$");

  private final List<String> parts;
  private final @Nullable String service;

  private Layout(List<String> parts, @Nullable String service) {
    this.parts = parts;
    this.service = service;
  }

  /**
   * Reads a layout.
   *
   * @param text what each level of directories is, from the top, such as {@code
   *     service/version/instance}, or {@code -} for anything; null for the default, which is {@code
   *     service/instance}, or {@code instance} if the service is given
   * @param service the service of all files, or null if the directories tell it
   * @return the layout
   * @throws BadInput if it makes no sense
   */
  public static Layout of(@Nullable String text, @Nullable String service) {
    if (service != null && service.isBlank()) {
      throw new BadInput("--service is blank");
    }
    if (text == null) {
      return new Layout(service == null ? List.of(SERVICE, INSTANCE) : List.of(INSTANCE), service);
    }
    List<String> parts = List.of(text.split("/", -1));
    List<String> words = parts.stream().filter(part -> !part.equals(ANY)).toList();
    for (String word : words) {
      if (!List.of(SERVICE, INSTANCE, VERSION).contains(word)) {
        throw new BadInput(
            "--layout: a level is service, instance, version, or - for anything, and not '"
                + Printable.escape(word)
                + "'");
      }
    }
    if (words.stream().distinct().count() < words.size()) {
      throw new BadInput("--layout names one thing twice: " + text);
    }
    if (service != null && words.contains(SERVICE)) {
      throw new BadInput("--service and --layout both tell the service");
    }
    return new Layout(parts, service);
  }

  /**
   * Whose a file is.
   *
   * @param place the directory that was given, or the file itself
   * @param file a file in it or below it
   */
  Capture.Origin origin(Path place, Path file) {
    Map<String, String> told = new HashMap<>();
    boolean isFile = place.equals(file);
    if (!isFile) {
      Path below = place.relativize(file);
      for (int i = 0; i < Math.min(parts.size(), below.getNameCount() - 1); i++) {
        told.put(parts.get(i), shown(below.getName(i)));
      }
    }
    Path absolute = place.toAbsolutePath().normalize();
    Path directory = isFile ? absolute.getParent() : absolute;
    String whose = service == null ? told.get(SERVICE) : Printable.escape(service);
    String instance = told.get(INSTANCE);
    return new Capture.Origin(
        whose == null ? shown(directory == null ? null : directory.getFileName()) : whose,
        instance == null ? ENDING.matcher(shown(file.getFileName())).replaceFirst("") : instance,
        told.get(VERSION));
  }

  /** The root of a file system has no name. */
  private static String shown(@Nullable Path name) {
    return name == null ? "/" : Printable.escape(name.toString());
  }
}
