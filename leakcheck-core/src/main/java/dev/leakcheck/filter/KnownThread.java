package dev.leakcheck.filter;

import static dev.leakcheck.filter.KnownThread.Power.INERT;
import static dev.leakcheck.filter.KnownThread.Power.RUNS_CALLBACKS;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Benign threads: they belong to the JVM, to a test runner or to a library's static life, so no
 * test can be asked to stop them. Each rule is as narrow as it can be and says why it exists.
 *
 * <p>Idle workers of an executor are not among them: whether an executor was shut down is asked of
 * the executor.
 */
public enum KnownThread {
  // The JVM and the JDK
  JVM(
      "the JVM's own: references, finalisation, signals, attaching",
      INERT,
      named(
              "Reference Handler|Finalizer|Secondary finalizer|Signal Dispatcher"
                  + "|Notification Thread|Attach Listener|Service Thread|DestroyJavaVM"
                  + "|C[12] CompilerThread\\d+|JVMCI.*|Sweeper thread|Monitor Deflation Thread")
          .and(group("system").or(group("main")).or(group("")))),
  ASYNC_CHANNELS(
      "serves the default group of asynchronous channels; one per JVM",
      RUNS_CALLBACKS,
      runs("sun.nio.ch.EPollPort$EventHandlerTask")
          .or(runs("sun.nio.ch.KQueuePort$EventHandlerTask"))
          .or(runs("sun.nio.ch.Iocp$EventHandlerTask"))
          .and(named("Thread-\\d+").or(type("jdk.internal.misc.InnocuousThread")))
          .and(ThreadRecord::daemon)),
  INNOCUOUS(
      "a JDK service without a context of its own: cleaners, pollers, unblockers",
      INERT,
      type("jdk.internal.misc.InnocuousThread")
          .and(named("process reaper.*|FileSystemWatch(?:Service|er)").negate())),
  CARRIER(
      "carries virtual threads; what runs on it is judged as the virtual thread it is",
      INERT,
      type("jdk.internal.misc.CarrierThread")),
  VIRTUAL_THREAD_SERVICE(
      "wakes virtual threads; lives as long as the JVM",
      INERT,
      named(
              "VirtualThread-unparker(?:-\\d+)?|VirtualThread-unblocker|(?:Read|Write)-Poller"
                  + "|MasterPoller")
          .and(group("InnocuousThreadGroup").or(group("system")))
          // since Java 25 that of the scheduler's own delays
          .or(type("java.util.concurrent.DelayScheduler").and(group("CarrierThreads")))),
  VIRTUAL_THREAD_IO(
      "a virtual thread of the JDK's that serves the sockets of the others; started by the first"
          + " that waits for one, and lives as long as the JVM",
      INERT,
      named("SubPoller-\\d+").and(runs("sun.nio.ch.Poller")).and(ThreadRecord::virtual)),
  CLEANER(
      "runs the actions of a java.lang.ref.Cleaner; ends with it",
      INERT,
      runs("jdk.internal.ref.CleanerImpl")),
  COMMON_POOL_IDLE(
      "the common pool is one per JVM and cannot be shut down; this worker has nothing to do",
      INERT,
      named("ForkJoinPool\\.commonPool-worker-\\d+")
          .and(thread -> Stacks.isIdleForkJoinWorker(thread.stack()))),
  DELAY_SCHEDULER(
      "serves the delays of CompletableFuture; one per JVM and cannot be shut down",
      RUNS_CALLBACKS,
      named("CompletableFutureDelayScheduler|ForkJoinPool\\.commonPool-delayScheduler")),
  PROCESS_REAPER(
      "waits for the end of a child process; ends when idle",
      RUNS_CALLBACKS,
      named("process reaper(?: \\(pid \\d+\\))?")),
  HTTP_KEEP_ALIVE(
      "closes idle connections of HttpURLConnection; ends when idle",
      INERT,
      named("Keep-Alive-Timer|Keep-Alive-SocketCleaner")),
  HTTP_CLIENT(
      "ends by itself once its java.net.http.HttpClient is unreachable; one that a field of the test"
          + " still holds is reported",
      RUNS_CALLBACKS,
      named("HttpClient-\\d+-(?:SelectorManager|Worker-\\d+)").and(ThreadRecord::daemon)),
  RMI(
      "the RMI runtime's; no API stops it",
      INERT,
      named(
              "RMI (?:TCP .*|Scheduler\\(\\d+\\)|RenewClean-.*|GC Daemon|Reaper)|GC Daemon"
                  + "|JMX server connection timeout \\d+")
          .and(
              runs("sun.rmi.")
                  .or(runs("com.sun.jmx."))
                  .or(runs("java.util.concurrent.ThreadPoolExecutor")))),
  JFR(
      "Java Flight Recorder's; one per JVM",
      INERT,
      named(
          "JFR request timer|JFR Periodic Tasks|JFR Recorder Thread|JFR shutdown hook"
              + "|JFR: Shutdown Hook")),
  PKCS11("watches for a token; no API stops it", INERT, named("Poller SunPKCS11.*")),
  DESKTOP(
      "the desktop toolkit's; one per JVM",
      RUNS_CALLBACKS,
      named("AWT-.*|Java2D Disposer|TimerQueue")
          .and(runs("java.awt.").or(runs("sun.")).or(runs("javax.swing.")))),

