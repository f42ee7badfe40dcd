package dev.leakcheck.cli.init;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The POMs of a build, and who is whose parent. */
final class MavenModules {

  static final String POM = "pom.xml";

  /** Where a POM says something of plugins for all of its profiles, the stronger first. */
  static final String[] PLUGINS = {"build", "plugins", "plugin"};

  static final String[] MANAGED_PLUGINS = {"build", "pluginManagement", "plugins", "plugin"};

  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

  /** Properties may be made of others; in a circle they never end. */
  private static final int DEEPEST = 9;

  private final Plan plan;
  private final Path repository;

  /** Each POM's file with what Maven calls it, the root first. */
  private final Map<Path, String> names = new LinkedHashMap<>();

  /** Each POM as it was last asked for. */
  private final Map<Path, Pom> read = new HashMap<>();

  MavenModules(Plan plan) {
    this.plan = plan;
    this.repository =
        Path.of(
            System.getProperty(
                "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
    read(plan.root().resolve(POM));
  }

  private void read(Path file) {
    Pom pom = pom(file);
    if (names.put(file, id(pom)) != null) {
      return;
    }
    for (String section : List.of("module", "subproject")) {
      for (Xml module : pom.project().below(section)) {
        Path path = beside(file, pom.value(module));
        Path next = Files.isDirectory(path) ? path.resolve(POM) : path;
        if (!Files.isRegularFile(next)) {
          plan.leave("module " + pom.value(module) + " of " + plan.name(file) + " is not there");
        } else if (!names.containsKey(next)) {
          read(next);
        }
      }
    }
  }

  /** As Maven does, which takes both slashes on every system. */
  private static Path beside(Path file, String path) {
    return file.resolveSibling(path.replace('\\', '/')).normalize();
  }

  private static String id(Pom pom) {
    String group = pom.value("groupId");
    return (group.isEmpty() ? pom.value("parent", "groupId") : group)
        + ":"
        + pom.value("artifactId");
  }

  /** The files of all POMs of this build. */
  List<Path> all() {
    return List.copyOf(names.keySet());
  }

  /** A POM as it would be. */
  Pom pom(Path file) {
    String text =
        plan.text(file)
            .orElseThrow(() -> new UnreadableException(plan.name(file) + " is not there", null));
    try {
      Pom pom = read.get(file);
      if (pom == null || !pom.text().equals(text)) {
        pom = new Pom(text);
        read.put(file, pom);
      }
      return pom;
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(plan.name(file) + ": " + e.getMessage(), e);
    }
  }

  /** A POM and those that it inherits from, as far as they can be read, the nearest first. */
  List<Path> line(Path file) {
    List<Path> line = new ArrayList<>();
    Optional<Path> next = Optional.of(file);
    while (next.isPresent() && !line.contains(next.get())) {
      line.add(next.get());
      next = parent(next.get());
    }
    return line;
  }

  private Optional<Path> parent(Path file) {
    Pom pom = pom(file);
    if (pom.find("parent").isEmpty()) {
      return Optional.empty();
    }
    String id = pom.value("parent", "groupId") + ":" + pom.value("parent", "artifactId");
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst()
        .or(() -> outside(file, pom, id));
  }

  /** Where Maven takes a parent from that is not of this build. */
  private Optional<Path> outside(Path file, Pom pom, String id) {
    Path beside =
        beside(file, pom.find("parent", "relativePath").map(pom::value).orElse("../" + POM));
    String artifact = pom.value("parent", "artifactId");
    String version = pom.value("parent", "version");
    Path stored =
        repository
            .resolve(pom.value("parent", "groupId").replace('.', '/'))
            .resolve(artifact)
            .resolve(version)
            .resolve(artifact + "-" + version + ".pom");
    return Stream.of(Files.isDirectory(beside) ? beside.resolve(POM) : beside, stored)
        .filter(candidate -> isPom(candidate, id))
        .findFirst();
  }

  private boolean isPom(Path file, String id) {
    try {
      return Files.isRegularFile(file) && id(pom(file)).equals(id);
    } catch (UnreadableException e) {
      return false;
    }
  }

  /** The parent that cannot be read and whose it is; it may say more, such as versions. */
  Optional<String> unread(Path file) {
    List<Path> line = line(file);
    Path last = line.get(line.size() - 1);
    return pom(last)
        .find("parent")
        .map(
            parent ->
                Stream.of("groupId", "artifactId", "version")
                    .map(part -> pom(last).value(parent, part))
                    .collect(
                        Collectors.joining(":", "", ", the parent of " + plan.name(last) + ",")));
  }

  /** What the nearest POM of a line says at a path. */
  Optional<String> inherited(Path file, String... path) {
    return line(file).stream()
        .map(this::pom)
        .flatMap(pom -> pom.find(path).map(pom::value).stream())
        .findFirst()
        .map(value -> resolved(file, value));
  }

  /** A value with the properties put in that a line sets. */
  String resolved(Path file, String value) {
    String text = value;
    for (int i = 0; i < DEEPEST; i++) {
      text =
          PROPERTY.matcher(text).replaceAll(name -> Matcher.quoteReplacement(property(file, name)));
    }
    return text;
  }

  private String property(Path file, MatchResult name) {
    return line(file).stream()
        .map(this::pom)
        .flatMap(pom -> pom.find("properties", name.group(1)).map(pom::value).stream())
        .findFirst()
        .orElse(name.group());
  }

  /** The version of a plugin without profiles, or "". */
  String version(Path file, String plugin) {
    return Stream.of(PLUGINS, MANAGED_PLUGINS)
        .flatMap(
            section ->
                line(file).stream()
                    .map(this::pom)
                    .flatMap(
                        pom ->
                            pom.plugins(plugin, section).stream()
                                .map(found -> pom.value(found, "version"))))
        .filter(version -> !version.isEmpty())
        .findFirst()
        .map(version -> resolved(file, version))
        .orElse("");
  }

  /** The first POM that all of these are or inherit from. */
  Optional<Path> sharedBy(List<Path> files) {
    return all().stream()
        .filter(shared -> files.stream().allMatch(file -> line(file).contains(shared)))
        .findFirst();
  }
}
