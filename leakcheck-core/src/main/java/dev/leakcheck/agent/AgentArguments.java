package dev.leakcheck.agent;

import dev.leakcheck.capture.record.Part;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is written behind {@code -javaagent:leakcheck-core.jar=}.
 *
 * @param without parts that stay unhooked
 * @param complaint one line about what was not understood, or null
 * @param reader process id of who wants to be told where threads are created, or 0
 * @param births the file to tell it in, or null
 */
record AgentArguments(
    Set<Part> without, @Nullable String complaint, long reader, @Nullable String births) {

  private static final String WITHOUT = "without=";

  /** Given by the command line: {@code births=<process id>,<file>}; threads alone are hooked. */
  private static final String BIRTHS = "births=";

  private AgentArguments(Set<Part> without, @Nullable String complaint) {
    this(without, complaint, 0, null);
  }

  static AgentArguments parse(@Nullable String text) {
    Set<Part> without = EnumSet.noneOf(Part.class);
    if (text == null || text.isBlank()) {
      return new AgentArguments(without, null);
    }
    if (text.startsWith(BIRTHS)) {
      return births(text.substring(BIRTHS.length()));
    }
    if (!text.startsWith(WITHOUT)) {
      return new AgentArguments(without, complaint(text));
    }
    String unknown = null;
    int from = WITHOUT.length();
    while (from <= text.length()) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? text.length() : comma;
      String name = text.substring(from, to).strip();
      Part part = part(name);
      if (part != null) {
        without.add(part);
      } else if (unknown == null) {
        unknown = complaint(name);
      }
      from = to + 1;
    }
    return new AgentArguments(without, unknown);
  }

  private static AgentArguments births(String text) {
    int comma = text.indexOf(',');
    Set<Part> without = EnumSet.allOf(Part.class);
    without.remove(Part.THREADS);
    without.remove(Part.VIRTUAL_THREADS);
    try {
      return new AgentArguments(
          without,
          null,
          Long.parseLong(text.substring(0, Math.max(0, comma))),
          text.substring(comma + 1));
    } catch (NumberFormatException e) {
      return new AgentArguments(without, complaint(BIRTHS + text));
    }
  }

  /** A part as it is written in the arguments. */
  static String name(Part part) {
    return part.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static @Nullable Part part(String name) {
    for (Part part : Part.values()) {
      if (name(part).equals(name)) {
        return part;
      }
    }
    return null;
  }

  private static String complaint(String unknown) {
    StringBuilder known = new StringBuilder();
    for (Part part : Part.values()) {
      known.append(known.length() == 0 ? "" : ",").append(name(part));
    }
    return "LeakCheck: the agent does not know \""
        + unknown
        + "\" and goes on without it; it knows "
        + WITHOUT
        + known
        + " (any of them)";
  }
}