  // Test runners, build tools and debuggers
  MAIN("the JVM's first thread", INERT, named("main").and(thread -> thread.id() < 10)),
  JUNIT_WORKER(
      "runs tests; belongs to the JUnit Platform",
      INERT,
      named("junit-\\d+-worker-\\d+")
          .or(typeIn("org.junit.platform."))
          .or(runs("org.junit.platform.engine.support.hierarchical."))),
  JUNIT_TIMEOUT(
      "belongs to @Timeout; JUnit stops it",
      INERT,
      named("junit-jupiter-timeout-watcher.*|junit-timeout-thread-\\d+")),
  LEAKCHECK(
      "LeakCheck's own, which looks at what takes too long or does not answer; ends when idle",
      INERT,
      named("leakcheck-(?:watchdog|helper)")
          .and(type("dev.leakcheck.capture.threads.OwnThread"))
          .and(ThreadRecord::daemon)),
  LEAKCHECK_MONITOR(
      "LeakCheck's own: a LeakMonitor that is not closed yet, or what tells a watch from outside"
          + " where threads are created",
      INERT,
      named("leakcheck-(?:monitor|births)")
          .and(
              type("dev.leakcheck.capture.threads.OwnThread")
                  // a thread dump tells no class
                  .or(runs("dev.leakcheck.monitor.LeakMonitor"))
                  .or(runs("dev.leakcheck.capture.record.BirthsReport")))
          .and(ThreadRecord::daemon)),
  JUNIT4_TIMEOUT("runs a JUnit 4 test with a time limit", INERT, named("Time-limited test")),
  GRADLE(
      "Gradle's worker process",
      INERT,
      named("Test worker(?: Thread \\d+)?|/\\S+ to /\\S+ workers(?: Thread \\d+)?")),
  SUREFIRE(
      "Maven Surefire's channel to its parent process",
      INERT,
      named(
          "surefire-forkedjvm-(?:command-thread|ping-30s|stream-flusher"
              + "|last-ditch-daemon-shutdown-thread-.*)|surefire-process-checker"
              + "|last-ditch-daemon-shutdown-thread-.*|ping-timer-.*")),
  DEBUGGER(
      "a debugger's, a profiler's or Byteman's",
      INERT,
      named("Monitor Ctrl-Break|JDWP .*|YJPAgent-.*|TransformListener")),

