package dev.leakcheck.contract;

import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@link Contracts#assertShutsDown}: an executor that finishes what it accepted, refuses what comes
 * later, and ends.
 *
 * <p>Markers tell: three tasks are handed over before {@code shutdown()}, the first of which goes
 * on until the executor says that it is shut down, and one after it. Used by one thread.
 */
final class ShuttingDown {

  private static final int ACCEPTED = 3;
  private static final int THREADS_SHOWN = 3;

  /** In which the first marker may begin; it is as good if it does not. */
  private static final Duration BEGIN = Duration.ofMillis(200);

  /** What a shutdown() may take that does not wait for the work. */
  private static final Duration SHUTDOWN_CALL = Duration.ofSeconds(1);

  /** What the second try has at the least, and what a thread has to end behind its executor. */
  private static final Duration SECOND_TRY = Duration.ofSeconds(5);

  private final ExecutorService executor;
  private final Duration grace;
  private final String name;
  private final List<Marker> accepted = new ArrayList<>();
  private final List<Fact> facts = new ArrayList<>();
  private volatile boolean shutdownReturned;
  private long shutdownSeenAt; // by the first marker only

  private ShuttingDown(ExecutorService executor, Duration grace) {
    this.executor = executor;
    this.grace = grace;
    String type = executor.getClass().getName();
    this.name = type.substring(type.lastIndexOf('.') + 1);
  }

  static void check(ExecutorService executor, Duration grace) {
    long ignored = Vigil.deadline(grace); // a bad limit is told before anything is shut down
    new ShuttingDown(executor, grace).run();
  }

  private void run() {
    if (executor == ForkJoinPool.commonPool()) {
      throw unusable(
          "the common pool cannot be shut down",
          "shutdown() has no effect on ForkJoinPool.commonPool()",
          "pass an executor that the code makes for itself");
    }
    if (executor.isShutdown()) {
      throw unusable(
          name + " was shut down before",
          "what it does with work on the way cannot be tried any more",
          "pass an executor that is running");
    }
    handOver();
    Vigil.await(() -> accepted.get(0).hasBegun(), Vigil.deadline(BEGIN));
    TaskRun shutdown =
        new TaskRun(
            () -> {
              try {
                executor.shutdown();
              } finally {
                shutdownReturned = true;
              }
            });
    long deadline = Vigil.deadline(grace);
    Thread caller = Closing.start(shutdown, "leakcheck-shutdown");
    Vigil.await(() -> shutdown.hasEnded() || executor.isTerminated(), deadline);
    Throwable thrown = shutdown.thrown();
    if (thrown != null) {
      throw Closing.threw("shutdown() of " + name, thrown);
    }
    String late = shutdown.hasEnded() ? newWork() : null;
    boolean stopped = Vigil.await(executor::isTerminated, deadline);
    if (!stopped) {
      throw hung(late, shutdown.hasEnded() ? null : caller);
    }
    judge(late);
  }

  private static ContractError unusable(String headline, String why, String fix) {
    return new ContractError(headline, List.of(Fact.of("why", why), Fact.of("fix", fix)));
  }

  private void handOver() {
    accepted.add(new Marker(this::isFirstDone));
    while (accepted.size() < ACCEPTED) {
      accepted.add(new Marker(() -> true));
    }
    for (Marker marker : accepted) {
      try {
        executor.execute(marker);
      } catch (RejectedExecutionException refused) {
        shutdownReturned = true; // or the first marker would go on
        executor.shutdown();
        throw new ContractError(
            name + " refuses work before it is shut down",
            List.of(
                Fact.of("why", "it is running, and refused one of " + ACCEPTED + " short tasks"),
                Fact.of(
                    "fix", "pass it with room for " + ACCEPTED + " tasks, in threads or queue")),
            refused);
      }
    }
  }

  /**
   * Goes on until {@code shutdown()} has returned, as it interrupts workers last. One that waits
   * for the work must not wait for ever.
   */
  private boolean isFirstDone() {
    if (shutdownReturned || executor.isTerminated()) {
      return true;
    }
    if (!executor.isShutdown()) {
      return false;
    }
    if (shutdownSeenAt == 0) {
      shutdownSeenAt = System.nanoTime() | 1; // 0 says that it was not seen
    }
    return System.nanoTime() - shutdownSeenAt > SHUTDOWN_CALL.toNanos();
  }

  /** Hands over a task after {@code shutdown()}; null if it was refused as it has to be. */
  private @Nullable String newWork() {
    Marker late = new Marker(() -> true);
    try {
      executor.execute(late);
    } catch (RejectedExecutionException asItShould) {
      return null;
    } catch (RuntimeException | Error other) {
      return "refused by " + other.getClass().getName() + ", not by RejectedExecutionException";
    }
    Vigil.await(() -> late.hasEnded() || executor.isTerminated(), Vigil.deadline(BEGIN));
    return late.hasEnded()
        ? "accepted and run after shutdown()"
        : "neither refused by RejectedExecutionException nor run";
  }

