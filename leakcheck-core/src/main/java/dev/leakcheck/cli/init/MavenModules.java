package dev.leakcheck.cli.init;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The POMs of a build, and who is whose parent. */
final class MavenModules {

  static final String POM = "pom.xml";

  private final Plan plan;

  /** Each POM's file with what Maven calls it, the root first. */
  private final Map<Path, String> names = new LinkedHashMap<>();

  MavenModules(Plan plan) {
    this.plan = plan;
    read(plan.root().resolve(POM));
  }

  private void read(Path file) {
    Pom pom = pom(file);
    if (names.put(file, id(pom.value("groupId"), pom)) != null) {
      return;
    }
    for (String section : List.of("module", "subproject")) {
      for (Xml module : pom.project().below(section)) {
        Path path = file.resolveSibling(pom.value(module)).normalize();
        Path next = Files.isDirectory(path) ? path.resolve(POM) : path;
        if (!Files.isRegularFile(next)) {
          plan.leave("module " + pom.value(module) + " of " + plan.name(file) + " is not there");
        } else if (!names.containsKey(next)) {
          read(next);
        }
      }
    }
  }

  private static String id(String group, Pom pom) {
    return (group.isEmpty() ? pom.value("parent", "groupId") : group)
        + ":"
        + pom.value("artifactId");
  }

  /** The files of all POMs. */
  List<Path> all() {
    return List.copyOf(names.keySet());
  }

  /** A POM as it would be. */
  Pom pom(Path file) {
    try {
      return new Pom(
          plan.text(file)
              .orElseThrow(() -> new UnreadableException(plan.name(file) + " is not there", null)));
    } catch (IllegalArgumentException e) {
      throw new UnreadableException(plan.name(file) + ": " + e.getMessage(), e);
    }
  }

  /** A POM and those that it inherits from within this build, the nearest first. */
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
    String id = pom.value("parent", "groupId") + ":" + pom.value("parent", "artifactId");
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(id))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether something that this build does not hold may say more, such as versions. */
  boolean inheritsFromOutside(Path file) {
    List<Path> line = line(file);
    return pom(line.get(line.size() - 1)).find("parent").isPresent();
  }

  /** The first POM that all of these are or inherit from. */
  Optional<Path> sharedBy(List<Path> files) {
    return all().stream()
        .filter(shared -> files.stream().allMatch(file -> line(file).contains(shared)))
        .findFirst();
  }
}
