package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A test that is stuck in a deadlock says so before its time is up. */
class DeadlocksTest {

  private static final String IN_CYCLE = "2 threads wait for each other: ";

  private final List<String> printed = Collections.synchronizedList(new ArrayList<>());
  private final PrintStream before = System.err;

  @TempDir private Path directory;

  @BeforeEach
  void takeWhatIsPrinted() {
    current = printed;
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (line.startsWith("LeakCheck: ")) {
              printed.add(line);
            } else {
              before.println(line);
            }
          }
        });
  }

  @AfterEach
  void releasePlants() {
    System.setErr(before);
    Plants.release();
  }

  /** The current thread and another take two locks in opposite orders, until interrupted. */
  static void deadlock() throws InterruptedException {
    ReentrantLock own = new ReentrantLock();
    ReentrantLock others = new ReentrantLock();
    CountDownLatch taken = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              others.lock();
              taken.countDown();
              try {
                own.lockInterruptibly();
                own.unlock();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                others.unlock();
              }
            },
            "other");
    own.lock();
    try {
      other.start();
      taken.await();
      others.lockInterruptibly();
    } finally {
      own.unlock();
    }
    other.join();
  }

  private static List<String> hangs(Throwable failure) {
    return Arrays.stream(failure.getSuppressed())
        .map(Throwable::toString)
        .filter(text -> text.startsWith("dev.leakcheck.Hang: "))
        .toList();
  }

  private void assertTold(Run run, String method, String name) {
    assertThat(run.failure(method)).isInstanceOf(TimeoutException.class);
    assertThat(hangs(run.failure(method)))
        .singleElement()
        .asString()
        .contains("LeakCheck: DeadlocksTest." + name + " has not ended after ")
        .contains(": 1 deadlock")
        .contains(IN_CYCLE)
        .contains("\"other\"")
        .contains("at dev.leakcheck.junit5.lifecycle.DeadlocksTest.deadlock(DeadlocksTest.java:");
    assertThat(printed).hasSize(1);
    assertThat(printed.get(0)).contains(name).contains(IN_CYCLE);
  }

  @Test
  void timeout_on_the_same_thread_tells_of_the_deadlock() {
    assertTold(Run.of(SameThreadTestCase.class), "hangs", "SameThreadTestCase.hangs()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SameThreadTestCase {
    @Test
    @Timeout(3)
    void hangs() throws InterruptedException {
      deadlock();
    }
  }

  @Test
  void timeout_on_a_separate_thread_tells_of_the_deadlock() {
    assertTold(Run.of(SeparateThreadTestCase.class), "hangs", "SeparateThreadTestCase.hangs()");
  }

  @ExtendWith(LeakCheckExtension.class)
  @Timeout(value = 3, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  static class SeparateThreadTestCase {
    @Test
    void hangs() throws InterruptedException {
      deadlock();
    }
  }

  @Test
  void a_timeout_tells_what_hangs_before_it_interrupts() {
    assumeTrue(saysWhenItInterrupts(), "JUnit before 5.12 does not say when it interrupts");
    Run run = Run.of(WaitingTestCase.class);

    assertThat(run.failure("waits")).isInstanceOf(TimeoutException.class);
    assertThat(hangs(run.failure("waits")))
        .singleElement()
        .asString()
        .contains("LeakCheck: DeadlocksTest.WaitingTestCase.waits() has not ended after ")
        .contains("; no deadlock was seen")
        .contains("waiting in CountDownLatch.await(), without a time limit")
        .contains("DeadlocksTest$WaitingTestCase.waits(DeadlocksTest.java:")
        .contains("made here  \"its-helper\" ");
    assertThat(WaitingTestCase.printedBefore).hasSize(1);
    assertThat(printed).hasSize(1);
  }

  private static boolean saysWhenItInterrupts() {
    try {
      Class.forName("org.junit.jupiter.api.extension.PreInterruptCallback");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static List<String> current;

  @ExtendWith(LeakCheckExtension.class)
  static class WaitingTestCase {
    private static List<String> printedBefore;

    @Test
    @Timeout(value = 200, unit = TimeUnit.MILLISECONDS)
    void waits() throws InterruptedException {
      CountDownLatch never = new CountDownLatch(1);
      Thread helper =
          new Thread(
              () -> {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  return;
                }
              },
              "its-helper");
      helper.start();
      try {
        never.await();
      } catch (InterruptedException e) {
        printedBefore = List.copyOf(current);
        throw e;
      } finally {
        helper.interrupt();
      }
    }
  }

  @Test
  void a_timeout_that_does_not_strike_tells_nothing() {
    assertThat(Run.of(QuickTestCase.class).outcomes()).containsExactly("ends() passed");
    assertThat(printed).isEmpty();
  }

  @ExtendWith(LeakCheckExtension.class)
  static class QuickTestCase {
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void ends() {}
  }

  @Test
  void timeout_of_the_configuration_tells_of_the_deadlock() {
    assertTold(
        Run.configured()
            .with("junit.jupiter.execution.timeout.test.method.default", "3000 ms")
            .over(UnlimitedTestCase.class),
        "hangs",
        "UnlimitedTestCase.hangs()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UnlimitedTestCase {
    @Test
    void hangs() throws InterruptedException {
      deadlock();
    }
  }

  @Test
  void timeout_of_a_test_that_is_not_checked_by_itself_tells_of_the_deadlock() {
    assertTold(
        Run.configured().with("leakcheck.level", "class").over(SameThreadTestCase.class),
        "hangs",
        "SameThreadTestCase.hangs()");
  }

  @Test
  void timeout_of_a_fixture_tells_of_the_deadlock() {
    assertTold(Run.of(FixtureTestCase.class), "FixtureTestCase", "FixtureTestCase.setUp()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    @BeforeAll
    @Timeout(3)
    static void setUp() throws InterruptedException {
      deadlock();
    }

    @Test
    void passes() {}
  }

  // Near misses

  @Test
  void test_that_is_slow_and_not_deadlocked_tells_of_no_deadlock() {
    Run run = Run.of(SlowTestCase.class);

    assertThat(run.outcomes())
        .satisfiesExactlyInAnyOrder(
            outcome -> assertThat(outcome).isEqualTo("passes() passed"),
            outcome -> assertThat(outcome).startsWith("timesOut() failed: timesOut() timed out"));
    assertThat(hangs(run.failure("timesOut")))
        .hasSize(saysWhenItInterrupts() ? 1 : 0)
        .allMatch(hang -> hang.contains("; no deadlock was seen"));
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SlowTestCase {
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void passes() {}

    @Test
    @Timeout(value = 500, unit = TimeUnit.MILLISECONDS)
    void timesOut() throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  @Test
  void timeout_that_is_switched_off_says_nothing() {
    Run run =
        Run.configured()
            .with("junit.jupiter.execution.timeout.mode", "disabled")
            .over(LimitedTestCase.class);

    assertThat(run.outcomes()).containsExactly("passes() passed");
    assertThat(printed).isEmpty();
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LimitedTestCase {
    @Test
    @Timeout(1)
    void passes() {}
  }

  // A test that never ends

  @Test
  void test_that_never_ends_is_told_of_while_it_hangs() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dleakcheck.proof=off");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Hanging.class.getName());
    Path out = directory.resolve("out.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (!read(out).contains("why ") && process.isAlive()) {
        assertThat(System.nanoTime()).as(read(out)).isLessThan(end);
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
      assertThat(process.isAlive()).as(read(out)).isTrue();
      assertThat(read(out))
          .containsPattern(
              "LeakCheck: DeadlocksTest.MonitorsTestCase.hangs\\(\\) has not ended after [0-9.]+ m?s:")
          .contains("2 threads wait for each other: \"main\", \"other\"")
          .contains("taken in dev.leakcheck.junit5.lifecycle.DeadlocksTest$MonitorsTestCase.both(");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** A JVM whose only test never ends. */
  static final class Hanging {
    public static void main(String[] arguments) {
      Run.of(MonitorsTestCase.class);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MonitorsTestCase {
    private final Object first = new Object();
    private final Object second = new Object();
    private final CountDownLatch taken = new CountDownLatch(2);

    @Test
    @Timeout(2)
    void hangs() throws InterruptedException {
      Thread other =
          new Thread(
              () -> {
                try {
                  both(second, first);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "other");
      other.start();
      both(first, second);
      other.join();
    }

    private void both(Object own, Object others) throws InterruptedException {
      synchronized (own) {
        taken.countDown();
        taken.await();
        synchronized (others) {
          taken.countDown();
        }
      }
    }
  }
}
