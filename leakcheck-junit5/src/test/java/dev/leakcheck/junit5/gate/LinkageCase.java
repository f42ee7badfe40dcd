package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Tests that throw what LeakCheck gives up for if it is its own. */
@NoLeaks
class LinkageCase {

  private static void link() {
    if (Leaks.include("linkage")) {
      throw new NoClassDefFoundError("com/acme/Missing");
    }
  }

  @Test
  void fails() {
    link();
  }

  @Test
  @NoLeaks(repeat = 5)
  void failsRepeated() {
    link();
  }

  @Nested
  class Built {
    Built() {
      link();
    }

    @Test
    void isNotBuilt() {}
  }
}
