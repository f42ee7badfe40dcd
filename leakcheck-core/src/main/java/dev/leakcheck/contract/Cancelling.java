package dev.leakcheck.contract;

import dev.leakcheck.model.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@link Contracts#assertCancels}: {@code cancel(true)} reaches the code that runs.
 *
 * <p>A future does not say which thread runs its body. A probe does; so does the JDK once the agent
 * has opened it; otherwise it is read off the stacks: a body that was not there before the work was
 * started, or for a future that was started before, a body that ends when the future is cancelled.
 * Used by one thread.
 */
final class Cancelling {

  private static final Duration BEGIN = Duration.ofSeconds(30);

  private static final Deaf.Reason COMPLETABLE =
      new Deaf.Reason(
          "CompletableFuture.cancel() completes the future and interrupts nobody, whatever its"
              + " argument: the body does not learn of it",
          "keep the Future that executor.submit() returns and cancel that one, or have the body ask"
              + " whether the future isDone(); orTimeout() and completeOnTimeout() do not stop it"
              + " either");

  private static final Deaf.Reason FORK_JOIN =
      new Deaf.Reason(
          "ForkJoinTask.cancel() interrupts nobody, whatever its argument, unless the task is an"
              + " interruptible one",
          "submit it to an executor whose futures interrupt, such as a ThreadPoolExecutor, or have"
              + " the body ask whether its task isCancelled()");

  private final Future<?> future;
  private final Duration within;

  private Cancelling(Future<?> future, Duration within) {
    this.future = future;
    this.within = within;
  }

  /** By a probe that the body tells. */
  static void check(Future<?> future, CancellationProbe probe, Duration within) {
    long ignored = Vigil.deadline(within); // a bad limit is told before anything is cancelled
    Cancelling cancelling = new Cancelling(future, within);
    cancelling.requireRunning();
    Thread thread = probe.thread();
    if (thread == null) {
      throw cancelling.notStarted("the probe was not started: the future may wait in a queue");
    }
    Vigil vigil = new Vigil(() -> Sample.of(thread), probe::hasEnded);
    boolean ended = cancelling.cancel(List.of(vigil), probe) && vigil.hasEnded();
    if (!ended && vigil.lookClosely()) {
      throw cancelling.failed(vigil, probe.wasToldToStop());
    }
  }

  /** By what was not there before the work was started. */
  static void check(Callable<? extends Future<?>> start, Duration within) {
    long ignored = Vigil.deadline(within);
    Set<String> before =
        RunningBody.all(null).stream().map(RunningBody::key).collect(Collectors.toSet());
    Future<?> future;
    try {
      future = start.call();
    } catch (Exception failure) {
      throw Closing.threw("the code that starts the work", failure);
    }
    Cancelling cancelling = new Cancelling(future, within);
    List<Vigil> bodies = cancelling.underWay(before);
    cancelling.cancel(bodies, null);
    for (Vigil body : bodies) {
      if (!body.hasEnded() && body.lookClosely()) {
        throw cancelling.failed(body, false);
      }
    }
  }

  /** A thread that merely was started at the same time may end as it likes. */
  private List<Vigil> underWay(Set<String> before) {
    while (true) {
      List<Vigil> bodies = started(before).stream().filter(Vigil::awaitUnderWay).toList();
      if (future.isDone()) {
        throw endedByItself();
      }
      if (!bodies.isEmpty()) {
        return bodies;
      }
    }
  }

  private List<Vigil> started(Set<String> before) {
    List<Vigil> bodies = new ArrayList<>();
    Vigil.await(
        () -> {
          RunningBody exact = RunningBody.of(future);
          if (exact != null) {
            bodies.add(exact.vigil());
          } else if (!RunningBody.canRead(future)) {
            RunningBody.all(null).stream()
                .filter(body -> !body.isAmong(before))
                .forEach(body -> bodies.add(body.vigil()));
          }
          return !bodies.isEmpty() || future.isDone();
        },
        Vigil.deadline(BEGIN));
    if (future.isDone()) {
      throw endedByItself();
    }
    if (bodies.isEmpty()) {
      throw notStarted("no thread was seen to run it in " + Vigil.text(BEGIN));
    }
    return bodies;
  }