  private ContractError hung(@Nullable String late, @Nullable Thread caller) {
    state();
    lost("unfinished");
    newWork(late);
    List<Sample> busy = Workers.busy(executor, accepted);
    if (caller != null) {
      Sample stuck = Sample.of(caller);
      if (stuck != null) {
        facts.add(stuck.fact("shutdown()"));
      }
    }
    busy.stream().limit(THREADS_SHOWN).forEach(sample -> hangs(sample));
    if (busy.size() > THREADS_SHOWN) {
      facts.add(Fact.of("", "and " + (busy.size() - THREADS_SHOWN) + " more threads"));
    }
    int delayed = delayed();
    boolean helped = force();
    if (delayed > 0 && busy.isEmpty()) {
      facts.add(
          Fact.of(
              "why",
              delayed
                  + (delayed == 1 ? " delayed task waits" : " delayed tasks wait")
                  + " for its time, and shutdown() keeps them"));
      facts.add(
          Fact.of(
              "fix",
              "cancel them, or setExecuteExistingDelayedTasksAfterShutdownPolicy(false) when it is"
                  + " made"));
    } else {
      why(busy, helped);
    }
    return new ContractError(name + " did not shut down within " + Vigil.text(grace), facts);
  }

  private void why(List<Sample> busy, boolean helped) {
    if (busy.isEmpty()) {
      facts.add(
          Fact.of(
              "why",
              "shutdown() waits for what runs and interrupts nobody; which thread that is cannot be"
                  + " told here"));
    } else {
      facts.add(
          Fact.of(
              "why", "shutdown() waits for what runs and interrupts nobody: this does not end"));
    }
    if (helped) {
      facts.add(
          Fact.of(
              "fix",
              "have the task end by itself, or call shutdownNow() when awaitTermination() returns"
                  + " false"));
      return;
    }
    facts.add(
        Fact.of(
            "fix",
            busy.stream()
                .flatMap(sample -> LiveThreads.byId(sample.thread().id()).stream())
                .map(Vigil::of)
                .filter(Vigil::lookClosely)
                .findFirst()
                .map(vigil -> vigil.reason().why() + ": " + vigil.reason().fix())
                .orElse("have the task end when it is interrupted")));
  }

  private void hangs(Sample sample) {
    List<String> lines = new ArrayList<>();
    lines.addAll(sample.name().lines());
    lines.addAll(sample.fact("hangs").lines());
    facts.add(new Fact("hangs", lines));
  }

  /** Tries the hard way, and says whether it helped. */
  private boolean force() {
    TaskRun now = new TaskRun(executor::shutdownNow);
    Thread unused = Closing.start(now, "leakcheck-shutdown-now");
    Duration time = grace.compareTo(SECOND_TRY) > 0 ? grace : SECOND_TRY;
    boolean helped = Vigil.await(executor::isTerminated, Vigil.deadline(time));
    facts.add(
        Fact.of(
            "then",
            helped
                ? "shutdownNow() ended it"
                : "shutdownNow() did not end it either, in " + Vigil.text(time)));
    return helped;
  }

  private void judge(@Nullable String late) {
    String headline = null;
    if (lost("lost")) {
      headline = name + " lost work that it had accepted";
      facts.add(Fact.of("why", "what was handed over before shutdown() has to run undisturbed"));
      facts.add(Fact.of("fix", "call shutdown(), not shutdownNow(), and let the queue run empty"));
    } else if (late != null) {
      headline = name + " did not refuse new work after shutdown()";
      newWork(late);
      facts.add(
          Fact.of(
              "why", "who hands over work has to learn that it will not run, or it waits for it"));
      facts.add(
          Fact.of(
              "fix",
              "throw RejectedExecutionException once isShutdown() is true, such as by AbortPolicy"));
    } else if (!threadsEnd()) {
      headline = name + " has terminated, but its threads have not ended";
      facts.add(Fact.of("why", "a thread outlives the executor that it works for"));
      facts.add(
          Fact.of("fix", "have the thread factory's threads end when their Runnable returns"));
    }
    if (headline != null) {
      throw new ContractError(headline, facts);
    }
  }

  /** Only the JDK's executors are known to own the threads that work for them. */
  private boolean threadsEnd() {
    if (!executor.getClass().getName().startsWith("java.util.concurrent.")) {
      return true;
    }
    List<Thread> threads =
        accepted.stream().map(Marker::thread).filter(Objects::nonNull).distinct().toList();
    if (Vigil.await(
        () -> threads.stream().noneMatch(Thread::isAlive), Vigil.deadline(SECOND_TRY))) {
      return true;
    }
    threads.stream().map(Sample::of).filter(Objects::nonNull).forEach(this::hangs);
    return facts.isEmpty();
  }

  private boolean lost(String key) {
    long unfinished = accepted.stream().filter(marker -> !marker.hasEnded()).count();
    if (unfinished > 0) {
      facts.add(
          Fact.of(
              key, unfinished + " of " + ACCEPTED + " tasks that it accepted before shutdown()"));
    }
    boolean interrupted = accepted.stream().anyMatch(Marker::wasInterrupted);
    if (interrupted) {
      facts.add(Fact.of("disturbed", "a task that was running was interrupted by shutdown()"));
    }
    return unfinished > 0 || interrupted;
  }

  private void newWork(@Nullable String late) {
    if (late != null) {
      facts.add(Fact.of("new work", late));
    }
  }

  private void state() {
    ExecutorRecord.State state = ExecutorProbe.state(WorkerExecutors.unwrap(executor));
    if (state != null && state.active() >= 0) {
      facts.add(Fact.of("state", state.active() + " active, " + state.queued() + " queued"));
    }
  }

  private int delayed() {
    return WorkerExecutors.unwrap(executor) instanceof ScheduledThreadPoolExecutor scheduled
            && scheduled.getExecuteExistingDelayedTasksAfterShutdownPolicy()
        ? (int)
            scheduled.getQueue().stream()
                .filter(
                    task ->
                        task instanceof java.util.concurrent.Delayed wait
                            && wait.getDelay(TimeUnit.NANOSECONDS) > 0)
                .count()
        : 0;
  }
}
