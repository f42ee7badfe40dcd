package dev.leakcheck;

import dev.leakcheck.capture.ExecutorProbe;
import dev.leakcheck.capture.ObjectGraph;
import dev.leakcheck.capture.ThreadCounter.Reading;
import dev.leakcheck.capture.ThreadDump;
import java.util.HashSet;
import java.util.Set;

/**
 * A time in which what is made belongs to no scope. Executors made in it are looked for if it took,
 * checks of scopes apart, long enough to make one, or if a thread was created: looking costs
 * milliseconds. Thread-safe.
 */
final class ScopePause implements LeakScope.Pause {

  private static final long TOO_SHORT_NANOS = 2_000_000;

  private final Engine engine;
  private final Reading from;
  private final long start;
  private final Set<String> heldBefore = new HashSet<>();
  private boolean over;

  ScopePause(Engine engine, LeakScope scope) {
    this.engine = engine;
    this.start = engine.nanosWithoutChecks();
    ObjectGraph.direct(scope.instances(), scope.classes())
        .forEach(held -> heldBefore.add(ExecutorProbe.identity(held.object())));
    this.from = engine.counter().read();
  }

  @Override
  public synchronized void close() {
    if (over) {
      return;
    }
    over = true;
    Reading to = engine.counter().read();
    boolean moved = !from.sameAs(to);
    if (moved) {
      engine.outside().add(from, to);
    }
    if (moved || engine.nanosWithoutChecks() - start > TOO_SHORT_NANOS) {
      ThreadDump dump = engine.dump(id -> false);
      for (ThreadDump.Container container : dump.containers()) {
        boolean fromBefore =
            container.threads().stream()
                .anyMatch(id -> id <= from.lastId() && !engine.outside().contains(id));
        if (!fromBefore
            && !heldBefore.contains(container.name())
            && !engine.wasListedBefore(container.name())) {
          engine.outside().add(container.name());
        }
      }
    }
  }
}
