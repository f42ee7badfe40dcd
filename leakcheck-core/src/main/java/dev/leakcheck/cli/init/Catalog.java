package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Gradle's version catalog, where a build has one in the place that needs no settings. */
final class Catalog {

  /** How scripts name what it holds. */
  static final String JUNIT5 = "libs.leakcheck.junit5";

  static final String CORE = "libs.leakcheck.core";

  private static final String FILE = "gradle/libs.versions.toml";

  private final Plan plan;
  private final Path file;

  Catalog(Plan plan) {
    this.plan = plan;
    this.file = plan.root().resolve(FILE);
  }

  /** Adds what LeakCheck needs; false if there is no catalog. */
  boolean add(String version) {
    String text = plan.text(file).orElse("");
    if (text.isBlank()) {
      return false;
    }
    if (!text.contains("dev.leakcheck")) {
      String next = append(text, "[versions]", "leakcheck = \"" + version + "\"");
      next = append(next, "[libraries]", library("junit5"), library("core"));
      plan.put(file, next);
    }
    return true;
  }

  private static String library(String name) {
    return "leakcheck-%1$s = { module = \"dev.leakcheck:leakcheck-%1$s\", version.ref = \"leakcheck\" }"
        .formatted(name);
  }

  /** At the end of a table, which is made if there is none. */
  private static String append(String text, String table, String... entries) {
    String ends = LineEnds.of(text);
    List<String> lines = new ArrayList<>(List.of((text + LineEnds.before(text)).split("(?<=\n)")));
    int at = lines.stream().map(String::strip).toList().indexOf(table);
    if (at < 0) {
      lines.add(ends);
      lines.add(table + ends);
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
