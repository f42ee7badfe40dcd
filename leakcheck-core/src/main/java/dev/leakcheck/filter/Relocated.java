package dev.leakcheck.filter;

import dev.leakcheck.filter.ThreadEvidence.Look;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evidence of a library that another one has copied into its own packages: all its classes are
 * below one longer prefix, as {@code com.acme.shaded.reactor.core} is. Only evidence with names is
 * looked for there, as every thread would have to be asked otherwise.
 */
final class Relocated {

  private Relocated() {}

  /**
   * The evidence, and what it is below each prefix that a class of the thread's has; none where the
   * thread's name tells that it fits nowhere.
   *
   * @param look how much is known of the thread
   * @param live the thread itself, or null if that is not at hand
   */
  static List<ThreadEvidence> all(
      ThreadEvidence evidence, ThreadRecord thread, Look look, @Nullable Thread live) {
    if (evidence.names().isEmpty() || evidence.own().isEmpty()) {
      return List.of(evidence);
    }
    if (!evidence.fitsName(thread.name())) {
      return List.of();
    }
    List<ThreadEvidence> all = new ArrayList<>();
    all.add(evidence);
    for (String prefix : prefixes(evidence.own(), classes(thread, look, live))) {
      ThreadEvidence below = below(prefix, evidence);
      if (!below.heldBy().isEmpty() || !isSame(below, evidence)) {
        all.add(below);
      }
    }
    return all;
  }

  private static Set<String> classes(ThreadRecord thread, Look look, @Nullable Thread live) {
    Set<String> classes = new LinkedHashSet<>();
    classes.add(thread.type());
    thread.stack().forEach(frame -> classes.add(frame.getClassName()));
    if (look != Look.DUMP) {
      classes.addAll(LiveThread.makers(thread, live));
    }
    return classes;
  }

  /** What stands before the library's own packages, with the dot. */
  private static Set<String> prefixes(List<String> own, Set<String> classes) {
    Set<String> prefixes = new LinkedHashSet<>();
    for (String type : classes) {
      for (String home : own) {
        int at = type.indexOf("." + home);
        if (at > 0) {
          prefixes.add(type.substring(0, at + 1));
        }
      }
    }
    return prefixes;
  }

  private static ThreadEvidence below(String prefix, ThreadEvidence evidence) {
    List<String> own = new ArrayList<>(evidence.own());
    evidence.own().forEach(home -> own.add(prefix + home));
    return new ThreadEvidence(
        evidence.names(),
        evidence.notNames(),
        evidence.virtual(),
        evidence.daemon(),
        evidence.groups(),
        below(prefix, evidence.types(), evidence.own()),
        evidence.jvms(),
        below(prefix, evidence.outermost(), evidence.own()),
        below(prefix, evidence.runs(), evidence.own()),
        evidence.heldBy().stream().map(field -> prefix + field).toList(),
        below(prefix, evidence.madeBy(), evidence.own()),
        evidence.idle(),
        own);
  }

  /** Whether it says nothing of where the library's classes are. */
  private static boolean isSame(ThreadEvidence one, ThreadEvidence other) {
    return one.types().equals(other.types())
        && one.outermost().equals(other.outermost())
        && one.runs().equals(other.runs())
        && one.madeBy().equals(other.madeBy());
  }

  /** Others' classes, such as the JDK's, are not copied with it. */
  private static List<ClassPattern> below(
      String prefix, List<ClassPattern> patterns, List<String> own) {
    return patterns.stream().map(pattern -> below(prefix, pattern, own)).toList();
  }

  private static ClassPattern below(String prefix, ClassPattern pattern, List<String> own) {
    String text = pattern.text();
    String type = text.startsWith("*") ? text.substring(1) : text;
    return own.stream().anyMatch(type::startsWith) ? new ClassPattern(prefix + type) : pattern;
  }
}
