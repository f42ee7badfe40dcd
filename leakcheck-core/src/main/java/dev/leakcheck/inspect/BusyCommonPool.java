package dev.leakcheck.inspect;

import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.LibrarysCode;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tasks of the scope still run or wait in the common pool.
 *
 * @param workers the workers that run one
 * @param queued how many tasks wait for a worker
 * @param severalTests whether several tests ran at the same time and may have left them
 * @param identities what tells the tasks from others, each
 */
record BusyCommonPool(
    List<ThreadRecord> workers, long queued, boolean severalTests, Set<String> identities)
    implements Symptom {

  /** Copies the collections. */
  public BusyCommonPool {
    workers = List.copyOf(workers);
    identities = Set.copyOf(identities);
  }

  @Override
  public String identity() {
    return LeakKind.BUSY_COMMON_POOL.id() + " " + String.join(" ", identities);
  }

  @Override
  public boolean mayPass() {
    return true;
  }

  @Override
  public Finding explain(Evidence evidence) {
    Classifier.Cause none = new Classifier.Cause();
    return new Writer(none, evidence).write(this);
  }

  @Override
  public Set<String> begunWith() {
    Set<String> classes = new HashSet<>();
    for (ThreadRecord worker : workers) {
      List<StackTraceElement> own = Stacks.own(worker.stack());
      if (own.isEmpty()) {
        return Set.of();
      }
      classes.add(own.get(own.size() - 1).getClassName());
    }
    return queued > 0 ? Set.of() : classes;
  }

  @Override
  public Part part() {
    return new Part(
        "busy common pool",
        CauseWriter.names(workers),
        new Origin.Unknown("nothing says who gave a task to the common pool"));
  }

  /** The workers are not the finding's threads: the next task that they run is somebody else's. */
  private static final class Writer extends CauseWriter {

    private static final String END_EXECUTED =
        "execute() gives no future to wait for a task by: have it end before the test does, as by a"
            + " flag that it looks at; or give it to CompletableFuture.runAsync(), and join() what"
            + " this returns; or give it to an executor that the test closes";

    Writer(Classifier.Cause none, Evidence evidence) {
      super(none, evidence);
    }

    private static String fix(BusyCommonPool pool) {
      return pool.queued == 0
              && pool.workers.stream().allMatch(worker -> WorkerStacks.isExecuting(worker.stack()))
          ? END_EXECUTED
          : JOIN_ASYNC;
    }

    Finding write(BusyCommonPool pool) {
      int running = pool.workers.size();
      if (running > 0) {
        facts.add(Fact.of(running == 1 ? "worker" : "workers", names(pool.workers)));
        addPlaces("doing", pool.workers);
      }
      if (pool.queued > 0) {
        facts.add(Fact.of("queued", count((int) pool.queued, "task") + ", not begun"));
      }
      addWhy(
          "the pool serves the whole JVM: what still runs here runs into other tests and takes"
              + " their threads");
      if (pool.severalTests) {
        facts.add(
            Fact.of("whose", "tests ran at the same time: which of them left this cannot be told"));
      }
      Fingerprint fingerprint = new Fingerprint(LeakKind.BUSY_COMMON_POOL);
      fingerprint.at(pool.workers);
      String librarys =
          pool.queued > 0 ? null : LibrarysCode.fixIfKnown(pool.workers, evidence.code());
      return finding(
          LeakKind.BUSY_COMMON_POOL,
          "ForkJoinPool.commonPool() "
              + (running > 0
                  ? "still runs " + count(running, "task")
                  : "still has " + count((int) pool.queued, "task") + " queued"),
          librarys == null ? fix(pool) : librarys,
          fingerprint);
    }
  }
}
