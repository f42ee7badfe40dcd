package dev.leakcheck;

import dev.leakcheck.model.Printable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings with the same keys as system properties and as JUnit configuration parameters. A bad
 * value is an error that names the key and what it takes. Who has settings elsewhere, such as a
 * test framework, reads them with the same keys by {@link #from}. Immutable.
 *
 * @param mode what happens when something leaked
 * @param level what is checked
 * @param settle how long a check waits at the most
 * @param agent whether the agent is used
 * @param proof whether a heap dump is asked if anybody can wake the threads that a test left
 * @param proofHeap how many bytes of the heap may live for {@link Proof#AUTO}
 * @param afterwards what becomes of what a check has told of
 * @param reportDir where this JVM's report is written, or null for the build tool's own place
 * @param baseline the file of accepted findings as it was given, or null if there is none
 */
public record LeakCheckSettings(
    Mode mode,
    Level level,
    Duration settle,
    Agent agent,
    Proof proof,
    long proofHeap,
    Afterwards afterwards,
    @Nullable String reportDir,
    @Nullable String baseline) {

  /** What all keys begin with. */
  public static final String PREFIX = "leakcheck.";

  /** Key of {@link #mode()}: {@code fail} (the default), {@code warn} or {@code off}. */
  public static final String MODE = PREFIX + "mode";

  /** Key of {@link #level()}: {@code method} (the default), {@code class} or {@code run}. */
  public static final String LEVEL = PREFIX + "level";

  /**
   * Key of {@link #settle()}: a number and a unit, such as {@code 3s}, {@code 500ms} or {@code 1m}.
   * The default of 3 s outlasts Netty's default quiet period of 2 s.
   */
  public static final String SETTLE = PREFIX + "settle";

  /** Key of {@link #agent()}: {@code auto} (the default), {@code attach} or {@code off}. */
  public static final String AGENT = PREFIX + "agent";

  /**
   * Key of {@link #reportDir()}: a directory, or {@code off} for no report. The default is {@code
   * target/leakcheck} under Maven, {@code build/leakcheck} under Gradle, and no report elsewhere.
   */
  public static final String REPORT_DIR = PREFIX + "report.dir";

  /**
   * Key of {@link #baseline()}: a file that {@code leakcheck baseline} wrote. What it accepts does
   * not fail, through the day on which an entry expires in the system's time zone. A relative path
   * is looked for in the directory that the system property {@code basedir} names, which is the
   * module's under Maven, and then in the working directory. Where several modules share a file,
   * say {@code ${maven.multiModuleProjectDirectory}/…} in the pom.
   */
  public static final String BASELINE = PREFIX + "baseline";

  /** Key of {@link #proof()}: {@code auto} (the default), {@code on} or {@code off}. */
  public static final String PROOF = PREFIX + "proof";

  /** Key of {@link #proofHeap()}: a number and a unit, such as {@code 64m} or {@code 1g}. */
  public static final String PROOF_HEAP = PREFIX + "proof.heap";

  /** Key of {@link #afterwards()}: {@code leave} (the default) or {@code stop}. */
  public static final String AFTERWARDS = PREFIX + "afterwards";

  private static final List<String> KEYS =
      List.of(MODE, LEVEL, SETTLE, AGENT, PROOF, PROOF_HEAP, AFTERWARDS, REPORT_DIR, BASELINE);
  private static final long DEFAULT_PROOF_HEAP = 64 << 20;
  private static final Pattern BYTES = Pattern.compile("(\\d{1,7})\\s*([kmg])b?");
  private static final Duration DEFAULT_SETTLE = Duration.ofSeconds(3);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,7})\\s*(ms|s|m)");

  /** What happens when something leaked. */
  public enum Mode {
    /** The test, class or run fails. */
    FAIL,
    /** It is logged and does not fail. */
    WARN,
    /** Nothing is checked. */
    OFF
  }

  /** What is checked. */
  public enum Level {
    /** Each test, and the class around it. */
    METHOD,
    /** Each class. */
    CLASS,
    /** The whole run. */
    RUN
  }

  /** Whether the agent, which records where things are created, is used. */
  public enum Agent {
    /** It is used if the JVM was started with it ({@code -javaagent:leakcheck-core.jar}). */
    AUTO,
    /**
     * It is loaded into the running JVM unless that was started with it. What was created before is
     * not recorded, and a JVM may refuse.
     */
    ATTACH,
    /** It is not used, even if the JVM was started with it. */
    OFF
  }

  /**
   * Whether a heap dump is asked if anybody alive can ever wake the threads that a test left. It is
   * for findings only that fail anyway.
   */
  public enum Proof {
    /**
     * Once for a test class, a few times in a JVM, and while no more of the heap lives than {@link
     * #PROOF_HEAP} says.
     */
    AUTO,
    /** For each check that fails, whatever the heap. */
    ON,
    /** It is not asked. */
    OFF
  }

  /** What becomes of what a check at the end of a scope has told of and nobody accepts. */
  public enum Afterwards {
    /** It goes on. */
    LEAVE,
    /**
     * Executors are shut down and other threads interrupted, once. The finding says what has ended
     * and what has not.
     */
    STOP
  }

  /**
   * Reads the system properties.
   *
   * @return the settings, defaults where a property is not set
   * @throws IllegalArgumentException if a property that begins with {@code leakcheck.} is unknown
   *     or has a bad value
   */
  public static LeakCheckSettings fromSystemProperties() {
    Set<String> names;
    try {
      names = System.getProperties().stringPropertyNames();
    } catch (SecurityException e) {
      names = Set.of(); // a security manager may hide the list and still let each key be read
    }
    rejectUnknown(names, "system properties");
    return from(LeakCheckSettings::systemProperty);
  }

  private static Optional<String> systemProperty(String key) {
    try {
      return Optional.ofNullable(System.getProperty(key));
    } catch (SecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads settings from anywhere.
   *
   * @param source gives the value of a key, or empty
   * @return the settings, defaults where a key has no value
   * @throws IllegalArgumentException if a value is bad
   */
  public static LeakCheckSettings from(Function<String, Optional<String>> source) {
    return new LeakCheckSettings(
        source.apply(MODE).map(value -> constant(MODE, value, Mode.values())).orElse(Mode.FAIL),
        source
            .apply(LEVEL)
            .map(value -> constant(LEVEL, value, Level.values()))
            .orElse(Level.METHOD),
        source.apply(SETTLE).map(value -> duration(SETTLE, value)).orElse(DEFAULT_SETTLE),
        source.apply(AGENT).map(value -> constant(AGENT, value, Agent.values())).orElse(Agent.AUTO),
        source.apply(PROOF).map(value -> constant(PROOF, value, Proof.values())).orElse(Proof.AUTO),
        source.apply(PROOF_HEAP).map(value -> bytes(PROOF_HEAP, value)).orElse(DEFAULT_PROOF_HEAP),
        source
            .apply(AFTERWARDS)
            .map(value -> constant(AFTERWARDS, value, Afterwards.values()))
            .orElse(Afterwards.LEAVE),
        source.apply(REPORT_DIR).map(value -> path(REPORT_DIR, value)).orElse(null),
        source.apply(BASELINE).map(value -> path(BASELINE, value)).orElse(null));
  }

  /**
   * Rejects keys that look like settings and are none, so that a typing error does not go
   * unnoticed.
   *
   * @param keys keys of any sort
   * @param where where they come from, for the message
   * @throws IllegalArgumentException if a key begins with {@code leakcheck.} and is unknown
   */
  public static void rejectUnknown(Collection<String> keys, String where) {
    for (String key : keys) {
      if (key.startsWith(PREFIX) && !KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '"
                + Printable.escape(key)
                + "' in "
                + where
                + "; LeakCheck knows "
                + String.join(", ", KEYS));
      }
    }
  }

  /**
   * Reads a duration as settings write it.
   *
   * @param key what it is the value of, for the message
   * @param value such as {@code 3s}, {@code 500ms} or {@code 1m}
   * @return the duration, at most an hour
   * @throws IllegalArgumentException if it is not of that form, or longer
   */
  public static Duration duration(String key, String value) {
    Matcher matcher = DURATION.matcher(value.strip());
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
          };
      if (duration.compareTo(Duration.ofHours(1)) <= 0) {
        return duration;
      }
    }
    throw bad(key, value, "a number and a unit (ms, s or m), at most an hour, such as 3s or 500ms");
  }

  private static long bytes(String key, String value) {
    Matcher matcher = BYTES.matcher(value.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw bad(key, value, "a number and a unit (k, m or g), such as 64m");
    }
    int shift =
        switch (matcher.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          default -> 30;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }

  private static String path(String key, String value) {
    String path = value.strip();
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw bad(key, value, "a path");
    }
    return path;
  }

  private static <E extends Enum<E>> E constant(String key, String value, E[] constants) {
    for (E constant : constants) {
      if (constant.name().equalsIgnoreCase(value.strip())) {
        return constant;
      }
    }
    List<String> names =
        java.util.Arrays.stream(constants).map(c -> c.name().toLowerCase(Locale.ROOT)).toList();
    throw bad(key, value, "one of " + String.join(", ", names));
  }

  private static IllegalArgumentException bad(String key, String value, String takes) {
    return new IllegalArgumentException(
        key + " is '" + Printable.escape(value) + "', but takes " + takes);
  }
}
