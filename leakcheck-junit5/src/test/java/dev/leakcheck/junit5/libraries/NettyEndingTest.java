package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.junit5.lifecycle.Tier;
import dev.leakcheck.model.Finding;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.lang.reflect.Field;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Netty's loops go on for a quiet period after they were shut down. No test waits for that. */
@SuppressWarnings("deprecation") // NioEventLoopGroup is what most code still uses
class NettyEndingTest {

  /** Not in fields of the test case: what these hold is for its class to answer for. */
  private static EventLoopGroup first;

  private static EventExecutorGroup second;

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void loopsInTheirQuietPeriodAreWaitedForByTheClass() {
    Run run = Run.configured().with("leakcheck.settle", "2s").over(QuietTestCase.class);
    assertThat(run.outcomes())
        .containsExactly("a_closes() passed", "b_closesInAField() passed", "c_areOver() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodName.class)
  static class QuietTestCase {
    private EventExecutorGroup field;

    @Test
    void a_closes() throws Exception {
      EventLoopGroup group = new NioEventLoopGroup(2);
      close(group);
      first = group;
    }

    @Test
    void b_closesInAField() throws Exception {
      field = new DefaultEventExecutorGroup(1);
      close(field);
      second = field;
    }

    @Test
    void c_areOver() {
      assertThat(first.isTerminated()).isFalse();
      endQuietPeriod(first);
      endQuietPeriod(second);
    }
  }

  @Test
  void loopsThatDoNotEndAreToldByTheClassWhichNamesTheTest() {
    Run run = Run.of(NeverEndsTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder("closes() passed", "NeverEndsTestCase left stray-thread");
    Finding finding = run.leaks("NeverEndsTestCase").get(0);
    assertThat(finding.title()).contains("Netty (nioEventLoopGroup-", "not ended");
    assertThat(finding.fact("left by").orElse(""))
        .startsWith("NettyEndingTest.NeverEndsTestCase.closes()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class NeverEndsTestCase {
    @Test
    void closes() throws Exception {
      close(new NioEventLoopGroup(1));
    }
  }

  /**
   * With an agent the loop is known to be an executor; without one its threads are all there is.
   */
  private static String leak() {
    return Tier.hasAgent() ? "unclosed-executor" : "stray-thread";
  }

  @Test
  void aTaskThatHoldsUpTheEndIsToldByItsTest() {
    assertThat(Run.of(HeldUpTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "isStuck() left " + leak(),
            "sleeps() left " + leak(),
            "isStuckInTheJdk() left " + leak(),
            "isNotClosed() left " + leak());
  }

  @ExtendWith(LeakCheckExtension.class)
  static class HeldUpTestCase {
    @Test
    void isStuck() throws Exception {
      closeBusy(() -> new CountDownLatch(1).await());
    }

    @Test
    void sleeps() throws Exception {
      closeBusy(() -> TimeUnit.HOURS.sleep(1));
    }

    @Test
    void isStuckInTheJdk() throws Exception {
      closeBusy(new CountDownLatch(1)::await);
    }

    @Test
    void isNotClosed() throws Exception {
      EventLoopGroup group = new NioEventLoopGroup(1);
      group.submit(() -> {}).sync();
      Plants.atRelease(
          () -> group.shutdownGracefully(0, 1, TimeUnit.MINUTES).syncUninterruptibly());
    }
  }

  private interface Body {
    void run() throws InterruptedException;
  }

  private static void closeBusy(Body body) throws InterruptedException {
    EventLoopGroup group = new NioEventLoopGroup(1);
    Thread[] loop = new Thread[1];
    group.submit(() -> loop[0] = Thread.currentThread()).sync();
    group.execute(
        () -> {
          try {
            body.run();
          } catch (InterruptedException released) {
            Thread.currentThread().interrupt();
          }
        });
    while (loop[0].getState() != Thread.State.WAITING
        && loop[0].getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    close(group);
    Plants.atRelease(loop[0]::interrupt); // first of all
  }

  /** Netty has no method for that. */
  private static void endQuietPeriod(EventExecutorGroup group) {
    try {
      Field timeout = SingleThreadEventExecutor.class.getDeclaredField("gracefulShutdownTimeout");
      timeout.setAccessible(true);
      for (EventExecutor loop : group) {
        timeout.setLong(loop, 0);
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Its threads run, and will for an hour. */
  private static void close(EventExecutorGroup group) throws InterruptedException {
    group.forEach(
        loop -> {
          if (!loop.isShuttingDown()) {
            loop.execute(() -> {});
          }
        });
    group.shutdownGracefully(1, 2, TimeUnit.HOURS);
    Plants.atRelease(
        () -> {
          endQuietPeriod(group);
          group.terminationFuture().awaitUninterruptibly(1, TimeUnit.MINUTES);
        });
  }
}
