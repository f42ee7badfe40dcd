package dev.leakcheck.contract;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Printable;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** {@link Contracts#assertStops}: a task that ends when it is interrupted. */
final class Stopping {

  private static final Duration BEGIN = Duration.ofSeconds(60);

  private final Duration within;

  private Stopping(Duration within) {
    this.within = within;
  }

  static void check(Contracts.Task task, Duration within, ThreadFactory threads) {
    long ignored = Vigil.deadline(within); // a bad limit is told before anything runs
    LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().named("the task"));
    try {
      new Stopping(within).check(new TaskRun(task), threads, scope);
    } finally {
      scope.end();
    }
  }

  private void check(TaskRun run, ThreadFactory threads, LeakScope scope) {
    Thread started = run.start(threads);
    if (!Vigil.await(() -> run.thread() != null, Vigil.deadline(BEGIN))) {
      throw new ContractError(
          "the task did not begin",
          List.of(
              Fact.of("thread", Printable.name(started.getName())),
              Fact.of("why", "the thread that the factory made does not run what it was given"),
              Fact.of("fix", "have the thread factory make a thread that runs its argument")));
    }
    Thread thread = run.thread() == null ? started : run.thread();
    Vigil vigil = new Vigil(() -> Sample.of(thread), run::hasEnded);
    if (!vigil.awaitUnderWay()) {
      throw endedByItself(run);
    }
    vigil.beforeTelling();
    long toldAt = System.nanoTime();
    thread.interrupt();
    if (vigil.awaitEnd(toldAt + within.toNanos())) {
      judge(run, toldAt, scope);
      return;
    }
    String limit = Vigil.text(within) + " of its interrupt";
    if (vigil.lookClosely()) {
      throw new ContractError(
          "the task did not stop within " + limit, vigil.facts("when told", null));
    }
    Duration took = Duration.ofNanos(run.endedAt() - toldAt);
    if (took.compareTo(within) > 0) {
      throw new ContractError(
          "the task stopped, but not within " + limit,
          List.of(
              Fact.of("took", Vigil.text(took)),
              Fact.of("why", "it reacts to the interrupt, but later than it may"),
              Fact.of("fix", "look at the interrupt flag more often, or allow more time")));
    }
    judge(run, toldAt, scope);
  }

  private static ContractError endedByItself(TaskRun run) {
    Throwable thrown = run.thrown();
    List<Fact> facts = thrown == null ? new ArrayList<>() : ContractError.thrown(thrown);
    facts.add(
        Fact.of(
            "why", "it was over before it could be interrupted: whether it stops is not known"));
    facts.add(
        Fact.of(
            "fix",
            thrown == null
                ? "pass a task that goes on until it is stopped, such as a loop or a wait"
                : "mend what it threw, or what it needs to run"));
    return new ContractError("the task ended by itself", facts, thrown);
  }

  private static void judge(TaskRun run, long toldAt, LeakScope scope) {
    if (run.endedAt() - toldAt < 0) {
      throw endedByItself(run);
    }
    Throwable thrown = run.thrown();
    if (thrown != null && !isInterrupt(thrown)) {
      List<Fact> facts = ContractError.thrown(thrown);
      facts.add(
          Fact.of(
              "why", "who runs the task takes that for a failure, not for an answer to a stop"));
      facts.add(
          Fact.of(
              "fix",
              "return, throw InterruptedException, or keep it as the cause of what is thrown"));
      throw new ContractError(
          "the task was interrupted and ended by another exception", facts, thrown);
    }
    Findings left = scope.findings();
    if (!left.isEmpty()) {
      throw new ContractError(
          "the task stopped, but left something behind",
          List.of(
              Fact.of("left", titles(left)),
              Fact.of("why", "what a task starts has to end with it: nobody else knows of it"),
              Fact.of("fix", "stop it in a finally block of the task; see below for each")),
          left);
    }
  }

  static String titles(Findings left) {
    return left.list().stream()
        .map(finding -> finding.kind().id() + " " + finding.title())
        .reduce((one, other) -> one + ", " + other)
        .orElse("");
  }

  /** Whether an exception says that the thread was interrupted, however it is wrapped. */
  static boolean isInterrupt(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (@Nullable Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      if (t instanceof InterruptedException
          || t instanceof ClosedByInterruptException
          || t instanceof CancellationException
          || (t instanceof InterruptedIOException && !(t instanceof SocketTimeoutException))
          || (t instanceof SocketException && "Closed by interrupt".equals(t.getMessage()))
          || t.getClass().getSimpleName().matches(".*Interrupt(ed)?Exception")) {
        return true;
      }
    }
    return false;
  }
}
