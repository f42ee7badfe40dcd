package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.lifecycle.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.Job;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers of a dispatcher that earlier classes have used. */
class KotlinOlderWorkersTest {

  /** More than any other test blocks: a worker that was told of once is not told of again. */
  private static final int WORKERS = 24;

  /** So many coroutines at once, each on a worker of its own. */
  private static List<Job> block(CountDownLatch end) throws InterruptedException {
    CountDownLatch began = new CountDownLatch(WORKERS);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      jobs.add(
          KotlinTest.launch(
              Dispatchers.getIO(),
              () -> {
                began.countDown();
                try {
                  end.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    began.await();
    return jobs;
  }

  private static void end(List<Job> jobs, CountDownLatch end) throws InterruptedException {
    end.countDown();
    for (Job job : jobs) {
      while (!job.isCompleted()) {
        Thread.sleep(1);
      }
    }
  }

  @BeforeEach
  void startAllWorkers() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    end(block(end), end);
  }

  @Test
  void what_blocks_them_is_told_of_the_class() throws Exception {
    try {
      assertThat(Run.of(BlocksTestCase.class).outcomes())
          .anyMatch(outcome -> outcome.contains("stray-thread"));
    } finally {
      end(BlocksTestCase.jobs, BlocksTestCase.END);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class BlocksTestCase {
    static final CountDownLatch END = new CountDownLatch(1);
    static List<Job> jobs = List.of();

    @Test
    void blocks() throws Exception {
      jobs = blockHere();
    }

    private static List<Job> blockHere() throws InterruptedException {
      CountDownLatch began = new CountDownLatch(WORKERS);
      List<Job> blocked = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        blocked.add(
            KotlinTest.launch(
                Dispatchers.getIO(),
                () -> {
                  began.countDown();
                  awaitEnd();
                }));
      }
      began.await();
      return blocked;
    }

    private static void awaitEnd() {
      try {
        END.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void what_ends_is_no_leak() {
    assertThat(Run.of(EndsTestCase.class).outcomes()).containsExactly("waitsForIt() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class EndsTestCase {
    @Test
    void waitsForIt() throws Exception {
      CountDownLatch ran = new CountDownLatch(1);
      KotlinTest.launch(Dispatchers.getIO(), ran::countDown);
      ran.await();
    }
  }
}
