package dev.leakcheck.contract;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;

/**
 * {@link Contracts#assertShutsDown} for what is closed: {@code close()} returns, and all is over.
 */
final class Closing {

  private Closing() {}

  static void check(AutoCloseable closeable, Duration grace) {
    if (closeable instanceof ExecutorService executor) {
      ShuttingDown.check(executor, grace);
      return;
    }
    long deadline = Vigil.deadline(grace);
    String name = closeable.getClass().getName();
    name = "close() of " + name.substring(name.lastIndexOf('.') + 1);
    TaskRun run = new TaskRun(closeable::close);
    Thread thread = start(run, "leakcheck-close");
    Vigil vigil = new Vigil(() -> Sample.of(thread), run::hasEnded);
    if (!vigil.awaitEnd(deadline) && vigil.lookClosely()) {
      throw new ContractError(
          name + " did not return within " + Vigil.text(grace),
          vigil.facts(
              "when told",
              new Deaf.Reason(
                  "it waits for something that does not end",
                  "have what it waits for end first (interrupt it, close what it reads), and wait"
                      + " with a time limit")));
    }
    Throwable thrown = run.thrown();
    if (thrown != null) {
      throw threw(name, thrown);
    }
    if (run.endedAt() - deadline > 0) {
      throw new ContractError(
          name + " returned, but not within " + Vigil.text(grace),
          List.of(
              Fact.of("why", "it took longer than it may"),
              Fact.of("fix", "stop what it waits for sooner, or allow more time")));
    }
  }

  static void check(Callable<? extends AutoCloseable> make, Duration grace) {
    long ignored = Vigil.deadline(grace); // a bad limit is told before anything is made
    LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().named("what was closed"));
    try {
      AutoCloseable made;
      try {
        made = make.call();
      } catch (Exception failure) {
        throw threw("the code that makes what is to be closed", failure);
      }
      check(made, grace);
      Findings left = scope.findings();
      if (!left.isEmpty()) {
        throw new ContractError(
            "close() returned, but left something behind",
            List.of(
                Fact.of("left", Stopping.titles(left)),
                Fact.of("why", "what an object starts has to end with its close()"),
                Fact.of("fix", "stop it in close() and wait for its end; see below for each")),
            left);
      }
    } finally {
      scope.end();
    }
  }

  static Thread start(TaskRun run, String name) {
    return run.start(
        body -> {
          Thread thread = new Thread(body, name);
          thread.setDaemon(true); // one that hangs must not keep the JVM alive
          return thread;
        });
  }

  static ContractError threw(String what, Throwable thrown) {
    List<Fact> facts = ContractError.thrown(thrown);
    facts.add(Fact.of("why", "whether everything was stopped is not known then"));
    facts.add(Fact.of("fix", "mend what it threw; stop the rest in finally blocks"));
    return new ContractError(what + " threw an exception", facts, thrown);
  }
}
