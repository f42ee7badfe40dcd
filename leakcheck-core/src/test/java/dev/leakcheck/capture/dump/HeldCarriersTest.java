package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.HeldCarriers.MovingException;
import dev.leakcheck.capture.dump.HeldCarriers.Scheduler;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldCarriersTest {

  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> started = new ArrayList<>();

  @BeforeEach
  void needsAJdkThatDumpsWhatMoves() throws InterruptedException {
    assumeTrue(Jdk.DUMPS_NEED_STILLNESS, "only JDK 25 needs virtual threads to stand still");
    Jdk21.startVirtual("first", () -> {}).join(); // from now on there are carriers
  }

  @AfterEach
  void endsWhatWasStarted() throws InterruptedException {
    over.set(true);
    for (Thread thread : started) {
      thread.join();
    }
  }

  private Thread start(String name, Runnable body) {
    Thread thread = Jdk21.startVirtual(name, body);
    started.add(thread);
    return thread;
  }

  private static HeldCarriers carriers() {
    HeldCarriers carriers = HeldCarriers.jvm();
    assertThat(carriers).isNotNull();
    return carriers;
  }

  @Test
  void noVirtualThreadRunsUntilTheLookIsOver() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);

    carriers()
        .during(
            () -> {
              start("late", ran::countDown);
              LockSupport.parkNanos(50_000_000); // long enough for one that may run
              assertThat(ran.getCount()).isEqualTo(1);
            });

    ran.await();
  }

  @Test
  void lookRunsWithoutMoreAdoWhereNoVirtualThreadEverRan() throws Exception {
    AtomicBoolean looked = new AtomicBoolean();
    HeldCarriers carriers = new HeldCarriers(new Told(0, 1));

    carriers.during(() -> looked.set(true));

    assertThat(looked).isTrue();
  }

  /** As where virtual threads go on from one to the next on a carrier and let nobody else in. */
  @Test
  void nothingIsLookedAtWhereNotAllCarriersAreHad() throws Exception {
    int more = Runtime.getRuntime().availableProcessors() + 1;
    AtomicBoolean looked = new AtomicBoolean();
    HeldCarriers carriers = new HeldCarriers(new Told(1, more));

    assertThatThrownBy(() -> carriers.during(() -> looked.set(true)))
        .isInstanceOf(MovingException.class)
        .hasMessageContaining("JDK-8364343");

    assertThat(looked).isFalse();
    CountDownLatch ran = new CountDownLatch(1);
    start("after", ran::countDown);
    ran.await(); // the carriers are free again
  }

  @Test
  void dumpThatWasNotTakenSaysWhy() {
    Exception moving = moving();
    ThreadDumper dumper =
        new ThreadDumper(
            (file, format) -> {
              throw moving;
            },
            ThreadDumper.tempDirectories());

    ThreadDump dump = dumper.take(id -> true);

    assertThat(dump.coverage().notes())
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.text())
                    .isEqualTo(
                        "no thread dump could be taken (virtual threads never stood still, and on"
                            + " JDK 25 a dump of one that moves may bring the JVM down:"
                            + " JDK-8364343): virtual threads and executors without a field were"
                            + " not seen"));
  }

  private static Exception moving() {
    AtomicReference<Exception> thrown = new AtomicReference<>();
    int more = Runtime.getRuntime().availableProcessors() + 1;
    try {
      new HeldCarriers(new Told(1, more)).during(() -> {});
    } catch (Exception e) {
      thrown.set(e);
    }
    return thrown.get();
  }

  @Test
  void virtualThreadThatComputesOnIsDumped() {
    CountDownLatch begun = new CountDownLatch(1);
    Thread computes =
        start(
            "computes",
            () -> {
              begun.countDown();
              while (!over.get()) {
                Thread.onSpinWait();
              }
            });
    await(begun);

    ThreadDump dump = new ThreadDumper().take(id -> id == LiveThreads.id(computes));

    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(dump.threads()).extracting(ThreadRecord::name).containsExactly("computes");
  }

  @Test
  void whatHoldsTheCarriersIsNeitherDumpedNorCounted() {
    Reading before = ThreadCounter.jvm().read();

    ThreadDump dump = new ThreadDumper().take(id -> true);

    assertThat(dump.threads()).extracting(ThreadRecord::name).doesNotContain("leakcheck-hold");
    assertThat(ThreadCounter.jvm().read().created() - before.created())
        .as("threads but for new carriers")
        .isEqualTo(ThreadCounter.jvm().read().started() - before.started());
  }

  @Test
  void dumpIsTakenFromAVirtualThreadToo() throws Exception {
    AtomicReference<ThreadDump> dump = new AtomicReference<>();
    Thread dumping =
        start(
            "dumping",
            () -> {
              long self = LiveThreads.id(Thread.currentThread());
              dump.set(new ThreadDumper().take(id -> id == self));
            });

    dumping.join();

    assertThat(dump.get().coverage().notes()).isEmpty();
    assertThat(dump.get().threads()).hasSize(1);
  }

  @Test
  void manyVirtualThreadsMayTakeDumpsAtOnce() throws InterruptedException {
    ThreadDumper dumper = new ThreadDumper();
    Collection<ThreadDump> dumps = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 20; i++) {
      start("dumping", () -> dumps.add(dumper.take(id -> true)));
    }

    for (Thread thread : started) {
      thread.join();
    }

    assertThat(dumps).hasSize(20).allSatisfy(dump -> assertThat(dump.coverage().notes()).isEmpty());
  }

  /** Each would be seen alive, as it cannot go on. */
  @Test
  void virtualThreadThatIsStartedMeanwhileIsNobodysYet() throws Exception {
    AtomicReference<Thread> late = new AtomicReference<>();

    LongPredicate nobodys = carriers().during(() -> late.set(start("late", () -> {})));

    assertThat(nobodys.test(LiveThreads.id(late.get()))).isTrue();
    assertThat(nobodys.test(LiveThreads.id(Thread.currentThread()))).isFalse();
  }

  @Test
  void interruptThatComesMeanwhileIsGivenBack() throws Exception {
    Thread asking = Thread.currentThread();

    carriers().during(asking::interrupt);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptThatComesWhileCarriersAreAskedForIsGivenBack() {
    int more = Runtime.getRuntime().availableProcessors() + 1;
    HeldCarriers never = new HeldCarriers(new Told(1, more));
    Thread asking = Thread.currentThread();
    Thread interrupts = new Thread(asking::interrupt);

    interrupts.start();
    assertThatThrownBy(() -> never.during(() -> {})).isInstanceOf(MovingException.class);
    boolean interrupted = join(interrupts);

    assertThat(Thread.interrupted() || interrupted).isTrue();
  }

  /** Whether an interrupt came. */
  private static boolean join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  /** The JDK's own dump brings the JVM down after some hundred of them, most of the time. */
  @Test
  void jvmSurvivesAThousandDumpsOfVirtualThreadsThatComeAndGo() throws IOException {
    for (int i = 0; i < 50; i++) {
      start(
          "busy",
          () -> {
            while (!over.get()) {
              LockSupport.parkNanos(1_000);
              Thread.yield();
            }
          });
    }
    ThreadDumper dumper = new ThreadDumper();

    for (int i = 0; i < 1_000; i++) {
      ThreadDump dump = dumper.take(id -> true);

      assertThat(dump.coverage().notes()).isEmpty();
      assertThat(dump.threads().stream().filter(thread -> thread.name().equals("busy")))
          .hasSize(50);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A scheduler with so many carriers. */
  private record Told(long carriers, int parallelism) implements Scheduler {}
}
