package dev.leakcheck.bench;

import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.junit5.NoLeaks;

/** With LeakCheck. */
@NoLeaks(level = Level.METHOD)
public class LeakCheckSuite {
  @Times
  void test() throws Exception {
    Suite.test();
  }
}
