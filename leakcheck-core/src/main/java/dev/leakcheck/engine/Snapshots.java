package dev.leakcheck.engine;

import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Snapshot;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at all that is alive, whoever made it. */
final class Snapshots {

  private Snapshots() {}

  static Snapshot take(ThreadDumper dumper) {
    List<Thread> platform = LiveThreads.all();
    Set<Long> platformIds = new HashSet<>();
    platform.forEach(thread -> platformIds.add(LiveThreads.id(thread)));
    ThreadDump dump = dumper.take(id -> !platformIds.contains(id));
    Map<Long, String> executorOf = dump.executors();
    List<ThreadRecord> threads = new ArrayList<>();
    for (ThreadRecord thread : LiveThreads.describe(platform)) {
      threads.add(thread.inExecutor(executorOf.getOrDefault(thread.id(), thread.executor())));
    }
    dump.threads().stream().filter(ThreadRecord::virtual).forEach(threads::add);
    List<ExecutorRecord> executors =
        dump.containers().stream()
            .filter(container -> container.owner() == null)
            .map(c -> new ExecutorRecord(c.name(), c.type(), c.threads(), null, null))
            .toList();
    return new Snapshot(threads, executors, List.of(), dump.coverage());
  }
}
