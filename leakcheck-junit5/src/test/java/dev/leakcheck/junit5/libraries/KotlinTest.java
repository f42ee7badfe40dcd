package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import kotlin.Unit;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.BuildersKt;
import kotlinx.coroutines.CoroutineStart;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.GlobalScope;
import kotlinx.coroutines.Job;
import org.junit.jupiter.api.Test;

/** Coroutines, as Java may start them: the body that Kotlin makes of a lambda is one method. */
class KotlinTest extends LibraryTest {

  private static final String WORKER = "worker of Kotlin's shared dispatcher";

  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean stop;

  @Test
  void coroutinesThatHaveEndedAreNoLeak() throws Exception {
    LeakScope scope = open();

    for (CoroutineContext dispatcher :
        new CoroutineContext[] {Dispatchers.getDefault(), Dispatchers.getIO()}) {
      CountDownLatch ran = new CountDownLatch(1);
      launch(dispatcher, ran::countDown);
      ran.await();
    }

    assertClean(scope);
  }

  @Test
  void oneThatBlocksAWorkerIsTold() throws Exception {
    LeakScope scope = openLeaky();

    List<Job> jobs = launchOnNewWorker(this::block);
    try {
      Finding finding = assertOne(scope, WORKER + " runs code of the test's", "cancel");
      assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD);
      assertThat(finding.fact("doing").orElse("")).contains("KotlinTest.block");
    } finally {
      end(jobs);
    }
  }

  @Test
  void oneThatGoesRoundForEverIsTold() throws Exception {
    tellsOneThatGoesRound(openLeaky());
  }

  /** It takes two looks to tell such a one, and a busy machine may leave time for none. */
  @Test
  void oneThatGoesRoundIsToldThoughTimeIsOver() throws Exception {
    tellsOneThatGoesRound(openHurried());
  }

  private void tellsOneThatGoesRound(LeakScope scope) throws Exception {
    List<Job> jobs = launchOnNewWorker(this::goRound);
    try {
      assertOne(scope, WORKER + " runs code of the test's", "cancel");
    } finally {
      end(jobs);
    }
  }

  /**
   * Workers that are older than the scope are taken first, and not told: those included that were
   * made before it opened and start only now.
   */
  @SuppressWarnings("deprecation") // Thread.getId, for Java before 19
  private List<Job> launchOnNewWorker(Runnable body) throws Exception {
    long newest = new Thread(() -> {}).getId();
    List<Job> jobs = new ArrayList<>();
    Thread worker;
    do {
      CompletableFuture<Thread> began = new CompletableFuture<>();
      jobs.add(
          launch(
              Dispatchers.getIO(),
              () -> {
                began.complete(Thread.currentThread());
                body.run();
              }));
      worker = began.get();
    } while (worker.getId() < newest);
    return jobs;
  }

  private void block() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void goRound() {
    while (!stop) {
      Thread.onSpinWait();
    }
  }

  static Job launch(CoroutineContext dispatcher, Runnable body) {
    return BuildersKt.launch(
        GlobalScope.INSTANCE,
        dispatcher,
        CoroutineStart.DEFAULT,
        (coroutines, next) -> {
          body.run();
          return Unit.INSTANCE;
        });
  }

  private void end(List<Job> jobs) throws InterruptedException {
    stop = true;
    end.countDown();
    for (Job job : jobs) {
      while (!job.isCompleted()) {
        Thread.sleep(1);
      }
    }
  }
}
