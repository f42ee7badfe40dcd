package dev.leakcheck.bench;

/** With JUnit alone. */
public class BareSuite {
  @Times
  void test() throws Exception {
    Suite.test();
  }
}
