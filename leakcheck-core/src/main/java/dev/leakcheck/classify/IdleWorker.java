package dev.leakcheck.classify;

import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;

/** Tells a pool's worker that waits for its next task. */
final class IdleWorker {

  private IdleWorker() {}

  static boolean is(ThreadRecord worker) {
    return WorkerStacks.isIdlePoolWorker(worker.stack())
        || WorkerStacks.isIdleForkJoinWorker(worker.stack())
        || worker.stack().stream().anyMatch(IdleWorker::awaitsTask);
  }

  /** A library's own copy of the JDK's pool, such as Tomcat's. */
  private static boolean awaitsTask(StackTraceElement frame) {
    return frame.getMethodName().equals("getTask")
        && frame.getClassName().endsWith(".ThreadPoolExecutor");
  }
}
