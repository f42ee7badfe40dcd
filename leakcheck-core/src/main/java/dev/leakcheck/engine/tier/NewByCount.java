package dev.leakcheck.engine.tier;

import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.Suspicion;
import dev.leakcheck.engine.scope.Baseline;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Without an agent: what came after the baseline is new, whoever made it. */
public final class NewByCount implements Newcomers {

  private final Engine engine;
  private final LeakScope scope;
  private final Baseline baseline;
  private @Nullable Set<String> withOlderWorkers;

  public NewByCount(Engine engine, LeakScope scope) {
    this.engine = engine;
    this.scope = scope;
    this.baseline = scope.baseline();
  }

  @Override
  public boolean nothing() {
    return scope.options().isBrief() && baseline.reading().sameAs(engine.counter().read());
  }

  @Override
  public List<Thread> threads() {
    return LiveThreads.all().stream()
        .filter(thread -> isNewPlatform(LiveThreads.id(thread)))
        .toList();
  }

  @Override
  public boolean isNewPlatform(long id) {
    return baseline.isNewPlatformThread(id);
  }

  @Override
  public boolean isNewVirtual(long id) {
    return baseline.isNewVirtualThread(id);
  }

  @Override
  public boolean mayHaveVirtual() {
    return engine.dumper().available()
        && (!scope.options().isBrief()
            || baseline.reading().mayHaveVirtualSince(engine.counter().read()));
  }

  @Override
  public boolean isNew(String executor) {
    return !executorsWithOlderWorkers().contains(executor)
        && !baseline.executors().contains(executor)
        && !engine.outside().contains(executor);
  }

  /** Where executors are not listed, one that has a worker from before is from before. */
  private Set<String> executorsWithOlderWorkers() {
    if (engine.dumper().available()) {
      return Set.of();
    }
    if (withOlderWorkers == null) {
      ThreadDump nothing = engine.dump(id -> false);
      Set<String> executors = new HashSet<>();
      for (Thread thread : LiveThreads.all()) {
        long id = LiveThreads.id(thread);
        if (!isNewPlatform(id) || engine.outside().contains(id)) {
          ExecutorService pool = Suspicion.executorOf(thread, nothing);
          if (pool != null) {
            executors.add(ExecutorProbe.identity(pool));
          }
        }
      }
      withOlderWorkers = executors;
    }
    return withOlderWorkers;
  }
}
