package dev.leakcheck.contract;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** The threads that an executor has, as far as they can be told. */
final class Workers {

  private Workers() {}

  /** What an executor's threads that are not idle do. */
  static List<Sample> busy(ExecutorService executor, List<Marker> markers) {
    ExecutorService inner = WorkerExecutors.unwrap(executor);
    List<Sample> busy = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (Thread thread : LiveThreads.all()) {
      if (worksFor(thread, inner)) {
        Sample sample = Sample.of(thread);
        if (sample != null && seen.add(sample.thread().id())) {
          busy.add(sample);
        }
      }
    }
    if (!(inner instanceof ForkJoinPool)) {
      List<ThreadRecord> all = LeakCheck.snapshot().threads();
      Set<String> names = new HashSet<>();
      names.add(Identity.of(inner));
      for (ThreadRecord thread : all) { // behind a wrapper, a marker's thread tells
        if (thread.executor() != null
            && markers.stream()
                .map(Marker::thread)
                .anyMatch(ran -> ran != null && LiveThreads.id(ran) == thread.id())) {
          names.add(thread.executor());
        }
      }
      for (ThreadRecord thread : all) {
        if (thread.executor() != null
            && names.contains(thread.executor())
            && seen.add(thread.id())) {
          busy.add(new Sample(thread, null));
        }
      }
    }
    busy.removeIf(sample -> isIdle(sample.thread().stack()));
    return busy;
  }

  private static boolean worksFor(Thread thread, ExecutorService executor) {
    return thread instanceof ForkJoinWorkerThread worker
        ? worker.getPool() == executor
        : WorkerExecutors.of(thread) == executor;
  }

  private static boolean isIdle(List<StackTraceElement> stack) {
    return WorkerStacks.isIdlePoolWorker(stack) || WorkerStacks.isIdleForkJoinWorker(stack);
  }
}
