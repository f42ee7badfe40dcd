package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.classify.MadeWhile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * When tests and their classes ran, told by the ids of threads: all threads of the JVM take them
 * from one counter. Only of those in whose time a thread was made, and of these the newest {@link
 * #MOST}: some two megabytes at the most. Nothing is told of a thread that may have been made in a
 * time that was forgotten. Thread-safe.
 */
public final class TestTimes {

  /** How many are kept. */
  static final int MOST = 10_000;

  private record Time(long after, long upTo, String name, boolean isTest) {
    boolean contains(long id) {
      return id > after && id <= upTo;
    }
  }

  private final int most;
  private final Deque<Time> times = new ArrayDeque<>();
  private long forgottenUpTo = -1;

  TestTimes() {
    this(MOST);
  }

  TestTimes(int most) {
    this.most = most;
  }

  /** What runs from now on, by a clock that reads the counters. */
  public Running begin(Supplier<Reading> clock) {
    return new Running(clock);
  }

  /** Runs since it was begun. */
  public final class Running {
    private final Supplier<Reading> clock;
    private final Reading from;

    private Running(Supplier<Reading> clock) {
      this.clock = clock;
      this.from = clock.get();
    }

    /** It was a test, and has ended. */
    public void endTest(Supplier<String> name) {
      add(from, clock.get(), name, true);
    }

    /** It was a class with its tests, and has ended. */
    public void endClass(String name) {
      addClass(from, clock.get(), name);
    }
  }

  /** A test ran between two readings. */
  void addTest(Reading from, Reading to, String name) {
    add(from, to, () -> name, true);
  }

  /** A class ran between two readings, its tests included. */
  void addClass(Reading from, Reading to, String name) {
    add(from, to, () -> name, false);
  }

  private synchronized void add(Reading from, Reading to, Supplier<String> name, boolean isTest) {
    if (from.created() == to.created()) {
      return;
    }
    times.addLast(new Time(from.lastId(), to.lastId(), name.get(), isTest));
    if (times.size() > most) {
      forgottenUpTo = Math.max(forgottenUpTo, times.removeFirst().upTo);
    }
  }

  /** What ran while the thread with an id was made; empty if nothing did, or that is not known. */
  public synchronized Optional<MadeWhile> of(long id) {
    if (id <= forgottenUpTo) {
      return Optional.empty();
    }
    Set<String> tests = new TreeSet<>();
    Set<String> classes = new TreeSet<>();
    for (Time time : times) {
      if (time.contains(id)) {
        (time.isTest ? tests : classes).add(time.name);
      }
    }
    List<String> outside = new ArrayList<>(classes);
    outside.removeIf(name -> isAround(name, tests) || isAround(name, classes));
    return tests.isEmpty() && outside.isEmpty()
        ? Optional.empty()
        : Optional.of(new MadeWhile(List.copyOf(tests), outside));
  }

  /** Whether one of some tests or classes is of a class, or of one inside it. */
  private static boolean isAround(String name, Set<String> inside) {
    return inside.stream().anyMatch(other -> other.startsWith(name + "."));
  }
}
