package dev.leakcheck.report;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of a JVM's report: a JSON object. A report begins with its {@link Jvm} and, if the JVM
 * got to its end, ends with an {@link End}; whatever stands between is what was known by then.
 * Immutable.
 */
public sealed interface ReportEntry {

  /** The version of what is written. A reader takes its own and older ones. */
  int SCHEMA = 1;

  /** What was checked. */
  enum Level {
    /** A test. */
    METHOD,
    /** A test class. */
    CLASS,
    /** Everything that ran in the JVM. */
    RUN,
    /** A scope that code opened itself. */
    CODE
  }

  /** What became of a finding. */
  enum Verdict {
    /** Nobody accepted it: it fails. */
    NEW,
    /** An annotation or an option accepts it. */
    ALLOWED,
    /** The baseline accepts it. */
    KNOWN,
    /** The baseline accepted it until a day that is past: it fails. */
    EXPIRED
  }

  /** What became of what was stopped once it was told of. */
  enum Stopped {
    /** Nothing of it is left. */
    ENDED,
    /** Something of it goes on; the fact "afterwards" says what. */
    ALIVE
  }

  /**
   * The JVM that wrote the report.
   *
   * @param id a random id, so that no report is counted twice
   * @param schema {@link #SCHEMA} when it was written
   * @param started when its first scope was opened
   * @param pid its process id
   * @param fork what the build tool calls it, or null
   * @param leakcheck LeakCheck's version
   * @param java the JDK's version
   * @param os the operating system
   * @param agent whether an agent recorded where things were created
   * @param coverage what no check could see, each in a sentence
   */
  record Jvm(
      String id,
      int schema,
      Instant started,
      long pid,
      @Nullable String fork,
      String leakcheck,
      String java,
      String os,
      boolean agent,
      List<String> coverage)
      implements ReportEntry {
    /** Copies the list. */
    public Jvm {
      coverage = List.copyOf(coverage);
    }
  }

  /**
   * A check that was done.
   *
   * @param scope name of the scope
   * @param level what was checked
   * @param type class name of the test, or null if it is none
   * @param method name of the test's method, or null if it is none
   * @param opened when the scope was opened
   * @param closed when its check was done
   * @param waited how long the check waited for threads to end
   * @param settledEarly whether it stopped waiting since nothing could change any more
   * @param failing how many findings fail it
   * @param accepted how many findings are accepted
   * @param coverage what this check could not see, each in a sentence
   * @param leftAlone what it met and does not tell, as it is somebody else's: each in a few words,
   *     the first {@link #MAX_LEFT_ALONE}
   */
  record Check(
      String scope,
      Level level,
      @Nullable String type,
      @Nullable String method,
      Instant opened,
      Instant closed,
      Duration waited,
      boolean settledEarly,
      int failing,
      int accepted,
      List<String> coverage,
      List<String> leftAlone)
      implements ReportEntry {

    /** How much of what was left alone is written. */
    public static final int MAX_LEFT_ALONE = 20;

    /** Copies the lists. */
    public Check {
      coverage = List.copyOf(coverage);
      leftAlone = List.copyOf(leftAlone);
    }
  }

  /**
   * Something that was left behind.
   *
   * @param at when it was found
   * @param scope name of the scope
   * @param level what was checked
   * @param type class name of the test, or null if it is none
   * @param method name of the test's method, or null if it is none
   * @param fingerprint the stable id of its cause
   * @param kind what sort of leak it is
   * @param title what was left, in one line
   * @param verdict what became of it
   * @param reason why it is accepted, or was; null if it never was
   * @param facts the evidence, most telling first
   * @param fix what to do about it
   * @param message all of it as a failure shows it
   * @param created the stack that created it, innermost frame first; empty if that is not known
   * @param creator the user's line among them: neither a factory's, which gave it away, nor a
   *     library's; null if that is not known
   * @param threads threads that it explains, the first {@link #MAX_THREADS}
   * @param threadCount how many threads it explains
   * @param plainFingerprint what the fingerprint is in a run without an agent, or null if it is the
   *     same
   * @param stopped what became of it where it was stopped, or null if it was not
   */
  record Leak(
      Instant at,
      String scope,
      Level level,
      @Nullable String type,
      @Nullable String method,
      String fingerprint,
      Kind kind,
      String title,
      Verdict verdict,
      @Nullable String reason,
      List<Fact> facts,
      String fix,
      String message,
      List<StackTraceElement> created,
      @Nullable StackTraceElement creator,
      List<ThreadRecord> threads,
      int threadCount,
      @Nullable String plainFingerprint,
      @Nullable Stopped stopped)
      implements ReportEntry {

    /** How many threads of one leak are written. */
    public static final int MAX_THREADS = 100;

    /** Copies the lists. */
    public Leak {
      facts = List.copyOf(facts);
      created = List.copyOf(created);
      threads = List.copyOf(threads);
    }

    /**
     * The line to go to.
     *
     * @return the creator, or in its place the innermost frame that is neither the JDK's nor a test
     *     runner's; empty if nothing is known of the creation
     */
    public Optional<StackTraceElement> usersLine() {
      return creator == null ? Stacks.firstOwnFrame(created) : Optional.of(creator);
    }

    /**
     * Whether it fails its test.
     *
     * @return true if nobody accepts it, or not any more
     */
    public boolean isFailing() {
      return verdict == Verdict.NEW || verdict == Verdict.EXPIRED;
    }
  }

  /**
   * How long a thread that was left behind lived. Written when it is found, and again when it has
   * ended or the JVM ends; the last one counts.
   *
   * @param thread its id
   * @param name its name as it was set
   * @param virtual whether it is a virtual thread
   * @param fingerprint of the leak that explains it
   * @param since when its scope was opened: it is not older
   * @param until when it was last seen alive
   * @param alive whether it was alive then
   */
  record Lifetime(
      long thread,
      String name,
      boolean virtual,
      String fingerprint,
      Instant since,
      Instant until,
      boolean alive)
      implements ReportEntry {}

  /**
   * What is there when all tests have run: a thread that keeps the JVM alive, or what it does
   * before it ends.
   *
   * @param at when the tests had run
   * @param what which of the two
   * @param name the thread's name
   * @param made when it was made, or null if that is not known
   */
  record Lingering(Instant at, Lingers what, String name, @Nullable String made)
      implements ReportEntry {}

  /** What is there when all tests have run. */
  enum Lingers {
    /** A thread that is no daemon. */
    THREAD,
    /** A shutdown hook. */
    HOOK
  }

  /**
   * The end of the JVM: without it the JVM was ended from outside, is still at work, or could not
   * write its report.
   *
   * @param at when
   * @param checks how many checks were done
   */
  record End(Instant at, long checks) implements ReportEntry {}
}