  /** By who runs it, or else by who ends when it is cancelled. */
  static void check(Future<?> future, Duration within) {
    long ignored = Vigil.deadline(within);
    Cancelling cancelling = new Cancelling(future, within);
    cancelling.requireRunning();
    RunningBody exact = RunningBody.of(future);
    boolean certain = RunningBody.canRead(future);
    List<Vigil> bodies =
        exact != null
            ? List.of(exact.vigil())
            : certain
                ? List.of()
                : RunningBody.all(future).stream().map(RunningBody::vigil).toList();
    if (bodies.isEmpty()) {
      throw cancelling.notStarted("no thread is seen to run it: it may wait in a queue");
    }
    if (!cancelling.cancel(bodies, null)) {
      throw cancelling.failed(bodies, certain);
    }
  }

  /** Tells the bodies; true if one ended in time. */
  private boolean cancel(List<Vigil> bodies, @Nullable CancellationProbe probe) {
    bodies.forEach(Vigil::beforeTelling);
    if (probe == null) {
      future.cancel(true);
    } else {
      probe.tell(() -> future.cancel(true));
    }
    long deadline = Vigil.deadline(within);
    boolean all = Vigil.await(() -> bodies.stream().allMatch(Vigil::hasEnded), deadline);
    return all || bodies.stream().anyMatch(Vigil::hasEnded);
  }

  private void requireRunning() {
    if (future.isDone()) {
      throw endedByItself();
    }
  }

  private static ContractError endedByItself() {
    return new ContractError(
        "the future was done before it was cancelled",
        List.of(
            Fact.of("why", "its body had ended by itself: whether a cancel stops it is not known"),
            Fact.of("fix", "start work that goes on until it is stopped, and cancel it once")));
  }

  private ContractError notStarted(String why) {
    future.cancel(true);
    return new ContractError(
        "the future's body is not running",
        List.of(
            Fact.of("why", why),
            Fact.of(
                "fix",
                "wait until it has begun; where it runs unseen, have the body tell a"
                    + " CancellationProbe, and pass that as well")));
  }

  private ContractError failed(Vigil body, boolean told) {
    List<Fact> facts = new ArrayList<>();
    if (!future.isCancelled()) {
      facts.add(Fact.of("future", "isCancelled() is false: its cancel(true) did nothing"));
    }
    facts.addAll(body.facts("when told", told || body.isInterrupted() ? null : known()));
    return new ContractError(
        "the code did not stop within " + Vigil.text(within) + " of Future.cancel(true)", facts);
  }

  /** What is known of futures that interrupt nobody. */
  private Deaf.@Nullable Reason known() {
    if (future.getClass() == CompletableFuture.class) {
      return COMPLETABLE;
    }
    return future instanceof ForkJoinTask && Runtime.version().feature() < 22 ? FORK_JOIN : null;
  }

  /** None of the bodies that may be the future's has ended. */
  private ContractError failed(List<Vigil> bodies, boolean certain) {
    List<Vigil> left = bodies.stream().filter(Vigil::lookClosely).toList();
    for (Vigil body : left) {
      if (certain || body.isInterrupted()) {
        return failed(body, false);
      }
    }
    List<Fact> facts = new ArrayList<>();
    left.stream().limit(2).forEach(body -> facts.addAll(body.seen()));
    Deaf.Reason known = known();
    facts.add(
        Fact.of(
            "why",
            "nothing that runs ended within "
                + Vigil.text(within)
                + " of the cancel; whether this is the future's body, or that one waits in a queue,"
                + " cannot be told"
                + (known == null ? "" : ". " + known.why())));
    facts.add(
        Fact.of(
            "fix",
            "pass the code that starts the work, or a CancellationProbe, or use the agent"
                + (known == null ? "" : ". " + known.fix())));
    return new ContractError("it cannot be shown that Future.cancel(true) stops the code", facts);
  }
}
