package dev.leakcheck.inspect;

import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Printable;
import java.util.Set;

/**
 * A structured task scope that is still open.
 *
 * @param name the name by which the JDK lists it
 * @param owner the name of the thread that opened it
 * @param threads ids of the threads that were forked in it, or by these, and are still alive
 */
record UnclosedTaskScope(String name, String owner, Set<Long> threads) implements Symptom {

  private static final String FLOCK = "/jdk.internal.misc.ThreadFlock";

  /** Copies the ids. */
  public UnclosedTaskScope {
    threads = Set.copyOf(threads);
  }

  @Override
  public String identity() {
    return LeakKind.UNCLOSED_TASK_SCOPE.id() + " " + name;
  }

  @Override
  public Finding explain(Evidence evidence) {
    Classifier.Cause forks = new Classifier.Cause();
    evidence.threads().stream()
        .filter(thread -> threads.contains(thread.id()))
        .forEach(forks.threads::add);
    return new Writer(forks, evidence).write(this);
  }

  /** Such as {@code StructuredTaskScope@1b2c} or {@code StructuredTaskScope "orders"}. */
  private String title() {
    int flock = name.indexOf(FLOCK);
    int hash = name.lastIndexOf('@');
    return "StructuredTaskScope"
        + (flock > 0
            ? " \"" + Printable.name(name.substring(0, flock)) + "\""
            : hash > 0 ? name.substring(hash) : "");
  }

  /** Explains the threads that were forked. */
  private static final class Writer extends CauseWriter {

    Writer(Classifier.Cause forks, Evidence evidence) {
      super(forks, evidence);
    }

    Finding write(UnclosedTaskScope scope) {
      int running = cause.threads.size();
      facts.add(Fact.of("opened by", named(scope.owner)));
      facts.add(Fact.of("forks", running == 0 ? "none is alive" : running + " still alive"));
      addPlaces("doing", cause.threads);
      addWhy(
          "it stays open until its thread calls close() or ends; every task scope that this thread"
              + " opens meanwhile is inside it");
      Fingerprint fingerprint = new Fingerprint(LeakKind.UNCLOSED_TASK_SCOPE);
      fingerprint.at(cause.threads);
      return finding(
          LeakKind.UNCLOSED_TASK_SCOPE,
          scope.title() + ", never closed",
          "open it in try (var scope = StructuredTaskScope.open(…)) { … }, or call close() on the"
              + " thread that opened it; that interrupts its forks and waits for them",
          fingerprint);
    }
  }
}
