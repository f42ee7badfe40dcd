package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import java.util.Timer;
import org.junit.jupiter.api.Test;

@NoLeaks
class RefreshCase {

  @Test
  void refreshesNow() {
    Timer timer = new Timer("refresh", true);
    if (!Leaks.include("timer")) {
      timer.cancel();
    }
  }
}
