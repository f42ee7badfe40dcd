package dev.leakcheck.corpus;

import dev.leakcheck.model.LeakKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A small program with a known verdict. Immutable.
 *
 * @param name what it does, for a person
 * @param leaks what is wrong with it; empty if nothing is
 * @param near what it comes close to, or is
 * @param seen the part of that which a tier claims to see
 * @param shape what else it needs or is
 * @param program the code
 */
public record Case(
    String name, Set<LeakKind> leaks, LeakKind near, Visible seen, Shape shape, Program program) {

  /** Code that is judged. */
  public interface Program {
    void run(Stage stage) throws Exception;
  }

  /** Which tier claims to see what is wrong. */
  public enum Visible {
    /** Both. */
    ALWAYS,
    /** The agent alone. */
    WITH_AGENT,
    /** The agent, and before Java 24 both. */
    IN_FIELDS_OF_THE_JDK,
    /**
     * Both of platform threads, and the agent of virtual ones, which are told as stray otherwise.
     */
    VIRTUAL_WITH_AGENT,
    /** Both; only the agent knows that the first of the leaks is why there are the others. */
    AS_ONE_WITH_AGENT
  }

  /** On which threads it runs. */
  public enum Shape {
    /** On platform threads, or on none of its own. */
    PLATFORM,
    /** Once on platform and once on virtual threads. */
    BOTH,
    /** On virtual threads only, or with other things that came with Java 21. */
    VIRTUAL,
    /** With the API for structured concurrency. */
    STRUCTURED
  }

  static Case clean(String name, LeakKind near, Program program) {
    return new Case(name, Set.of(), near, Visible.ALWAYS, Shape.PLATFORM, program);
  }

  static Case leaky(String name, Program program, LeakKind... kinds) {
    return new Case(
        name,
        EnumSet.copyOf(Arrays.asList(kinds)),
        kinds[0],
        Visible.ALWAYS,
        Shape.PLATFORM,
        program);
  }

  Case onBoth() {
    return with(Shape.BOTH);
  }

  Case with(Shape other) {
    return new Case(name, leaks, near, seen, other, program);
  }

  Case seen(Visible by) {
    return new Case(name, leaks, near, by, shape, program);
  }

  private boolean isSeenWithout() {
    return seen != Visible.WITH_AGENT
        && (seen != Visible.IN_FIELDS_OF_THE_JDK || Runtime.version().feature() < 24);
  }

  /** The verdict that is right on this tier and JDK. */
  Set<LeakKind> expected(boolean agent, boolean virtual) {
    Set<LeakKind> expected = EnumSet.noneOf(LeakKind.class);
    if (seen == Visible.VIRTUAL_WITH_AGENT && virtual && !agent) {
      expected.add(LeakKind.STRAY_VIRTUAL_THREAD);
    } else if (seen == Visible.AS_ONE_WITH_AGENT && agent) {
      expected.add(near);
    } else if (agent || isSeenWithout()) {
      for (LeakKind kind : leaks) {
        expected.add(
            virtual && kind == LeakKind.STRAY_THREAD ? LeakKind.STRAY_VIRTUAL_THREAD : kind);
      }
    }
    return expected;
  }
}
