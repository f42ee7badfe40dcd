package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.NoLeaks;
import java.util.Deque;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told, without an agent, of threads that each start the next and end. */
@Tier.WithoutAgent
class PlainChainsTest {

  /** A chain that goes on until it is stopped, or that stays with its first link. */
  private abstract static class Chain {
    private static final Deque<Chain> ALL = new ConcurrentLinkedDeque<>();

    private final Semaphore links = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);
    private final Semaphore first = new Semaphore(0);
    private volatile boolean stopped;
    private volatile boolean stays;
    private final Deque<Thread> threads = new ConcurrentLinkedDeque<>();

    static Chain first() {
      return ALL.getFirst();
    }

    abstract void next();

    final void begin() {
      ALL.add(this);
      next();
      links.acquireUninterruptibly();
    }

    final void beginAndStay() {
      stays = true;
      begin();
    }

    final void link() {
      threads.removeIf(link -> !link.isAlive());
      threads.add(Thread.currentThread());
      links.release();
      if (stays) {
        first.acquireUninterruptibly();
      } else {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      if (stopped) {
        ended.release();
      } else {
        next();
      }
    }

    /** Returns when another link has begun. */
    final void await() {
      links.drainPermits();
      links.acquireUninterruptibly();
    }

    /** Returns when all links are gone: as long as one is there the chain may go on. */
    final void stop() {
      ALL.remove(this);
      stopped = true;
      first.release();
      ended.acquireUninterruptibly();
      try {
        for (Thread link : threads) {
          link.join();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static class OfThreads extends Chain {
    private int number;

    @Override
    void next() {
      new Thread(this::link, "poller-" + number++).start();
    }
  }

  private static final class OfThreadsWithoutNames extends Chain {
    @Override
    void next() {
      new Thread(this::link).start();
    }
  }

  private static final class OfTimers extends Chain {
    @Override
    void next() {
      Timer timer = new Timer();
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              link();
              timer.cancel();
            }
          },
          0);
    }
  }

  private static final class OfExecutors extends Chain {
    @Override
    void next() {
      ExecutorService executor = Executors.newFixedThreadPool(1);
      executor.execute(
          () -> {
            link();
            executor.shutdown();
          });
    }
  }

  static Stream<Supplier<Chain>> chains() {
    return Stream.concat(chainsOfThreadsAlone(), Stream.of(OfExecutors::new));
  }

  static Stream<Supplier<Chain>> chainsOfThreadsAlone() {
    Stream<Supplier<Chain>> chains = Stream.of(OfThreads::new, OfThreadsWithoutNames::new);
    // From Java 24 on nothing leads to a timer's thread: others' timers may be taken for it.
    return Tier.readsTasks() ? Stream.concat(chains, Stream.of(OfTimers::new)) : chains;
  }

  private static Supplier<Chain> made;

  @AfterEach
  void end() {
    Chain.ALL.forEach(Chain::stop);
  }

  /** Whether a link was caught before or after it stopped its executor is left to chance. */
  private static List<String> outcomes(Supplier<Chain> chains, Class<?>... tests) {
    made = chains;
    return Run.of(tests).outcomes().stream()
        .map(outcome -> outcome.replaceFirst(" left .*", " left"))
        .toList();
  }

  /** The first test begins a chain, and the last one sees it go on. */
  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  private abstract static class ChainTestCase {
    static final int LAST = 9;

    @Test
    @Order(1)
    void begins() {
      made.get().begin();
    }

    @Test
    @Order(LAST)
    void later() {
      Chain.first().await();
      Chain.first().await();
    }
  }

  @ParameterizedTest
  @MethodSource("chains")
  void the_test_that_began_a_chain_is_told_and_nobody_else(Supplier<Chain> chains) {
    assertThat(outcomes(chains, BeginsTestCase.class, LaterTestCase.class))
        .containsExactly(
            "BeginsTestCase.begins() left",
            "BeginsTestCase.later() passed",
            "LaterTestCase.laterStill() passed");
  }

  static class BeginsTestCase extends ChainTestCase {
    @Override
    @Test
    @Order(LAST)
    @NoLeaks(settle = "60m")
    void later() {
      super.later();
    }
  }

  /** Nobody waits for longer than a link takes. */
  @NoLeaks(settle = "60m")
  static class LaterTestCase {
    @Test
    void laterStill() {
      Chain.first().await();
      Chain.first().await();
    }
  }

  @ParameterizedTest
  @MethodSource("chains")
  void a_thread_like_a_link_is_told_beside_the_chain(Supplier<Chain> chains) {
    assertThat(outcomes(chains, BesideTestCase.class))
        .containsExactly("begins() left", "leavesOne() left", "later() passed");
  }

  static class BesideTestCase extends ChainTestCase {
    @Test
    @Order(2)
    void leavesOne() {
      made.get().beginAndStay();
      Chain.first().await();
    }
  }

  @ParameterizedTest
  @MethodSource("chainsOfThreadsAlone")
  void a_second_chain_is_told_beside_the_first(Supplier<Chain> chains) {
    assertThat(outcomes(chains, SecondTestCase.class))
        .containsExactly("begins() left", "beginsAnother() left", "later() passed");
  }

  static class SecondTestCase extends ChainTestCase {
    @Test
    @Order(2)
    void beginsAnother() {
      made.get().begin();
      Chain.first().await();
    }
  }

  @ParameterizedTest
  @MethodSource("chains")
  void what_is_left_once_the_chain_has_ended_is_told(Supplier<Chain> chains) {
    assertThat(outcomes(chains, EndedTestCase.class))
        .containsExactly("begins() left", "ends() left", "beginsAnother() left", "later() passed");
  }

  static class EndedTestCase extends ChainTestCase {
    @Test
    @Order(2)
    void ends() {
      Chain.first().stop();
      made.get().beginAndStay();
    }

    @Test
    @Order(3)
    void beginsAnother() {
      Chain.first().stop();
      made.get().begin();
    }
  }
}
