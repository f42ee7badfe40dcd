package dev.leakcheck.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The text of a POM, and the same with something added. Immutable. */
final class Pom {

  /** The order that Maven's own documentation gives the sections. */
  private static final List<String> SECTIONS =
      List.of(
          ("modelVersion parent groupId artifactId version packaging name description url"
                  + " inceptionYear organization licenses developers contributors mailingLists"
                  + " prerequisites modules subprojects scm issueManagement ciManagement"
                  + " distributionManagement properties dependencyManagement dependencies"
                  + " repositories pluginRepositories build reporting profiles")
              .split(" "));

  private final String text;
  private final Xml project;

  /**
   * Reads a POM.
   *
   * @throws IllegalArgumentException if it is none, which the message tells
   */
  Pom(String text) {
    this.text = text;
    this.project = Xml.of(text);
    if (!project.name().equals("project")) {
      throw new IllegalArgumentException("<" + project.name() + "> is not a POM's <project>");
    }
  }

  String text() {
    return text;
  }

  Xml project() {
    return project;
  }

  /** The elements that a path of names leads to from an element. */
  List<Xml> all(Xml from, String... path) {
    List<Xml> found = List.of(from);
    for (String name : path) {
      found = found.stream().flatMap(element -> element.children(name).stream()).toList();
    }
    return found;
  }

  /** The first element that a path of names leads to from the project. */
  Optional<Xml> find(String... path) {
    return all(project, path).stream().findFirst();
  }

  /** The text of a child, or "". */
  String value(Xml element, String child) {
    return all(element, child).stream().findFirst().map(this::value).orElse("");
  }

  /** The text of an element without comments, or "". */
  String value(Xml element) {
    return element.isClosedAtOnce()
        ? ""
        : text.substring(element.inner(), element.innerEnd())
            .replaceAll("(?s)<!--.*?-->", "")
            .strip();
  }

  /** The value at a path, or "". */
  String value(String... path) {
    return find(path).map(this::value).orElse("");
  }

  /** All that is said of a plugin, or what is said in one section. */
  List<Xml> plugins(String artifact, String... section) {
    List<Xml> all = section.length == 0 ? project.below("plugin") : all(project, section);
    return all.stream().filter(plugin -> value(plugin, "artifactId").equals(artifact)).toList();
  }

  /** The same, with another value. */
  Pom with(Xml element, String value) {
    String name = element.name();
    return new Pom(
        element.isClosedAtOnce()
            ? text.substring(0, element.start())
                + ("<" + name + ">" + value + "</" + name + ">")
                + text.substring(element.end())
            : text.substring(0, element.inner()) + value + text.substring(element.innerEnd()));
  }

  /** The same, with an element behind another, in a line of its own if that has one. */
  Pom behind(Xml element, String added) {
    int line = text.lastIndexOf('\n', element.start()) + 1;
    String before = text.substring(line, element.start());
    String gap = before.isBlank() ? LineEnds.of(text) + before : "";
    return new Pom(text.substring(0, element.end()) + gap + added + text.substring(element.end()));
  }

  /**
   * The same, with lines at the end of what a path leads to; what of the path is missing is made.
   *
   * @param lines indented by two spaces, from the left
   */
  Pom add(Xml from, List<String> path, List<String> lines) {
    Xml inside = from;
    List<String> missing = new ArrayList<>(path);
    while (!missing.isEmpty() && !inside.children(missing.get(0)).isEmpty()) {
      inside = inside.children(missing.remove(0)).get(0);
    }
    List<String> block = lines;
    for (int i = missing.size() - 1; i >= 0; i--) {
      List<String> wrapped = new ArrayList<>();
      wrapped.add("<" + missing.get(i) + ">");
      block.forEach(line -> wrapped.add("  " + line));
      wrapped.add("</" + missing.get(i) + ">");
      block = wrapped;
    }
    return new Pom(insert(inside, block, missing.isEmpty() ? "" : missing.get(0)));
  }

  private String insert(Xml inside, List<String> block, String section) {
    String outer = indent(inside);
    String end = LineEnds.of(text);
    StringBuilder lines = new StringBuilder();
    for (String line : block) {
      int depth = (line.length() - line.stripLeading().length()) / 2;
      lines.append(end).append(outer).append(unit().repeat(depth + 1)).append(line.strip());
    }
    if (inside.isClosedAtOnce()) {
      String tag = text.substring(inside.start(), inside.end()).replaceFirst("\\s*/>$", ">");
      return text.substring(0, inside.start())
          + (tag + lines + end + outer + "</" + inside.name() + ">")
          + text.substring(inside.end());
    }
    int at = place(inside, section);
    String rest = text.substring(at, inside.innerEnd());
    return text.substring(0, at)
        + lines
        + (rest.contains("\n") ? "" : end + outer)
        + text.substring(at);
  }

  /** Behind all that is there; a section of the project behind those that come before it. */
  private int place(Xml inside, String section) {
    int order = SECTIONS.indexOf(section);
    if (inside == project && order >= 0) {
      Optional<Xml> above =
          inside.children().stream()
              .filter(child -> SECTIONS.indexOf(child.name()) < order)
              .reduce((one, next) -> next);
      if (above.isPresent()) {
        int end = above.get().end();
        String line = text.substring(end).split("\n", 2)[0];
        return line.matches("\\s*<!--.*-->\\s*") ? end + line.stripTrailing().length() : end;
      }
    }
    int at = inside.innerEnd();
    while (at > inside.inner() && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** What one level is indented by. */
  private String unit() {
    String unit = project.children().isEmpty() ? "" : indent(project.children().get(0));
    return unit.isEmpty() ? "  " : unit;
  }

  /** The white space in front of an element that has its line for itself. */
  private String indent(Xml element) {
    int line = text.lastIndexOf('\n', element.start()) + 1;
    String before = text.substring(line, element.start());
    return before.substring(0, before.length() - before.stripLeading().length());
  }
}
