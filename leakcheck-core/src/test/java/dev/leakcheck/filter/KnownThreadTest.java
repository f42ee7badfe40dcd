package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule: what it is for, and what comes close and must not match. */
class KnownThreadTest {

  /** A thread to be built up from a plain one of the user's. */
  private record Sample(
      KnownThread rule,
      String name,
      long id,
      boolean virtual,
      boolean daemon,
      String type,
      String group,
      List<String> frames) {

    Sample(KnownThread rule, String name) {
      this(
          rule,
          name,
          100,
          false,
          false,
          ThreadRecord.PLAIN_TYPE,
          "main",
          List.of("com.acme.Work.run"));
    }

    Sample asDaemon() {
      return new Sample(rule, name, id, virtual, true, type, group, frames);
    }

    Sample withId(long value) {
      return new Sample(rule, name, value, virtual, daemon, type, group, frames);
    }

    Sample ofType(String value) {
      return new Sample(rule, name, id, virtual, daemon, value, group, frames);
    }

    Sample inGroup(String value) {
      return new Sample(rule, name, id, virtual, daemon, type, value, frames);
    }

    Sample asVirtual() {
      return new Sample(rule, name, id, true, true, "java.lang.VirtualThread", "", frames);
    }

    Sample at(String... classAndMethod) {
      return new Sample(rule, name, id, virtual, daemon, type, group, List.of(classAndMethod));
    }

    ThreadRecord record() {
      return new ThreadRecord(
          id,
          name,
          virtual,
          daemon,
          Thread.State.WAITING,
          type,
          group,
          frames.stream().map(Sample::frame).toList(),
          null,
          null);
    }

    private static StackTraceElement frame(String classAndMethod) {
      int dot = classAndMethod.lastIndexOf('.');
      return new StackTraceElement(
          classAndMethod.substring(0, dot), classAndMethod.substring(dot + 1), null, -1);
    }

    @Override
    public String toString() {
      return rule + ": " + name;
    }
  }

  private static Stream<Sample> named(KnownThread rule, String... names) {
    return Arrays.stream(names).map(name -> new Sample(rule, name));
  }

