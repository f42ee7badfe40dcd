package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule: what it is for, and what comes close and must not match. */
class KnownThreadTest {

  /** A thread to be built up from a plain one of the user's. */
  private record Sample(
      String rule,
      String name,
      long id,
      boolean virtual,
      boolean daemon,
      String type,
      String group,
      List<String> frames) {

    Sample(String rule, String name) {
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

    Sample ofType(String value) {
      return new Sample(rule, name, id, virtual, daemon, value, group, frames);
    }

    Sample inGroup(String value) {
      return new Sample(rule, name, id, virtual, daemon, type, value, frames);
    }

    Sample asOwn() {
      return ofType("dev.leakcheck.capture.threads.OwnThread");
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

  private static Stream<Sample> named(String rule, String... names) {
    return Arrays.stream(names).map(name -> new Sample(rule, name));
  }

  private static final String INNOCUOUS = "jdk.internal.misc.InnocuousThread";
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  private static final String PROCESSES = "java.lang.ProcessHandleImpl$1.run";

  /** Where threads begin that the JDK starts for itself. */
  private static final String STARTED = INNOCUOUS + ".run";

  /** What the JVM and the JDK start; for libraries' threads see {@link NoNameAcquitsTest}. */
  static Stream<Sample> benign() {
    return Stream.of(
            named("JVM", "Signal Dispatcher", "Notification Thread", "Attach Listener")
                .map(sample -> sample.inGroup("system").asDaemon().at()),
            named("JVM", "Service Thread", "C2 CompilerThread0", "C1 CompilerThread3")
                .map(sample -> sample.inGroup("system").asDaemon().at()),
            named("JVM", "Attach Listener")
                .map(sample -> sample.inGroup("system").at("sun.instrument.Agents.load")),
            named("JVM", "DestroyJavaVM").map(sample -> sample.at()),
            named("FINALIZER", "Finalizer")
                .map(
                    sample ->
                        sample
                            .ofType("java.lang.ref.Finalizer$FinalizerThread")
                            .at("java.lang.ref.ReferenceQueue.remove")),
            named("JVM", "Reference Handler")
                .map(sample -> sample.ofType("java.lang.ref.Reference$ReferenceHandler")),
            named("INNOCUOUS", "Common-Cleaner", "Cleaner-0", "Read-Poller")
                .map(sample -> sample.ofType(INNOCUOUS).asDaemon().at(STARTED)),
            named("CARRIER", "ForkJoinPool-1-worker-3")
                .map(sample -> sample.ofType(CARRIER).asDaemon()),
            named("VIRTUAL_THREAD_SERVICE", "ForkJoinPool-1-delayScheduler")
                .map(
                    sample ->
                        sample
                            .ofType("java.util.concurrent.DelayScheduler")
                            .inGroup("CarrierThreads")),
            named("VIRTUAL_THREAD_IO", "SubPoller-1")
                .map(
                    sample ->
                        sample
                            .asVirtual()
                            .at("sun.nio.ch.Poller.poll", "java.lang.VirtualThread.run")),
            named("CLEANER", "Cleaner-7")
                .map(
                    sample ->
                        sample
                            .at("jdk.internal.ref.CleanerImpl.run", "java.lang.Thread.run")
                            .asDaemon()),
            named("DELAY_SCHEDULER", "ForkJoinPool.commonPool-delayScheduler")
                .map(
                    sample ->
                        sample
                            .ofType("java.util.concurrent.DelayScheduler")
                            .at("java.util.concurrent.DelayScheduler.run")),
            named("PROCESS_REAPER", "process reaper", "process reaper (pid 4711)")
                .flatMap(
                    sample ->
                        Stream.of(
                            sample.ofType(INNOCUOUS).at(STARTED),
                            sample.at(PROCESSES, "java.lang.Thread.run"))),
            named("ASYNC_CHANNELS", "Thread-3")
                .map(
                    sample ->
                        sample
                            .at("sun.nio.ch.EPollPort$EventHandlerTask.run", "java.lang.Thread.run")
                            .asDaemon()),
            named("INNOCUOUS", "Keep-Alive-Timer", "Keep-Alive-SocketCleaner")
                .map(sample -> sample.ofType(INNOCUOUS).at(STARTED)),
            named("HTTP_KEEP_ALIVE", "Keep-Alive-SocketCleaner")
                .map(
                    sample ->
                        sample.at(
                            "sun.net.www.http.KeepAliveStreamCleaner.run", "java.lang.Thread.run")),
            named("HTTP_CLIENT", "HttpClient-3-SelectorManager")
                .map(
                    sample ->
                        sample
                            .asDaemon()
                            .ofType("jdk.internal.net.http.HttpClientImpl$SelectorManager")
                            .at("jdk.internal.net.http.HttpClientImpl$SelectorManager.run")),
            named("RMI", "RMI TCP Accept-0", "RMI Reaper", "GC Daemon")
                .map(sample -> sample.at("sun.rmi.transport.Some.run", "java.lang.Thread.run")),
            named("RMI", "JMX server connection timeout 31")
                .map(sample -> sample.at("com.sun.jmx.remote.Some.run", "java.lang.Thread.run")),
            named("JFR", "JFR Periodic Tasks")
                .map(sample -> sample.at("jdk.jfr.internal.Some.run", "java.lang.Thread.run")),
            named("PKCS11", "Poller SunPKCS11-NSS")
                .map(sample -> sample.at("sun.security.pkcs11.Some.run", "java.lang.Thread.run")),
            named("DESKTOP", "AWT-EventQueue-0", "Java2D Disposer", "AWT-Shutdown")
                .map(sample -> sample.at("java.awt.EventDispatchThread.run")),
            named("MAIN", "main").map(sample -> sample.at("com.acme.Main.main")),
            Stream.of(
                    "io.javalin.jetty.JettyServer", "io.javalin.jetty.JettyServer$$Lambda$24/0x7f")
                .map(
                    outermost ->
                        new Sample("JAVALIN_START_CHECK", "Thread-3")
                            .at(
                                "java.lang.Thread.sleep",
                                "io.javalin.jetty.JettyServer._init_$lambda$0",
                                outermost + ".run",
                                "java.lang.Thread.run")),
            named("LEAKCHECK", "leakcheck-watchdog").map(Sample::asDaemon).map(Sample::asOwn),
            named("LEAKCHECK_MONITOR", "leakcheck-monitor", "leakcheck-births")
                .map(Sample::asDaemon)
                .map(Sample::asOwn),
            named("DEBUGGER", "JDWP Event Helper Thread", "YJPAgent-Telemetry")
                .map(sample -> sample.inGroup("system").at()))
        .flatMap(samples -> samples);
  }

  /** What runs or blocks in code that was given to a thread of the JDK's or of a test runner's. */
  static Stream<Sample> runningCodeOfTheUsers() {
    String work = "com.acme.Work.run";
    String pool = "java.util.concurrent.ThreadPoolExecutor.runWorker";
    return Stream.of(
        new Sample("INNOCUOUS", "Cleaner-0").ofType(INNOCUOUS).at(work, STARTED),
        new Sample("CLEANER", "Cleaner-7").at(work, "jdk.internal.ref.CleanerImpl.run"),
        new Sample("DELAY_SCHEDULER", "ForkJoinPool.commonPool-delayScheduler")
            .ofType("java.util.concurrent.DelayScheduler")
            .at(work, "java.util.concurrent.DelayScheduler.run"),
        new Sample("PROCESS_REAPER", "process reaper").ofType(INNOCUOUS).at(work, STARTED),
        new Sample("PROCESS_REAPER", "process reaper").at(work, PROCESSES),
        new Sample("ASYNC_CHANNELS", "Thread-3")
            .asDaemon()
            .at(work, "sun.nio.ch.EPollPort$EventHandlerTask.run"),
        new Sample("HTTP_CLIENT", "HttpClient-3-Worker-0")
            .asDaemon()
            .at(work, "jdk.internal.net.http.HttpClientImpl.run"),
        new Sample("RMI", "RMI TCP Connection(2)-127.0.0.1")
            .at(work, "sun.rmi.transport.tcp.TCPTransport$ConnectionHandler.run", pool),
        new Sample("JFR", "JFR Periodic Tasks").at(work, "jdk.jfr.internal.PeriodicTask.run"),
        new Sample("JUNIT_TIMEOUT", "junit-timeout-thread-1")
            .at(work, "org.junit.jupiter.api.AssertTimeoutPreemptively.run", pool),
        new Sample("JUNIT4_TIMEOUT", "Time-limited test")
            .at(
                work,
                "org.junit.internal.runners.statements.FailOnTimeout$CallableStatement.call"));
  }

  @ParameterizedTest
  @MethodSource
  void runningCodeOfTheUsers(Sample sample) {
    assertThat(KnownThreads.match(sample.record())).isEmpty();
    String[] rest = sample.frames().stream().skip(1).toArray(String[]::new);
    assertThat(KnownThreads.match(sample.at(rest).record()))
        .map(KnownThread::id)
        .hasValue(sample.rule());
  }

  static Stream<Sample> nearMisses() {
    return Stream.of(
            Stream.of(
                new Sample("MAIN", "main").ofType("com.acme.Main").at(),
                new Sample("GRADLE", "Test worker").ofType("com.acme.Main").at(),
                new Sample("JVM", "Attach Listener")
                    .ofType("com.acme.Main")
                    .inGroup("system")
                    .at()),
            named("JVM", "Finalizer-1", "My Finalizer", "reference handler", "C3 CompilerThread0"),
            Stream.of(new Sample("JVM", "Finalizer").inGroup("orders")),
            named("INNOCUOUS", "Common-Cleaner", "Cleaner-0"),
            named("CARRIER", "ForkJoinPool-1-worker-3", "CarrierThread-1"),
            named(
                "VIRTUAL_THREAD_SERVICE",
                "Read-Poller",
                "VirtualThread-unparker",
                "Order-Poller",
                "VirtualThread-1",
                "My Read-Poller"),
            named("VIRTUAL_THREAD_IO", "SubPoller-1").map(Sample::asVirtual),
            named("VIRTUAL_THREAD_IO", "OrderPoller-1", "")
                .map(sample -> sample.asVirtual().at("sun.nio.ch.Poller.poll")),
            named("CLEANER", "Cleaner-7", "cleaner"),
            // A server's own threads, and what a handler does.
            named("JAVALIN_START_CHECK", "Thread-3")
                .map(sample -> sample.at("io.javalin.Javalin.start", "java.lang.Thread.run")),
            named("JAVALIN_START_CHECK", "JettyServerThreadPool-3")
                .map(sample -> sample.at("io.javalin.jetty.JettyServer$Some.run")),
            named("JAVALIN_START_CHECK", "Thread-3")
                .map(
                    sample ->
                        sample.at("com.acme.Work.run", "io.javalin.jetty.JettyServer.handle")),
            // A common-pool worker that runs somebody's task.
            named("COMMON_POOL_IDLE", "ForkJoinPool.commonPool-worker-3")
                .map(
                    sample ->
                        sample.at(
                            "java.util.concurrent.locks.LockSupport.park",
                            "com.acme.Work.run",
                            "java.util.concurrent.ForkJoinPool.awaitWork")),
            named("COMMON_POOL_IDLE", "ForkJoinPool-1-worker-3")
                .map(sample -> sample.at("java.util.concurrent.ForkJoinPool.awaitWork")),
            named("DELAY_SCHEDULER", "DelayScheduler", "CompletableFutureDelayScheduler-1"),
            named("PROCESS_REAPER", "order process reaper", "process reaper (order 7)"),
            named("ASYNC_CHANNELS", "Thread-3").map(Sample::asDaemon),
            named("HTTP_KEEP_ALIVE", "Keep-Alive", "Keep-Alive-Timer-1"),
            named("HTTP_CLIENT", "HttpClient-pool-1", "HttpClient-Worker-1").map(Sample::asDaemon),
            named("HTTP_CLIENT", "HttpClient-3-Worker-0"),
            named("RMI", "RMI TCP Accept-0", "GC Daemon", "RMI Orders"),
            named("JFR", "JFR", "JFR Orders", "MyJFR Recorder Thread"),
            named("PKCS11", "Poller", "Poller-SunPKCS11"),
            named("DESKTOP", "AWT-EventQueue-0", "TimerQueue"),
            named("MAIN", "main", "main-1"),
            named("JUNIT_WORKER", "junit-worker-1", "junit-1-worker-", "my-junit-1-worker-1"),
            named("JUNIT_TIMEOUT", "junit-timeout", "my-junit-jupiter-timeout-watcher"),
            named("LEAKCHECK", "leakcheck-watchdog").map(Sample::asDaemon),
            named("LEAKCHECK_MONITOR", "leakcheck-monitor").map(Sample::asDaemon),
            named("JUNIT4_TIMEOUT", "Time-limited test 2"),
            named("GRADLE", "Test worker pool", "worker", "Test-worker"),
            named("SUREFIRE", "surefire-forkedjvm-", "surefire", "ping", "stream-flusher"),
            named("DEBUGGER", "JDWP", "YJPAgent", "Monitor", "TransformListener-1"),
            named(
                "NETTY_STATIC",
                "nioEventLoopGroup-2-1",
                "defaultEventExecutorGroup-4-1",
                "myGlobalEventExecutor-1-1"),
            named("GRPC_STATIC", "grpc-worker-1", "grpc-client-executor-0"),
            named("OKHTTP_STATIC", "OkHttp TaskRunner"),
            named("OKHTTP_STATIC", "OkHttp Dispatcher", "OkHttp http://localhost/...")
                .map(Sample::asDaemon),
            named("OKHTTP_TASK", "OkHttp localhost ping").map(Sample::asDaemon),
            named("MONGO_STATIC", "BufferPoolPruner-1-thread-1", "pruner"),
            named("RXJAVA_SHARED", "RxComputationThreadPool-1", "RxOrders-1"),
            named("REACTOR_NETTY_STATIC", "reactor-http-epoll-2").map(Sample::asDaemon),
            named("TESTCONTAINERS", "testcontainers", "tc-worker-1", "ducttape"),
            named("JNA_CLEANER", "JNA Callback", "JNA"),
            named("FAILSAFE", "FailsafeScheduler"),
            named("COMMONS_VFS", "Release Thread"),
            named("BATIK", "Batik"),
            named("MYSQL_CLEANUP", "mysql-cleanup"),
            named("H2_SEED", "Generate Seeds", "Generate"),
            named("RXJAVA_STATIC", "RxCachedThreadScheduler-1", "RxComputationThreadPool-1"),
            named(
                "REACTOR_STATIC",
                "parallel-1",
                "single-1",
                "orders-parallel-1",
                "boundedElastic-1"),
            named("KOTLIN_STATIC", "DefaultExecutor", "orders-worker-1"))
        .flatMap(samples -> samples);
  }

  @ParameterizedTest
  @MethodSource
  void benign(Sample sample) {
    assertThat(KnownThreads.match(sample.record())).map(KnownThread::id).contains(sample.rule());
  }

  @ParameterizedTest
  @MethodSource
  void nearMisses(Sample sample) {
    assertThat(KnownThreads.match(sample.record())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("benign")
  void whatNeedsTheStackDoesNotMatchWithoutIt(Sample sample) {
    ThreadRecord withoutStack = sample.at().record();

    KnownThreads.matchWithoutStack(withoutStack)
        .ifPresent(
            rule -> assertThat(sample.type()).as(rule.id()).isNotEqualTo(ThreadRecord.PLAIN_TYPE));
  }

  /** A dump tells neither class nor group. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Finalizer",
        "Reference Handler",
        "CompletableFutureDelayScheduler",
        "Keep-Alive-Timer",
        "grpc-default-executor-0",
        "DefaultDispatcher-worker-1",
        "RxCachedThreadScheduler-2"
      })
  void inADumpWhatCannotBeKnownCountsAsGiven(String name) {
    Sample idle =
        new Sample("", name)
            .at(
                "java.util.concurrent.ThreadPoolExecutor.getTask",
                "java.util.concurrent.ThreadPoolExecutor.runWorker",
                "java.lang.Thread.run");

    assertThat(KnownThreads.match(idle.record())).isEmpty();
    assertThat(KnownThreads.matchInDump(idle.record())).isPresent();
    assertThat(KnownThreads.matchInDump(new Sample("", "orders-1").record())).isEmpty();
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
        "*"
      })
  void ordinaryThreadOfTheUsersIsNeverBenign(String name) {
    Sample sample = new Sample("JVM", name);
    List<Sample> shapes = new ArrayList<>();
    for (Sample shape : List.of(sample, sample.asDaemon(), sample.inGroup("orders"))) {
      shapes.add(shape);
      shapes.add(shape.at());
      shapes.add(shape.at("java.util.concurrent.ThreadPoolExecutor.getTask"));
      shapes.add(shape.asVirtual());
    }

    assertThat(shapes)
        .allSatisfy(shape -> assertThat(KnownThreads.match(shape.record())).isEmpty());
  }

  @Test
  void hostileNamesAreNoErrorAndNoMatch() {
    for (String name :
        List.of("\u0000", "\n", "x".repeat(100_000), "\ud800", "(((((", "a".repeat(150) + "!")) {
      assertThatCode(
              () -> assertThat(KnownThreads.match(new Sample("JVM", name).record())).isEmpty())
          .doesNotThrowAnyException();
    }
  }
}
