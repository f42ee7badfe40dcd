package dev.leakcheck.cli.init;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * An element and where it stands in its text: enough to add to a POM and leave every other
 * character of it alone, which no parser of the JDK tells exactly. What no POM has, such as a
 * document type, is refused. Immutable but for the list of children while it is read.
 *
 * @param name its tag
 * @param start of {@code <name>}
 * @param inner where its content begins
 * @param innerEnd where its content ends; before {@code inner} if it is written {@code <name/>}
 * @param end behind {@code </name>}
 * @param children its elements in order
 */
record Xml(String name, int start, int inner, int innerEnd, int end, List<Xml> children) {

  /** An element whose end was not read yet. */
  private record Open(String name, int start, int inner, List<Xml> children) {}

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException if it is not well-formed, which the message tells
   */
  static Xml of(String text) {
    Deque<Open> open = new ArrayDeque<>(List.of(new Open("", 0, 0, new ArrayList<>())));
    int at = text.indexOf('<');
    while (at >= 0) {
      int end = endOfTag(text, at);
      if (text.startsWith("</", at)) {
        Open element = open.pop();
        if (open.isEmpty() || !element.name.equals(text.substring(at + 2, end - 1).strip())) {
          throw bad("no tag is open for </" + text.substring(at + 2, end), text, at);
        }
        open.element()
            .children
            .add(new Xml(element.name, element.start, element.inner, at, end, element.children));
      } else if (text.charAt(at + 1) != '!' && text.charAt(at + 1) != '?') {
        boolean closed = text.charAt(end - 2) == '/';
        String tag = text.substring(at + 1, end - (closed ? 2 : 1)).strip();
        String name = tag.split("\\s", 2)[0];
        if (closed) {
          open.element().children.add(new Xml(name, at, end, at, end, List.of()));
        } else {
          open.push(new Open(name, at, end, new ArrayList<>()));
        }
      }
      at = text.indexOf('<', end);
    }
    Open document = open.pop();
    if (!document.name.isEmpty() || document.children.size() != 1) {
      throw bad("<" + document.name + "> is not closed", text, document.start);
    }
    return document.children.get(0);
  }

  /** Behind the tag, comment or section that begins here. */
  private static int endOfTag(String text, int at) {
    for (String[] kind :
        new String[][] {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<", ">"}}) {
      if (text.startsWith(kind[0], at)) {
        int end = endOf(text, at + kind[0].length(), kind[1]);
        if (end < 0 || (kind[0].equals("<") && text.startsWith("<!", at)) || end - at < 3) {
          break;
        }
        return end;
      }
    }
    throw bad("a tag that is not understood", text, at);
  }

  /** A tag may have its own end in a quoted value. */
  private static int endOf(String text, int from, String end) {
    if (!end.equals(">")) {
      int at = text.indexOf(end, from);
      return at < 0 ? -1 : at + end.length();
    }
    char quote = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return at + 1;
      }
    }
    return -1;
  }

  private static IllegalArgumentException bad(String what, String text, int at) {
    return new IllegalArgumentException(
        what + " in line " + (text.substring(0, at).lines().count() + 1));
  }

  /** Whether it is written {@code <name/>}. */
  boolean isClosedAtOnce() {
    return innerEnd < inner;
  }

  /** Its children of a name. */
  List<Xml> children(String called) {
    return children.stream().filter(child -> child.name.equals(called)).toList();
  }

  /** All elements of a name below it, at any depth. */
  List<Xml> below(String called) {
    List<Xml> found = new ArrayList<>();
    for (Xml child : children) {
      if (child.name.equals(called)) {
        found.add(child);
      }
      found.addAll(child.below(called));
    }
    return found;
  }
}
