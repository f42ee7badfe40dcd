package dev.leakcheck.wiring;

import dev.leakcheck.capture.threads.FoundThreads;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.recorder.Recorder;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the report says of this JVM. */
record ReportedJvm(Engine engine) implements JvmReport.Watched, Recorder.Threads {

  @Override
  public boolean isExact() {
    return engine.tier().isExact();
  }

  @Override
  public Coverage coverage() {
    return engine.tier().coverage();
  }

  @Override
  public Recorder.Threads threads() {
    return this;
  }

  @Override
  public void atShutdown(String name, Runnable action) {
    engine.shared().counter().addShutdownHook(name, action);
  }

  @Override
  public Map<Long, Thread> find(Collection<ThreadRecord> records) {
    return FoundThreads.of(records);
  }

  @Override
  public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
    return engine.tier().aliveVirtual(ids);
  }
}
