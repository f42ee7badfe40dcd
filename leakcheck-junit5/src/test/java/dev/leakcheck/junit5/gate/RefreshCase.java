package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@NoLeaks
class RefreshCase {

  @Test
  void refreshesNow() {
    Timer timer = new Timer("refresh", true);
    timer.schedule(task(timer), TimeUnit.HOURS.toMillis(1));
    if (!Leaks.include("timer")) {
      timer.cancel();
    }
  }

  /** A task that keeps its timer: one that is garbage ends by itself. */
  private static TimerTask task(Timer timer) {
    return new TimerTask() {
      @Override
      public void run() {
        timer.purge();
      }
    };
  }
}
