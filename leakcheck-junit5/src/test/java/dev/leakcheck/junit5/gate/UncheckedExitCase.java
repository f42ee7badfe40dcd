package dev.leakcheck.junit5.gate;

import org.junit.jupiter.api.Test;

/** LeakCheck does not know of this one. */
class UncheckedExitCase {

  @Test
  void mayEndTheJvm() {
    if (Leaks.include("exit")) {
      System.exit(0);
    }
  }
}
