package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.ThreadDump;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/** Executors that their workers lead to, for JVMs that do not list executors. */
public final class LiveExecutors {

  private LiveExecutors() {}

  /** The executor of a worker thread, where a dump does not list executors. */
  public static @Nullable ExecutorService of(Thread thread, ThreadDump dump) {
    if (!dump.containers().isEmpty()) {
      return null;
    }
    return thread instanceof ForkJoinWorkerThread worker
        ? Ask.pool(worker)
        : WorkerExecutors.of(thread);
  }
}