  private static final String INNOCUOUS = "jdk.internal.misc.InnocuousThread";
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  static Stream<Sample> benign() {
    return Stream.of(
            named(
                    KnownThread.JVM,
                    "Reference Handler",
                    "Finalizer",
                    "Signal Dispatcher",
                    "Notification Thread",
                    "Attach Listener",
                    "Service Thread",
                    "C2 CompilerThread0",
                    "C1 CompilerThread3")
                .map(sample -> sample.inGroup("system").asDaemon()),
            Stream.of(new Sample(KnownThread.JVM, "DestroyJavaVM")),
            named(
                    KnownThread.INNOCUOUS,
                    "Common-Cleaner",
                    "Cleaner-0",
                    "VirtualThread-unblocker",
                    "Read-Poller")
                .map(sample -> sample.ofType(INNOCUOUS).inGroup("InnocuousThreadGroup").asDaemon()),
            named(KnownThread.CARRIER, "ForkJoinPool-1-worker-3")
                .map(sample -> sample.ofType(CARRIER).asDaemon()),
            named(
                    KnownThread.VIRTUAL_THREAD_SERVICE,
                    "VirtualThread-unparker",
                    "VirtualThread-unparker-1",
                    "Read-Poller",
                    "Write-Poller",
                    "MasterPoller")
                .map(sample -> sample.inGroup("InnocuousThreadGroup")),
            named(KnownThread.VIRTUAL_THREAD_IO, "SubPoller-1")
                .map(sample -> sample.asVirtual().at("sun.nio.ch.Poller.poll")),
            named(KnownThread.CLEANER, "Cleaner-7")
                .map(sample -> sample.at("jdk.internal.ref.CleanerImpl.run").asDaemon()),
            named(KnownThread.COMMON_POOL_IDLE, "ForkJoinPool.commonPool-worker-3")
                .map(
                    sample ->
                        sample.at(
                            "java.util.concurrent.locks.LockSupport.park",
                            "java.util.concurrent.ForkJoinPool.awaitWork")),
            named(
                KnownThread.DELAY_SCHEDULER,
                "CompletableFutureDelayScheduler",
                "ForkJoinPool.commonPool-delayScheduler"),
            named(KnownThread.PROCESS_REAPER, "process reaper", "process reaper (pid 4711)"),
            named(KnownThread.ASYNC_CHANNELS, "Thread-3")
                .map(sample -> sample.at("sun.nio.ch.EPollPort$EventHandlerTask.run").asDaemon()),
            named(KnownThread.HTTP_KEEP_ALIVE, "Keep-Alive-Timer", "Keep-Alive-SocketCleaner"),
            named(KnownThread.HTTP_CLIENT, "HttpClient-3-SelectorManager", "HttpClient-3-Worker-0")
                .map(Sample::asDaemon),
            named(
                    KnownThread.RMI,
                    "RMI TCP Accept-0",
                    "RMI TCP Connection(2)-127.0.0.1",
                    "RMI Scheduler(0)",
                    "RMI Reaper",
                    "GC Daemon")
                .map(sample -> sample.at("sun.rmi.transport.Something.run")),
            named(KnownThread.RMI, "JMX server connection timeout 31")
                .map(
                    sample -> sample.at("com.sun.jmx.remote.internal.ServerCommunicatorAdmin.run")),
            named(
                KnownThread.JFR,
                "JFR request timer",
                "JFR Periodic Tasks",
                "JFR Recorder Thread",
                "JFR shutdown hook"),
            named(KnownThread.PKCS11, "Poller SunPKCS11-NSS"),
            named(KnownThread.DESKTOP, "AWT-EventQueue-0", "Java2D Disposer", "AWT-Shutdown")
                .map(sample -> sample.at("java.awt.EventDispatchThread.run")),
            Stream.of(new Sample(KnownThread.MAIN, "main").withId(1)),
            named(KnownThread.JUNIT_WORKER, "junit-1-worker-3"),
            named(
                KnownThread.JUNIT_TIMEOUT,
                "junit-jupiter-timeout-watcher",
                "junit-jupiter-timeout-watcher-1",
                "junit-timeout-thread-1"),
            named(KnownThread.LEAKCHECK, "leakcheck-watchdog")
                .map(Sample::asDaemon)
                .map(thread -> thread.ofType("dev.leakcheck.capture.threads.OwnThread")),
            named(KnownThread.LEAKCHECK_MONITOR, "leakcheck-monitor", "leakcheck-births")
                .map(Sample::asDaemon)
                .map(thread -> thread.ofType("dev.leakcheck.capture.threads.OwnThread")),
            named(KnownThread.JUNIT4_TIMEOUT, "Time-limited test"),
            named(
                KnownThread.GRADLE,
                "Test worker",
                "Test worker Thread 2",
                "/127.0.0.1:41000 to /127.0.0.1:41001 workers"),
            named(
                KnownThread.SUREFIRE,
                "surefire-forkedjvm-command-thread",
                "surefire-forkedjvm-ping-30s",
                "surefire-forkedjvm-stream-flusher",
                "surefire-process-checker"),
            named(
                KnownThread.DEBUGGER,
                "Monitor Ctrl-Break",
                "JDWP Event Helper Thread",
                "YJPAgent-Telemetry",
                "TransformListener"),
            named(
                KnownThread.NETTY_STATIC,
                "globalEventExecutor-1-2",
                "threadDeathWatcher-2-1",
                "ObjectCleanerThread"),
            named(
                KnownThread.GRPC_STATIC,
                "grpc-default-worker-ELG-1-2",
                "grpc-default-executor-0",
                "grpc-shared-destroyer-0"),
            named(KnownThread.OKHTTP_STATIC, "OkHttp TaskRunner", "Okio Watchdog")
                .map(Sample::asDaemon),
            named(KnownThread.OKHTTP_TASK, "OkHttp localhost ping")
                .map(
                    sample ->
                        sample
                            .asDaemon()
                            .at("okhttp3.internal.concurrent.TaskRunner$runnable$1.run")),
            named(KnownThread.MONGO_STATIC, "BufferPoolPruner-1-thread-1").map(Sample::asDaemon),
            named(
                    KnownThread.RXJAVA_SHARED,
                    "RxComputationThreadPool-1",
                    "RxCachedThreadScheduler-2",
                    "RxSingleScheduler-1")
                .map(Sample::asDaemon),
            named(KnownThread.REACTOR_NETTY_STATIC, "reactor-http-epoll-2", "reactor-tcp-nio-1")
                .map(
                    sample ->
                        sample
                            .asDaemon()
                            .ofType("reactor.netty.resources.DefaultLoopResources$EventLoop")),
            named(
                KnownThread.TESTCONTAINERS,
                "testcontainers-ryuk",
                "ducttape-0",
                "tc-okhttp-stream-12",
                "dockerjava-netty-1-2"),
            named(KnownThread.JNA_CLEANER, "JNA Cleaner"),
            named(KnownThread.FAILSAFE, "FailsafeDelayScheduler"),
            named(KnownThread.COMMONS_VFS, "SoftRefFilesCache - Release Thread"),
            named(KnownThread.BATIK, "Batik CleanerThread"),
            named(KnownThread.MYSQL_CLEANUP, "mysql-cj-abandoned-connection-cleanup"),
            named(KnownThread.H2_SEED, "Generate Seed"),
            named(KnownThread.RXJAVA_STATIC, "RxCachedWorkerPoolEvictor-1", "RxSchedulerPurge-1"),
            named(KnownThread.REACTOR_STATIC, "parallel-1", "single-1")
                .map(
                    sample ->
                        sample.ofType(
                            "reactor.core.scheduler.ReactorThreadFactory$NonBlockingThread")),
            named(KnownThread.REACTOR_STATIC, "boundedElastic-1", "boundedElastic-evictor-1")
                .map(
                    sample ->
                        sample
                            .asDaemon()
                            .ofType(
                                "reactor.core.scheduler.ReactorThreadFactory$NonBlockingThread")),
            named(
                KnownThread.KOTLIN_STATIC,
                "kotlinx.coroutines.DefaultExecutor",
                "DefaultDispatcher-worker-1"))
        .flatMap(samples -> samples);
  }

