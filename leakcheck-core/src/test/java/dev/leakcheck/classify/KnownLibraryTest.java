package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownLibraryTest {

  @ParameterizedTest
  @CsvSource({
    "reactor.core.scheduler.BoundedElasticScheduler, Reactor",
    "reactor.util.concurrent.Queues, Reactor",
    "com.acme.repackaged.reactor.core.scheduler.ParallelScheduler, Reactor",
    "com.acme.repackaged.reactor.netty.resources.DefaultLoopResources, Reactor",
    "akka.actor.LightArrayRevolverScheduler, Akka",
    "org.apache.pekko.actor.LightArrayRevolverScheduler, Pekko",
    "com.acme.shaded.io.netty.channel.nio.NioEventLoop, Netty",
  })
  void libraryIsKnownByItsPackagesAlsoWithinAnotherOne(String type, String title) {
    assertThat(KnownLibrary.ofClass(type).map(KnownLibrary.Instance::title)).hasValue(title);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.http.impl.nio.reactor.AbstractMultiworkerIOReactor",
        "com.acme.reactor.Poller",
        "com.acme.reactor.core.Poller",
        "com.acme.akka.actor.Poller",
      })
  void packageThatIsNamedByACommonWordIsNoLibrary(String type) {
    assertThat(KnownLibrary.ofClass(type)).isEmpty();
  }

  private static Optional<String> library(String name, String type, String... frames) {
    ThreadRecord thread = Scene.waiting(7, name, false, type, Scene.stack(frames));
    return KnownLibrary.of(thread, List.of()).map(KnownLibrary.Instance::title);
  }

  @Test
  void serverOfH2IsNoDatabase() {
    assertThat(
            library(
                "H2 TCP Server (tcp://localhost:9092)",
                "java.lang.Thread",
                "java.net.ServerSocket.accept:1",
                "org.h2.server.TcpServer.listen:2",
                "org.h2.tools.Server.run:3"))
        .hasValue("H2's Server");
    assertThat(
            library("H2 Log Writer ORDERS", "java.lang.Thread", "org.h2.store.WriterThread.run:1"))
        .hasValue("H2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.netty.", "com.acme.shaded.io.netty."})
  void threadIsNettysIfItRunsAnExecutorOfNettyWhateverItIsCalled(String netty) {
    assertThat(
            library(
                "orders-1-1",
                netty + "util.concurrent.FastThreadLocalThread",
                netty + "channel.nio.NioEventLoop.run:1",
                netty + "util.concurrent.SingleThreadEventExecutor$4.run:2",
                netty + "util.internal.ThreadExecutorMap$2.run:3",
                netty + "util.concurrent.FastThreadLocalRunnable.run:4",
                "java.lang.Thread.run:5"))
        .hasValue("Netty (orders-1)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.netty.", "com.acme.shaded.io.netty."})
  void threadThatNettysFactoryMadeForOthersIsNotNettys(String netty) {
    assertThat(
            library(
                "orders-1-1",
                netty + "util.concurrent.FastThreadLocalThread",
                "java.util.concurrent.ThreadPoolExecutor$Worker.run:1",
                netty + "util.concurrent.FastThreadLocalRunnable.run:2",
                "java.lang.Thread.run:3"))
        .isEmpty();
  }

  @Test
  void threadThatIsCalledAsOneOfNettysAndRunsWhatIsTheJdksIsNotNettys() {
    assertThat(
            library(
                "nioEventLoopGroup-2-1",
                ThreadRecord.PLAIN_TYPE,
                "jdk.internal.misc.Unsafe.park:1",
                "java.util.concurrent.locks.LockSupport.park:2",
                "java.lang.Thread.run:3"))
        .isEmpty();
  }

  @Test
  void idleWorkerOfAPoolMayBeTheLibrarysThatItIsCalledBy() {
    assertThat(
            library(
                "OkHttp Dispatcher",
                ThreadRecord.PLAIN_TYPE,
                "jdk.internal.misc.Unsafe.park:1",
                "java.util.concurrent.SynchronousQueue.poll:2",
                "java.util.concurrent.ThreadPoolExecutor.getTask:3",
                "java.util.concurrent.ThreadPoolExecutor.runWorker:4",
                "java.util.concurrent.ThreadPoolExecutor$Worker.run:5",
                "java.lang.Thread.run:6"))
        .hasValue("OkHttp");
  }

  @Test
  void poolThatTheUsersCodeMadeIsTheUsersWhateverLibraryStartedItsThreads() {
    Finding finding = poolMadeAt("com.acme.PriceTest.reads:9", false);

    assertThat(finding.title()).startsWith("ThreadPoolExecutor").endsWith("never shut down");
    assertThat(finding.fix()).startsWith("call shutdown() ");
  }

  @Test
  void poolThatALibraryMadeForItselfIsTheLibrarys() {
    Finding finding = poolMadeAt("io.reactivex.rxjava3.internal.schedulers.Pools.create:9", true);

    assertThat(finding.title()).isEqualTo("RxJava, not ended: 1 executor");
  }

  private static Finding poolMadeAt(String maker, boolean librarys) {
    StackTraceElement frame = Scene.frame(maker);
    Origin made =
        new Origin.Known(
            Scene.stack("java.util.concurrent.Executors.newFixedThreadPool:2", maker),
            "main",
            Scene.SCOPE,
            false,
            new Maker(frame, null, null, frame.getClassName(), null, librarys, Maker.Deed.MAKES));
    ThreadRecord worker =
        Scene.waiting(7, "pool-1-thread-1", false, ThreadRecord.PLAIN_TYPE, List.of())
            .inExecutor(Scene.POOL + "@1f");
    return new Scene()
        .with(
            worker,
            Scene.madeAt(
                "java.util.concurrent.ThreadPoolExecutor.execute:1",
                "io.reactivex.rxjava3.internal.schedulers.ExecutorScheduler.scheduleDirect:2",
                "com.acme.PriceTest.reads:10"))
        .with(
            new ExecutorRecord(
                Scene.POOL + "@1f",
                Scene.POOL,
                List.of(7L),
                ExecutorRecord.State.of(false, false),
                null),
            made)
        .finding();
  }

  @Test
  void threadThatWaitsForNettyIsNotNettys() {
    assertThat(
            library(
                "poller-1",
                ThreadRecord.PLAIN_TYPE,
                "java.lang.Object.wait:1",
                "io.netty.util.concurrent.DefaultPromise.await:2",
                "com.acme.Poller.run:3",
                "java.lang.Thread.run:4"))
        .isEmpty();
  }

  @Test
  void poolIsNettysIfItsClassIs() {
    String unordered = "io.netty.util.concurrent.UnorderedThreadPoolEventExecutor@1f";
    ThreadRecord worker = Scene.waiting(7, "orders-1", false, "java.lang.Thread", List.of());

    assertThat(KnownLibrary.of(worker.inExecutor(unordered), List.of())).isPresent();
    assertThat(KnownLibrary.of(worker.inExecutor(Scene.POOL + "@1f"), List.of())).isEmpty();
  }

  private static final String RUNS =
      "com.mchange.v2.async.ThreadPoolAsynchronousRunner$PoolThread.run:683";

  private static List<Finding> ofC3p0(String token) {
    String pool = "C3P0PooledConnectionPoolManager[identityToken->" + token + "]-";
    return new Scene()
        .with(Scene.timer(pool + "AdminTaskTimer"))
        .with(Scene.thread(8, pool + "HelperThread-#0", RUNS))
        .with(Scene.thread(9, pool + "HelperThread-#1", RUNS))
        .findings();
  }

  @Test
  void timerAndThreadsOfAPoolOfC3p0AreOneLeakThatIsTheSameInEveryRun() {
    List<Finding> once = ofC3p0("z8kfltbmcgj7fc1ouwtxl|27e0f2f5");
    assertThat(once).hasSize(1);
    Finding finding = once.get(0);
    assertThat(finding.title()).isEqualTo("c3p0 (27e0f2f5), not ended: 3 threads");
    assertThat(finding.fix()).startsWith("call ComboPooledDataSource.close()");
    assertThat(ofC3p0("z8kfltbmcg1owp2oiw3|beefdead").get(0).fingerprint())
        .isEqualTo(finding.fingerprint());
  }

  @Test
  void poolsOfC3p0AreALeakEach() {
    String manager = "C3P0PooledConnectionPoolManager[identityToken->z8kfltbmcgj7fc1ouwtxl|";
    assertThat(
            new Scene()
                .with(Scene.thread(7, manager + "27e0f2f5]-HelperThread-#0", RUNS))
                .with(Scene.thread(8, manager + "1f00beef]-HelperThread-#0", RUNS))
                .findings())
        .hasSize(2);
  }

  @Test
  void threadThatIsCalledAsOneOfC3p0AndRunsOtherCodeIsNotC3p0s() {
    assertThat(
            library(
                "C3P0PooledConnectionPoolManager[identityToken->a1b2|1f]-HelperThread-#0",
                ThreadRecord.PLAIN_TYPE,
                "com.acme.Poller.run:3"))
        .isEmpty();
  }

  @Test
  void evictorOfCommonsPoolIsStoppedByClosingThePools() {
    assertThat(library("commons-pool-evictor", ThreadRecord.PLAIN_TYPE))
        .hasValue("Apache Commons Pool");
    assertThat(library("commons-pool-evictor", ThreadRecord.PLAIN_TYPE, "com.acme.Poller.run:3"))
        .isEmpty();
  }

  @Test
  void the_call_that_stops_an_executor_is_no_fix_of_a_task_in_it() {
    assertThat(Classifier.taskFix("org.springframework.scheduling.support.Delegating")).isEmpty();
    assertThat(Classifier.taskFix("io.netty.util.concurrent.ScheduledFutureTask")).isEmpty();
    assertThat(Classifier.taskFix("reactor.core.scheduler.WorkerTask"))
        .get()
        .asString()
        .startsWith("dispose the subscription");
  }
}
