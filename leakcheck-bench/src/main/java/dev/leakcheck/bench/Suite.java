package dev.leakcheck.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.carrotsearch.randomizedtesting.jupiter.DetectThreadLeaks;
import com.carrotsearch.randomizedtesting.jupiter.SystemThreadFilter;
import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.junit5.NoLeaks;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One test class for each checker, whose tests all do the same, run through JUnit's launcher. */
final class Suite {

  private static final Launcher LAUNCHER =
      LauncherFactory.create(
          LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build());

  private static volatile Work work = Work.NOTHING;
  private static volatile int virtualThreads;
  private static volatile @Nullable Crowd crowd;

  private Suite() {}

  /** Virtual threads that are parked while the tests of a class run. */
  static class Fixture {
    @BeforeAll
    static void start() throws InterruptedException {
      crowd = new Crowd(0, virtualThreads);
    }

    @AfterAll
    static void end() throws InterruptedException {
      Crowd started = crowd;
      if (started != null) {
        started.end();
      }
    }
  }

  static class Bare extends Fixture {
    @Times
    void test() throws Exception {
      work.run();
    }
  }

  @NoLeaks(level = Level.METHOD)
  static class WithLeakCheck extends Fixture {
    @Times
    void test() throws Exception {
      work.run();
    }
  }

  /**
   * Left to its defaults it would accuse the JDK's own threads of virtual threads, and the worker
   * of a terminated pool that is about to end; so it is told of the ones and waits for the other.
   */
  @DetectThreadLeaks(scope = DetectThreadLeaks.Scope.TEST)
  @DetectThreadLeaks.LingerTime(millis = 3_000)
  @DetectThreadLeaks.ExcludeThreads({SystemThreadFilter.class, OfVirtualThreads.class})
  static class WithRandomizedTesting extends Fixture {
    @Times
    void test() throws Exception {
      work.run();
    }
  }

  /** Carriers, and the thread that wakes virtual threads. Public for randomizedtesting. */
  public static final class OfVirtualThreads implements Predicate<Thread> {
    @Override
    public boolean test(Thread thread) {
      ThreadGroup group = thread.getThreadGroup();
      return group != null
          && (group.getName().equals("CarrierThreads")
              || group.getName().equals("InnocuousThreadGroup"));
    }
  }

  /** How many virtual threads the fixture of a class starts from now on; none at first. */
  static void setVirtualThreads(int count) {
    virtualThreads = count;
  }

  /**
   * Runs a class.
   *
   * @param type one of the classes in here
   * @param tests how many tests it shall have
   * @param each what each test does
   * @param listener is told of every test
   */
  static void run(Class<?> type, int tests, Work each, TestExecutionListener listener) {
    work = each;
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(type))
            .filters(EngineFilter.includeEngines("junit-jupiter"))
            .configurationParameter(Times.KEY, Integer.toString(tests))
            .build();
    LAUNCHER.execute(request, listener);
  }
}
