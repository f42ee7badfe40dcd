package dev.leakcheck.stress;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One scope: opened, filled, checked, held against the truth, and cleared. */
final class Checked {

  private static final int[] SETTLE_MILLIS = {0, 0, 0, 0, 5, 20, 200};

  private Checked() {}

  /**
   * Does all of it on the current thread.
   *
   * @param depth how many things and scopes it is nested in
   */
  static void check(Tally tally, SplittableRandom random, int depth) throws Exception {
    LeakCheckOptions options =
        LeakCheckOptions.defaults()
            .named("depth " + depth + " in " + Thread.currentThread().getName())
            .settle(Duration.ofMillis(SETTLE_MILLIS[random.nextInt(SETTLE_MILLIS.length)]));
    // Only where the code has returned can it be told whether a variable holds a queue.
    boolean asBody = random.nextInt(3) > 0;
    Planting planting = new Planting(tally, asBody);
    Findings findings;
    if (asBody) {
      findings = ofBody(options, () -> planting.makeSome(random, depth));
    } else {
      LeakScope scope = LeakCheck.open(options);
      planting.makeSome(random, depth);
      findings = ofBody(null, scope::close);
    }
    tally.judge(planting.leaks(), findings);
    planting.end();
  }

  /**
   * Checks code that leaves nothing of its own: a worker is its executor's, whoever's task it runs.
   */
  static void pass(Tally tally, LeakCheck.Body body) throws Exception {
    tally.judge(Set.of(), ofBody(LeakCheckOptions.defaults().settle(Duration.ZERO), body));
  }

  /** Checks all that was made since {@code LeakCheck.rebaseline()} and that nobody answered for. */
  static void passAll(Tally tally) throws Exception {
    tally.judge(Set.of(), ofBody(null, LeakCheck::assertNoLeaks));
  }

  private static Findings ofBody(@Nullable LeakCheckOptions options, LeakCheck.Body body)
      throws Exception {
    try {
      if (options == null) {
        body.run();
      } else {
        LeakCheck.assertNoLeaks(options, body);
      }
    } catch (LeakAssertionError left) {
      return left.findings();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return Findings.none("a scope that passed", List.of(), Coverage.FULL, true);
  }
}
