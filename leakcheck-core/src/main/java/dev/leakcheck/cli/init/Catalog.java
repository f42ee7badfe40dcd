package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Gradle's version catalog, where a build has one in the place that needs no settings. */
final class Catalog {

  private static final String FILE = "gradle/libs.versions.toml";

  /** Where settings give it another name than the usual one. */
  private static final Pattern NAME =
      Pattern.compile(
          "defaultLibrariesExtensionName\\s*(?:\\.set\\s*\\(|=)\\s*['\"](?<usual>\\w+)['\"]"
              + "|(?:\\w+\\s*\\(\\s*['\"](?<made>\\w+)['\"]\\s*\\)|(?<called>\\w+))"
              + "\\s*\\{\\s*from\\s*\\(?\\s*files\\s*\\(\\s*['\"](?:\\$\\{?\\w+}?/)?"
              + Pattern.quote(FILE));

  /** A table that is written in a way to which no lines can be added. */
  private static final Pattern NO_TABLE = Pattern.compile("(?m)^\\s*(versions|libraries)\\s*[.=]");

  private final Plan plan;
  private final Path file;

  Catalog(Plan plan) {
    this.plan = plan;
    this.file = plan.root().resolve(FILE);
  }

  /**
   * Adds what LeakCheck needs.
   *
   * @param settings the text of the build's settings
   * @return how scripts call the catalog, or empty if there is none to add to
   */
  Optional<String> add(String version, String settings) {
    String text = plan.text(file).orElse("");
    if (text.isBlank()) {
      return Optional.empty();
    }
    if (NO_TABLE.matcher(text.split("(?m)^\\s*\\[", 2)[0]).find()) {
      plan.leave(
          FILE + " has no tables that lines can be added to, so each script names the version");
      return Optional.empty();
    }
    if (!text.contains("dev.leakcheck")) {
      String next = append(text, "versions", "leakcheck = \"" + version + "\"");
      next = append(next, "libraries", library("junit5"), library("core"));
      plan.put(file, next);
    }
    return Optional.of(name(settings));
  }

  private static String name(String settings) {
    Matcher name = NAME.matcher(settings);
    return name.find()
        ? Stream.of("usual", "made", "called")
            .map(name::group)
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow()
        : "libs";
  }

  private static String library(String name) {
    return "leakcheck-%1$s = { module = \"dev.leakcheck:leakcheck-%1$s\", version.ref = \"leakcheck\" }"
        .formatted(name);
  }

  /** At the end of a table, which is made if there is none. */
  private static String append(String text, String table, String... entries) {
    String ends = LineEnds.of(text);
    List<String> lines = new ArrayList<>(List.of((text + LineEnds.before(text)).split("(?<=\n)")));
    Pattern header = Pattern.compile("\\s*\\[\\s*['\"]?" + table + "['\"]?\\s*]\\s*(#.*\\s*)?");
    int at = 0;
    while (at < lines.size() && !header.matcher(lines.get(at)).matches()) {
      at++;
    }
    if (at == lines.size()) {
      lines.add(ends);
      lines.add("[" + table + "]" + ends);
      at = lines.size() - 1;
    }
    int end = at + 1;
    while (end < lines.size() && !lines.get(end).strip().startsWith("[")) {
      end++;
    }
    while (lines.get(end - 1).isBlank()) {
      end--;
    }
    lines.addAll(end, Stream.of(entries).map(entry -> entry + ends).toList());
    return String.join("", lines);
  }
}
