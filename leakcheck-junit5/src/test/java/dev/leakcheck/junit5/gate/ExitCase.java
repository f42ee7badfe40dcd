package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@NoLeaks
@TestMethodOrder(MethodOrderer.MethodName.class)
class ExitCase {

  @Test
  void aEndsByItself() {}

  @Test
  void bMayEndTheJvm() {
    if (Leaks.include("exit")) {
      System.exit(0);
    }
  }

  @Test
  void cIsNotRunThen() {}
}