  // Libraries' static lives
  NETTY_STATIC(
      "Netty's statics: one per JVM, they end when idle",
      RUNS_CALLBACKS,
      named("globalEventExecutor-\\d+-\\d+|threadDeathWatcher-\\d+-\\d+|ObjectCleanerThread")),
  GRPC_STATIC(
      "gRPC's shared resources: released after their last user",
      RUNS_CALLBACKS,
      named(
          "grpc-default-(?:worker|boss)-.*|grpc-default-executor-\\d+|grpc-shared-destroyer-\\d+")),
  OKHTTP_STATIC(
      "OkHttp's and Okio's statics: one per JVM, they end when idle",
      INERT,
      named("OkHttp (?:TaskRunner|ConnectionPool)|Okio Watchdog").and(ThreadRecord::daemon)),
  OKHTTP_TASK(
      "OkHttp's shared task runner, under the name of its last task; ends when idle",
      RUNS_CALLBACKS,
      named("OkHttp .*")
          .and(runs("okhttp3.internal.concurrent.TaskRunner"))
          .and(ThreadRecord::daemon)),
  TESTCONTAINERS(
      "Testcontainers keeps its client and its reaper for the whole run",
      INERT,
      named("testcontainers-ryuk|ducttape-\\d+|tc-okhttp-stream-.*|dockerjava-netty-.*")),
  JNA_CLEANER("JNA's static cleaner", INERT, named("JNA Cleaner")),
  FAILSAFE("Failsafe's static scheduler", RUNS_CALLBACKS, named("FailsafeDelayScheduler")),
  COMMONS_VFS(
      "commons-vfs2's static reference cleaner",
      INERT,
      named("SoftRefFilesCache - Release Thread")),
  BATIK("Batik's static reference cleaner", INERT, named("Batik CleanerThread")),
  MYSQL_CLEANUP(
      "MySQL's static cleanup of connections that nobody closed",
      INERT,
      named("mysql-cj-abandoned-connection-cleanup")),
  MONGO_STATIC(
      "the MongoDB driver's static pruner of buffers",
      INERT,
      named("BufferPoolPruner-\\d+-thread-\\d+").and(ThreadRecord::daemon)),
  H2_SEED("H2 gathers random numbers once; ends by itself", INERT, named("Generate Seed")),
  RXJAVA_STATIC(
      "RxJava's shared housekeeping: one per JVM",
      INERT,
      named("RxCachedWorkerPoolEvictor-\\d+|RxSchedulerPurge-\\d+")),
  RXJAVA_SHARED(
      "RxJava's shared schedulers: one per JVM",
      RUNS_CALLBACKS,
      named("Rx(?:ComputationThreadPool|CachedThreadScheduler|SingleScheduler)-\\d+")
          .and(ThreadRecord::daemon)),
  REACTOR_STATIC(
      "Reactor's shared schedulers: one per JVM",
      RUNS_CALLBACKS,
      named("parallel-\\d+|single-\\d+")
          .and(typeIn("reactor.core.scheduler."))
          .or(named("boundedElastic-(?:evictor-)?\\d+").and(ThreadRecord::daemon))),
  REACTOR_NETTY_STATIC(
      "Reactor Netty's shared event loops: one per JVM",
      RUNS_CALLBACKS,
      named("reactor-(?:http|tcp|udp)-(?:nio|epoll|kqueue|io_uring)-\\d+")
          .and(typeIn("reactor.netty.resources."))
          .and(ThreadRecord::daemon)),
  KOTLIN_STATIC(
      "the shared dispatchers of kotlinx.coroutines: one per JVM",
      RUNS_CALLBACKS,
      named("kotlinx\\.coroutines\\.DefaultExecutor|DefaultDispatcher-worker-\\d+"));

  /** What a benign thread can still do to others. */
  enum Power {
    /** It never runs code of the user's, so it cannot change what a check finds. */
    INERT,
    /** It may run the user's callbacks, so a check waits for it while it is not at rest. */
    RUNS_CALLBACKS
  }

  private final String reason;
  private final Power power;

  @SuppressWarnings("ImmutableEnumChecker") // a predicate without state
  private final Predicate<ThreadRecord> rule;

  KnownThread(String reason, Power power, Predicate<ThreadRecord> rule) {
    this.reason = reason;
    this.power = power;
    this.rule = rule;
  }

  /**
   * The rule that a thread matches.
   *
   * @param thread the thread
   * @return the first rule that matches, or empty if the thread is not known to be benign
   */
  public static Optional<KnownThread> match(ThreadRecord thread) {
    if (thread.virtual()) {
      return VIRTUAL_THREAD_IO.rule.test(thread)
          ? Optional.of(VIRTUAL_THREAD_IO)
          : Optional.empty();
    }
    return Arrays.stream(values()).filter(known -> known.rule.test(thread)).findFirst();
  }

  /**
   * Why the thread is left alone.
   *
   * @return a clause without a full stop
   */
  public String reason() {
    return reason;
  }

  /**
   * Whether the thread never runs code of the user's.
   *
   * @return true if it cannot change what a check finds
   */
  public boolean isInert() {
    return power == INERT;
  }

  private static Predicate<ThreadRecord> named(String regex) {
    Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
    return thread -> thread.name().length() < 200 && pattern.matcher(thread.name()).matches();
  }

  private static Predicate<ThreadRecord> group(String name) {
    return thread -> thread.group().equals(name);
  }

  private static Predicate<ThreadRecord> type(String className) {
    return thread -> thread.type().equals(className);
  }

  private static Predicate<ThreadRecord> typeIn(String prefix) {
    return thread -> thread.type().startsWith(prefix);
  }

  private static Predicate<ThreadRecord> runs(String classPrefix) {
    return thread -> Stacks.runs(thread.stack(), classPrefix);
  }
}