  static Stream<Sample> nearMisses() {
    return Stream.of(
            named(
                KnownThread.JVM,
                "Finalizer-1",
                "My Finalizer",
                "reference handler",
                "C3 CompilerThread0"),
            Stream.of(new Sample(KnownThread.JVM, "Finalizer").inGroup("orders")),
            named(KnownThread.INNOCUOUS, "Common-Cleaner", "Cleaner-0"),
            named(KnownThread.CARRIER, "ForkJoinPool-1-worker-3", "CarrierThread-1"),
            named(
                KnownThread.VIRTUAL_THREAD_SERVICE,
                "Read-Poller",
                "VirtualThread-unparker",
                "Order-Poller",
                "VirtualThread-1",
                "My Read-Poller"),
            named(KnownThread.VIRTUAL_THREAD_IO, "SubPoller-1").map(Sample::asVirtual),
            named(KnownThread.VIRTUAL_THREAD_IO, "OrderPoller-1", "")
                .map(sample -> sample.asVirtual().at("sun.nio.ch.Poller.poll")),
            named(KnownThread.CLEANER, "Cleaner-7", "cleaner"),
            // A common-pool worker that runs somebody's task.
            named(KnownThread.COMMON_POOL_IDLE, "ForkJoinPool.commonPool-worker-3")
                .map(
                    sample ->
                        sample.at(
                            "java.util.concurrent.locks.LockSupport.park",
                            "com.acme.Work.run",
                            "java.util.concurrent.ForkJoinPool.awaitWork")),
            named(KnownThread.COMMON_POOL_IDLE, "ForkJoinPool-1-worker-3")
                .map(sample -> sample.at("java.util.concurrent.ForkJoinPool.awaitWork")),
            named(
                KnownThread.DELAY_SCHEDULER, "DelayScheduler", "CompletableFutureDelayScheduler-1"),
            named(KnownThread.PROCESS_REAPER, "order process reaper", "process reaper (order 7)"),
            named(KnownThread.ASYNC_CHANNELS, "Thread-3").map(Sample::asDaemon),
            named(KnownThread.HTTP_KEEP_ALIVE, "Keep-Alive", "Keep-Alive-Timer-1"),
            named(KnownThread.HTTP_CLIENT, "HttpClient-pool-1", "HttpClient-Worker-1")
                .map(Sample::asDaemon),
            named(KnownThread.HTTP_CLIENT, "HttpClient-3-Worker-0"),
            named(KnownThread.RMI, "RMI TCP Accept-0", "GC Daemon", "RMI Orders"),
            named(KnownThread.JFR, "JFR", "JFR Orders", "MyJFR Recorder Thread"),
            named(KnownThread.PKCS11, "Poller", "Poller-SunPKCS11"),
            named(KnownThread.DESKTOP, "AWT-EventQueue-0", "TimerQueue"),
            Stream.of(
                new Sample(KnownThread.MAIN, "main"),
                new Sample(KnownThread.MAIN, "main-1").withId(1)),
            named(
                KnownThread.JUNIT_WORKER,
                "junit-worker-1",
                "junit-1-worker-",
                "my-junit-1-worker-1"),
            named(KnownThread.JUNIT_TIMEOUT, "junit-timeout", "my-junit-jupiter-timeout-watcher"),
            named(KnownThread.LEAKCHECK, "leakcheck-watchdog").map(Sample::asDaemon),
            named(KnownThread.LEAKCHECK_MONITOR, "leakcheck-monitor").map(Sample::asDaemon),
            named(KnownThread.JUNIT4_TIMEOUT, "Time-limited test 2"),
            named(KnownThread.GRADLE, "Test worker pool", "worker", "Test-worker"),
            named(
                KnownThread.SUREFIRE, "surefire-forkedjvm-", "surefire", "ping", "stream-flusher"),
            named(KnownThread.DEBUGGER, "JDWP", "YJPAgent", "Monitor", "TransformListener-1"),
            named(
                KnownThread.NETTY_STATIC,
                "nioEventLoopGroup-2-1",
                "defaultEventExecutorGroup-4-1",
                "myGlobalEventExecutor-1-1"),
            named(KnownThread.GRPC_STATIC, "grpc-worker-1", "grpc-client-executor-0"),
            named(KnownThread.OKHTTP_STATIC, "OkHttp TaskRunner"),
            named(KnownThread.OKHTTP_STATIC, "OkHttp Dispatcher", "OkHttp http://localhost/...")
                .map(Sample::asDaemon),
            named(KnownThread.OKHTTP_TASK, "OkHttp localhost ping").map(Sample::asDaemon),
            named(KnownThread.MONGO_STATIC, "BufferPoolPruner-1-thread-1", "pruner"),
            named(KnownThread.RXJAVA_SHARED, "RxComputationThreadPool-1", "RxOrders-1"),
            named(KnownThread.REACTOR_NETTY_STATIC, "reactor-http-epoll-2").map(Sample::asDaemon),
            named(KnownThread.TESTCONTAINERS, "testcontainers", "tc-worker-1", "ducttape"),
            named(KnownThread.JNA_CLEANER, "JNA Callback", "JNA"),
            named(KnownThread.FAILSAFE, "FailsafeScheduler"),
            named(KnownThread.COMMONS_VFS, "Release Thread"),
            named(KnownThread.BATIK, "Batik"),
            named(KnownThread.MYSQL_CLEANUP, "mysql-cleanup"),
            named(KnownThread.H2_SEED, "Generate Seeds", "Generate"),
            named(
                KnownThread.RXJAVA_STATIC,
                "RxCachedThreadScheduler-1",
                "RxComputationThreadPool-1"),
            named(
                KnownThread.REACTOR_STATIC,
                "parallel-1",
                "single-1",
                "orders-parallel-1",
                "boundedElastic-1"),
            named(KnownThread.KOTLIN_STATIC, "DefaultExecutor", "orders-worker-1"))
        .flatMap(samples -> samples);
  }

