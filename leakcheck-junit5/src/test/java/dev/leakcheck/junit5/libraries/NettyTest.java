package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakScope;
import dev.leakcheck.junit5.lifecycle.Tier;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // NioEventLoopGroup is what most code still uses
class NettyTest extends LibraryTest {

  private EventLoopGroup field;

  @Test
  void groupsThatWereShutDownAndAwaitedAreNoLeak() throws Exception {
    LeakScope scope = open();

    EventLoopGroup boss = new NioEventLoopGroup(1);
    EventLoopGroup workers = new NioEventLoopGroup(2);
    talk(boss, workers, workers);
    boss.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    workers.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();

    assertClean(scope);
  }

  @Test
  void groupsInTheirQuietPeriodAreNoLeak() throws Exception {
    LeakScope scope = open();

    EventLoopGroup boss = new NioEventLoopGroup(1);
    EventLoopGroup workers = new NioEventLoopGroup(2);
    talk(boss, workers, workers);
    boss.shutdownGracefully();
    workers.shutdownGracefully();

    assertClean(scope);
  }

  @Test
  void groupsOfNettyFourTwoInTheirQuietPeriodAreNoLeak() throws Exception {
    LeakScope scope = open();

    field = multiThread();
    talk(field, field, field);
    field.shutdownGracefully();

    assertClean(scope);
  }

  @Test
  void aForgottenGroupIsOneLeak() throws Exception {
    LeakScope scope = openLeaky();

    EventLoopGroup group = new NioEventLoopGroup(3);
    try {
      talk(group, group, group);

      assertOne(scope, "Netty (nioEventLoopGroup-", "shutdownGracefully()");
    } finally {
      stop(group);
    }
  }

  @Test
  void aForgottenGroupInAFieldIsFoundThere() throws Exception {
    LeakScope scope = openLeaky();

    field = multiThread();
    try {
      talk(field, field, field);

      Finding finding =
          assertOne(scope, "Netty (multiThreadIoEventLoopGroup-", "shutdownGracefully()");
      assertThat(finding.fact("held by").orElse("")).contains("NettyTest.field");
    } finally {
      stop(field);
    }
  }

  @Test
  void anUnusedGroupInAFieldLeaksNothing() throws Exception {
    LeakScope scope = open();

    field = multiThread();
    try {
      assertClean(scope); // it starts its threads with the first task
    } finally {
      stop(field);
    }
  }

  @Test
  void aGroupInAFieldIsTheTestsOwnHoweverOldTheGlobalEventExecutorIs() throws Exception {
    GlobalEventExecutor.INSTANCE.submit(() -> {}).sync();
    LeakScope scope = openLeaky();

    field = multiThread();
    try {
      talk(field, field, field);

      Finding finding =
          assertOne(scope, "Netty (multiThreadIoEventLoopGroup-", "shutdownGracefully()");
      assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
      assertThat(finding.threads()).isNotEmpty();
    } finally {
      stop(field);
    }
  }

  @Test
  void twoForgottenGroupsAreTwoLeaks() throws Exception {
    LeakScope scope = openLeaky();

    EventLoopGroup boss = multiThread();
    EventLoopGroup workers = multiThread();
    try {
      talk(boss, workers, workers);

      assertEach(scope, 2, "Netty (multiThreadIoEventLoopGroup-");
    } finally {
      stop(boss);
      stop(workers);
    }
  }

  @Test
  void aForgottenGroupWithNamesOfItsOwnIsFound() throws Exception {
    LeakScope scope = openLeaky();

    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("my-loop"), NioIoHandler.newFactory());
    try {
      talk(group, group, group);

      assertOne(scope, "Netty (my-loop-", "shutdownGracefully()");
    } finally {
      stop(group);
    }
  }

  @Test
  void aForgottenEventExecutorGroupIsFound() throws Exception {
    LeakScope scope = openLeaky();

    EventExecutorGroup group = new DefaultEventExecutorGroup(1);
    try {
      group.submit(() -> {}).sync();

      assertOne(scope, "Netty (defaultEventExecutorGroup-", "shutdownGracefully()");
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void aForgottenPoolIsThePoolsOwnLeakThoughNettysFactoryMakesItsThreads() throws Exception {
    LeakScope scope = openLeaky();

    ScheduledExecutorService pool =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("acme-sched"));
    try {
      pool.submit(() -> {}).get();

      assertOne(scope, "ScheduledThreadPoolExecutor", "shutdown()");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aForgottenThreadOfNettysFactoryIsAThreadLikeAnyOther() throws Exception {
    LeakScope scope = openLeaky();

    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Runnable waits =
        () -> {
          started.countDown();
          await(end);
        };
    Thread thread = new DefaultThreadFactory("acme-worker").newThread(waits);
    thread.start();
    try {
      started.await();

      assertOne(scope, "thread \"acme-worker-", "interrupt() the thread");
    } finally {
      end.countDown();
      thread.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theGlobalEventExecutorIsNoLeak() throws Exception {
    LeakScope scope = open();

    GlobalEventExecutor.INSTANCE.submit(() -> {}).sync();

    assertClean(scope);
  }

  @Test
  void aStoppedWheelTimerIsNoLeak() throws Exception {
    LeakScope scope = open();

    HashedWheelTimer timer = startTimer();
    timer.stop();

    assertClean(scope);
  }

  /** The agent knows the object, and need not tell by the names of threads whose it is. */
  private static String wheelTimer() {
    return Tier.hasAgent() ? "HashedWheelTimer, not ended" : "Netty's HashedWheelTimer";
  }

  @Test
  void aForgottenWheelTimerIsFound() throws Exception {
    LeakScope scope = openLeaky();

    HashedWheelTimer timer = startTimer();
    try {
      assertOne(scope, wheelTimer(), "HashedWheelTimer.stop()");
    } finally {
      timer.stop();
    }
  }

  @Test
  void twoForgottenWheelTimersAreTwoLeaks() throws Exception {
    LeakScope scope = openLeaky();

    HashedWheelTimer first = startTimer();
    HashedWheelTimer second = startTimer();
    try {
      assertEach(scope, 2, wheelTimer());
    } finally {
      first.stop();
      second.stop();
    }
  }

  private static EventLoopGroup multiThread() {
    return new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  }

  private static HashedWheelTimer startTimer() throws InterruptedException {
    HashedWheelTimer timer = new HashedWheelTimer(1, TimeUnit.MILLISECONDS);
    CountDownLatch fired = new CountDownLatch(1);
    timer.newTimeout(timeout -> fired.countDown(), 1, TimeUnit.MILLISECONDS);
    fired.await();
    return timer;
  }

  /** Sends a message through a server and closes the channels. */
  private static void talk(EventLoopGroup boss, EventLoopGroup workers, EventLoopGroup clients)
      throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    Channel server =
        new ServerBootstrap()
            .group(boss, workers)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelActive(ChannelHandlerContext context) {
                    received.countDown();
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    Channel client =
        new Bootstrap()
            .group(clients)
            .channel(NioSocketChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(server.localAddress())
            .sync()
            .channel();
    received.await();
    client.close().sync();
    server.close().sync();
  }

  private static void stop(EventLoopGroup group) throws InterruptedException {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    assertThat(group.isTerminated()).isTrue();
  }
}
