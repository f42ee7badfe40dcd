package dev.leakcheck.junit5.lifecycle;

import org.junit.Test;

/** For {@link RunListenerTest}; of no use to Jupiter. */
public class JUnit4TestCase {
  @Test
  public void leaks() {
    Plants.thread("left");
  }
}
