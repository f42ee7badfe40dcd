package dev.leakcheck.inspect;

import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.OwnerWords;
import dev.leakcheck.classify.SharedWorkerSymptom;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of the scope that are left in an executor or a timer that is older than the scope: one, or
 * several that are alike.
 *
 * @param identities what tells the tasks from others, each
 * @param code class name of the user's code that they run
 * @param given class name of what the executor was given, which may be a library's that runs it
 * @param place what they are in
 * @param heldBy the field that holds that, or null if it is not known
 * @param standing what it is to the test, as a text goes on
 * @param schedule when the first of them runs; null if they were not scheduled
 * @param inNanos how long it is until then
 * @param workers the threads that run one now
 * @param hasFuture whether who gave them has a future of the JDK's that can interrupt them
 * @param delayed whether a delayed executor of the JDK's keeps them, which has no future of them
 * @param ofStage whether what it keeps is a stage's own, which does nothing once that is done
 * @param cancelled whether they were cancelled, and the threads that run them do not listen
 * @param goesOn whether each time one runs, it gives the next
 * @param runs what becomes of each
 * @param origin where the first of them was made
 */
record LeftoverTask(
    Set<String> identities,
    String code,
    String given,
    Place place,
    @Nullable String heldBy,
    String standing,
    @Nullable Schedule schedule,
    long inNanos,
    List<ThreadRecord> workers,
    boolean hasFuture,
    boolean delayed,
    boolean ofStage,
    boolean cancelled,
    boolean goesOn,
    List<Symptom.Run> runs,
    Origin origin)
    implements Symptom {

  /** What tasks may be in. */
  enum Kind {
    EXECUTOR,
    FORK_JOIN_POOL,
    /** Nobody can shut it down. */
    EVERYBODYS,
    TIMER
  }

  /**
   * What tasks are in.
   *
   * @param kind what it is
   * @param name what to call it; of an executor that can be shut down the class name and identity
   */
  record Place(Kind kind, String name) {

    private String what() {
      return isTimer() ? "timer" : "executor";
    }

    private boolean isTimer() {
      return kind == Kind.TIMER;
    }

    private boolean isNamed() {
      return kind == Kind.TIMER || kind == Kind.EVERYBODYS;
    }

    private String state() {
      return switch (kind) {
        case EXECUTOR, FORK_JOIN_POOL -> " and not shut down";
        case TIMER -> " and not cancelled";
        case EVERYBODYS -> "";
      };
    }
  }

  private static final Map<TimeUnit, String> SYMBOLS =
      Map.of(
          TimeUnit.HOURS, "h",
          TimeUnit.MINUTES, "min",
          TimeUnit.SECONDS, "s",
          TimeUnit.MILLISECONDS, "ms",
          TimeUnit.MICROSECONDS, "µs");

  /** The largest first. */
  private static final List<TimeUnit> UNITS =
      SYMBOLS.keySet().stream().sorted(Comparator.reverseOrder()).toList();

  /** Copies the collections. */
  public LeftoverTask {
    identities = Set.copyOf(identities);
    workers = List.copyOf(workers);
  }

  @Override
  public String identity() {
    return identities.stream().sorted().collect(Collectors.joining(" "));
  }

  @Override
  public Set<Long> threads() {
    return workers.stream().map(ThreadRecord::id).collect(Collectors.toSet());
  }

  @Override
  public Set<String> busy() {
    return workers.stream()
        .map(worker -> SharedWorkerSymptom.busy(worker.id(), code))
        .collect(Collectors.toSet());
  }

  @Override
  public boolean mayPass() {
    return true;
  }

  @Override
  public Finding explain(Evidence evidence) {
    return new Writer(evidence).write(this);
  }

  private boolean isPeriodic() {
    return schedule != null && schedule.isPeriodic();
  }

  /** What becomes of the tasks, as a title goes on. */
  private String fate() {
    boolean one = identities.size() == 1;
    if (schedule != null && schedule.periodNanos() > 0) {
      return (one ? "runs every " : "run every ") + period(schedule.periodNanos());
    }
    if (schedule != null && schedule.periodNanos() < 0) {
      return (one ? "runs again " : "run again ")
          + period(schedule.periodNanos())
          + " after each run";
    }
    if (!workers.isEmpty()) {
      return (one ? "still runs" : "still run") + (cancelled ? ", though cancelled," : "");
    }
    if (goesOn) {
      return one ? "is followed by another each time it runs" : "are each followed by another";
    }
    return schedule != null
        ? (one ? "is yet to run once" : "are yet to run once each")
        : (one ? "is still queued" : "are still queued");
  }

  /** A period, in the largest unit that makes it a whole number. */
  private static String period(long nanos) {
    long whole = Math.abs(nanos);
    for (TimeUnit unit : UNITS) {
      long nanosOfOne = unit.toNanos(1);
      if (whole % nanosOfOne == 0) {
        return whole / nanosOfOne + " " + SYMBOLS.get(unit);
      }
    }
    return whole + " ns";
  }

  /** About how long it is. */
  private static String about(long nanos) {
    for (TimeUnit unit : UNITS) {
      if (nanos >= 2 * unit.toNanos(1)) {
        return "in " + unit.convert(nanos, TimeUnit.NANOSECONDS) + " " + SYMBOLS.get(unit);
      }
    }
    return "now";
  }

  /** The workers are not the finding's threads: the next task that they run is somebody else's. */
  private static final class Writer extends CauseWriter {

    Writer(Evidence evidence) {
      super(new Classifier.Cause(), evidence);
    }

    private static String fix(LeftoverTask left) {
      if (left.cancelled) {
        return "a task that is cancelled goes on until it looks: cancel(true), have it end when it is"
            + " interrupted, and wait until it has ended";
      }
      if (left.delayed && !left.ofStage) {
        return "execute() of a delayed executor gives no future to cancel a task by: give it to"
            + " CompletableFuture.runAsync() with that executor, and cancel() what this returns when"
            + " the test or what it tests ends; or schedule in an executor that the test closes";
      }
      if (left.delayed) {
        return "a task of a delayed executor does nothing once its CompletableFuture is done: complete"
            + " or cancel that when the test or what it tests ends; or schedule in an executor that"
            + " the test closes";
      }
      if (left.goesOn) {
        return "have it give no other once the test or what it tests ends, as by a flag that it looks"
            + " at, and cancel the one that waits; or give it to "
            + (left.place.isTimer()
                ? "a Timer that the test cancels"
                : "an executor that the test closes");
      }
      if (left.schedule != null && (left.isPeriodic() || left.workers.isEmpty())) {
        return left.place.isTimer()
            ? "keep the TimerTask, and cancel() it when the test or what it tests ends; or schedule in"
                + " a Timer that the test cancels"
            : "keep the ScheduledFuture that schedule…() returned, and cancel it when the test or what"
                + " it tests ends; or schedule in an executor that the test closes";
      }
      return (left.hasFuture
              ? "keep the Future that "
                  + (left.schedule == null ? "submit()" : "submit() or schedule…()")
                  + " returned, and get() or cancel it before the test ends"
              : "have the task end before the test does, as by a flag that it looks at"
                  + (left.place.kind == Kind.EXECUTOR
                      ? " (submit() returns a Future that can interrupt it)"
                      : ""))
          + (left.place.isTimer()
              ? "; or schedule in a Timer that the test cancels"
              : "; or give the task to an executor that the test closes");
    }

    private static String code(String type) {
      String source = Stacks.withoutLambda(type);
      return source.equals(type) ? simple(type) : "a lambda of " + simple(source);
    }

    Finding write(LeftoverTask left) {
      boolean one = left.identities.size() == 1;
      String executor = left.place.isNamed() ? left.place.name : simple(left.place.name);
      facts.add(
          Fact.of(
              left.place.what(),
              executor
                  + (left.heldBy == null ? "" : " in " + left.heldBy)
                  + ", "
                  + left.standing
                  + left.place.state()));
      if (!left.workers.isEmpty()) {
        facts.add(Fact.of(left.workers.size() == 1 ? "worker" : "workers", names(left.workers)));
        addPlaces("doing", left.workers);
      } else if (left.schedule != null) {
        facts.add(Fact.of("next run", about(left.inNanos)));
      }
      addWhy(
          "the "
              + left.place.what()
              + " goes on, and so "
              + (one ? "does what was given" : "do the tasks that were given")
              + " to it: "
              + (left.isPeriodic() || left.workers.isEmpty()
                  ? "what runs later runs into other tests"
                  : "what still runs goes on beside other tests"));
      Fingerprint fingerprint =
          new Fingerprint(LeakKind.LEFTOVER_TASK)
              .type(left.code)
              .word(executor)
              .in(evidence)
              .createdBy(left.origin);
      return Symptom.finding(
          LeakKind.LEFTOVER_TASK,
          (one ? code(left.code) : left.identities.size() + " × " + code(left.code))
              + " "
              + left.fate()
              + " in "
              + executor,
          facts,
          Classifier.taskFix(left.origin)
              .or(() -> Classifier.taskFix(left.given))
              .or(() -> Optional.ofNullable(OwnerWords.ofLibrarysTask(left.origin)))
              .orElseGet(() -> fix(left)),
          List.of(),
          left.origin,
          fingerprint);
    }
  }
}
