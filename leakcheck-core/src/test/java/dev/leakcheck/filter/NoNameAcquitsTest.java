package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ThreadRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thread of a test's own may have any name, may be a daemon and in any group: with every name
 * that a rule mentions it is accused. What the rule is about is not.
 */
class NoNameAcquitsTest {

  private final CountDownLatch release = new CountDownLatch(1);
  private final SynchronousQueue<String> queue = new SynchronousQueue<>();

  enum Shape {
    PLAIN,
    DAEMON,
    SUBCLASS,
    IN_THE_ROOT_GROUP,
    IN_A_GROUP_OF_ITS_OWN,
    ONLY_FRAMES_OF_THE_JDK,
    ONLY_FRAMES_OF_THE_JDK_IN_THE_ROOT_GROUP
  }

  private static final class Own extends Thread {
    private final CountDownLatch release;

    Own(String name, CountDownLatch release) {
      super(name);
      this.release = release;
    }

    @Override
    public void run() {
      await(release);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws what a method reference to a blocking call may throw. */
  private interface Blocking {
    Object call() throws InterruptedException;
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  private Thread start(String name, Shape shape) {
    Runnable parks = () -> await(release);
    Thread thread =
        switch (shape) {
          case PLAIN, DAEMON -> new Thread(parks, name);
          case SUBCLASS -> new Own(name, release);
          case IN_THE_ROOT_GROUP -> new Thread(root(), parks, name);
          case IN_A_GROUP_OF_ITS_OWN -> new Thread(new ThreadGroup("own"), parks, name);
          case ONLY_FRAMES_OF_THE_JDK -> new Thread(new JdkOnly(queue), name);
          case ONLY_FRAMES_OF_THE_JDK_IN_THE_ROOT_GROUP ->
              new Thread(root(), new JdkOnly(queue), name);
        };
    thread.setDaemon(shape != Shape.PLAIN);
    thread.start();
    return thread;
  }

  /** A task of the JDK's whose frames are all that a stack shows. */
  private static final class JdkOnly extends java.util.concurrent.FutureTask<String> {
    JdkOnly(SynchronousQueue<String> queue) {
      super(queue::take);
    }
  }

  private static Set<String> names() {
    return KnownThreads.all().stream()
        .flatMap(rule -> rule.samples().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void awaitParked(List<Thread> threads) {
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  private void release(List<Thread> threads) {
    release.countDown();
    threads.forEach(Thread::interrupt);
  }

  @ParameterizedTest
  @EnumSource
  void aThreadWithTheNameOfAnyRuleIsAccused(Shape shape) {
    List<Thread> threads = new ArrayList<>();
    try {
      assertThatThrownBy(
              () ->
                  LeakCheck.assertNoLeaks(
                      LeakCheckOptions.defaults().settle(Duration.ofMillis(400)),
                      () -> {
                        names().forEach(name -> threads.add(start(name, shape)));
                        awaitParked(threads);
                      }))
          .isInstanceOfSatisfying(
              LeakAssertionError.class,
              error -> assertThat(accused(error)).containsExactlyElementsOf(names()));

      for (ThreadRecord thread : LiveThreads.describe(threads)) {
        assertThat(KnownThreads.match(thread)).as(thread.name()).isEmpty();
        assertThat(KnownThreads.busyWorkerOf(thread)).as(thread.name()).isEmpty();
      }
    } finally {
      release(threads);
    }
  }

  private static Set<String> accused(LeakAssertionError error) {
    return error.findings().list().stream()
        .flatMap(finding -> finding.threads().stream())
        .map(ThreadRecord::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void aVirtualThreadWithTheNameOfARuleIsNotBenign() {
    Jdk21.assume();
    List<Thread> threads = new ArrayList<>();
    try {
      for (String name : names()) {
        threads.add(Jdk21.startVirtual(name, () -> await(release)));
      }
      awaitParked(threads);

      for (ThreadRecord thread : LiveThreads.describe(threads)) {
        assertThat(KnownThreads.match(thread)).as(thread.name()).isEmpty();
      }
    } finally {
      release(threads);
    }
  }

  @Test
  void theThreadsThatTheRulesAreAboutAreBenign(@TempDir Path directory) throws Exception {
    StandIns libraries = new StandIns(directory);
    try {
      for (StandIns.StandIn one : StandIns.ALL) {
        Thread thread = libraries.start(one);
        awaitParked(List.of(thread));
        ThreadRecord record = LiveThreads.describe(List.of(thread)).get(0);

        assertThat(KnownThreads.match(record))
            .as(one.name())
            .map(KnownThread::id)
            .contains(one.rule());
      }
    } finally {
      libraries.end();
    }
  }
}
