package dev.leakcheck.bench;

import com.carrotsearch.randomizedtesting.jupiter.DetectThreadLeaks;
import com.carrotsearch.randomizedtesting.jupiter.SystemThreadFilter;

/**
 * With randomizedtesting-jupiter. Left to its defaults it would accuse the JDK's own threads of
 * virtual threads, and the worker of a terminated pool that is about to end; so it is told of the
 * ones and waits for the other.
 */
@DetectThreadLeaks(scope = DetectThreadLeaks.Scope.TEST)
@DetectThreadLeaks.LingerTime(millis = 3_000)
@DetectThreadLeaks.ExcludeThreads({SystemThreadFilter.class, Suite.OfVirtualThreads.class})
public class RandomizedTestingSuite {
  @Times
  void test() throws Exception {
    Suite.test();
  }
}
