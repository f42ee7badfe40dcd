package dev.leakcheck.wiring;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.recorder.Recorder;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
    Set<Long> wanted = new HashSet<>();
    boolean virtual = false;
    for (ThreadRecord thread : records) {
      wanted.add(thread.id());
      virtual |= thread.virtual();
    }
    Map<Long, Thread> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      addTo(found, LiveThreads.all(), wanted);
    }
    if (virtual) {
      addTo(found, VirtualThreads.all().orElse(List.of()), wanted);
    }
    return found;
  }

  private static void addTo(Map<Long, Thread> found, List<Thread> threads, Set<Long> wanted) {
    for (Thread thread : threads) {
      long id = LiveThreads.id(thread);
      if (wanted.contains(id)) {
        found.put(id, thread);
      }
    }
  }

  @Override
  public Optional<Set<Long>> aliveVirtual(Set<Long> ids) {
    return engine.tier().aliveVirtual(ids);
  }
}