  @ParameterizedTest
  @MethodSource
  void benign(Sample sample) {
    assertThat(KnownThread.match(sample.record())).isPresent();
    assertThat(KnownThread.match(sample.record()).orElseThrow())
        .isIn(sample.rule(), KnownThread.JVM, KnownThread.INNOCUOUS, KnownThread.CLEANER);
  }

  @ParameterizedTest
  @MethodSource
  void nearMisses(Sample sample) {
    assertThat(KnownThread.match(sample.record())).isEmpty();
  }

  @Test
  void everyRuleHasASampleAndANearMiss() {
    Set<KnownThread> matched = EnumSet.noneOf(KnownThread.class);
    benign().forEach(sample -> matched.add(KnownThread.match(sample.record()).orElseThrow()));
    Set<KnownThread> missed = EnumSet.noneOf(KnownThread.class);
    nearMisses().forEach(sample -> missed.add(sample.rule()));

    assertThat(matched).containsExactlyInAnyOrder(KnownThread.values());
    assertThat(missed).containsExactlyInAnyOrder(KnownThread.values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Thread-0",
        "Thread-17",
        "pool-1-thread-1",
        "pool-3-thread-12",
        "worker",
        "worker-1",
        "main-loop",
        "scheduler-1",
        "scheduler",
        "parallel-1",
        "single-1",
        "boundedElastic-x",
        "Timer-0",
        "ForkJoinPool-1-worker-1",
        "ForkJoinPool.commonPool-worker-1",
        "http-nio-8080-exec-1",
        "nioEventLoopGroup-2-1",
        "qtp123-45",
        "kafka-producer-network-thread | p1",
        "HikariPool-1 housekeeper",
        "DefaultQuartzScheduler_Worker-1",
        "OkHttp http://localhost/...",
        "cleaner",
        "poller",
        "reaper",
        "watchdog",
        "monitor",
        "order-processor-1",
        "async-1",
        "task-1",
        "executor-1",
        "daemon",
        "background",
        "flusher",
        "test",
        "junit",
        "vert.x-eventloop-thread-0",
        "ping-1",
        "timer",
        "GC",
        "Signal",
        "HttpClient",
        "MyThread",
        "null",
        "*",
        "main"
      })
  void ordinaryThreadOfTheUsersIsNeverBenign(String name) {
    Sample sample = new Sample(KnownThread.JVM, name);
    List<Sample> shapes = new ArrayList<>();
    for (Sample shape : List.of(sample, sample.asDaemon(), sample.inGroup("orders"))) {
      shapes.add(shape);
      shapes.add(shape.at());
      shapes.add(shape.at("java.util.concurrent.ThreadPoolExecutor.getTask"));
      shapes.add(shape.asVirtual());
    }

    assertThat(shapes).allSatisfy(shape -> assertThat(KnownThread.match(shape.record())).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void everyRuleHasAReason(KnownThread rule) {
    assertThat(rule.reason()).hasSizeGreaterThan(5).doesNotEndWith(".");
  }

  @Test
  void hostileNamesAreNoErrorAndNoMatch() {
    for (String name :
        List.of("\u0000", "\n", "x".repeat(100_000), "\ud800", "(((((", "a".repeat(150) + "!")) {
      assertThatCode(
              () ->
                  assertThat(KnownThread.match(new Sample(KnownThread.JVM, name).record()))
                      .isEmpty())
          .doesNotThrowAnyException();
    }
  }
}
