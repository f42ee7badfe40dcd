package dev.leakcheck.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.model.Population;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private Thread parked;

  @BeforeEach
  void startsAVirtualThread() {
    assumeTrue(Jdk.DUMPS_NEED_STILLNESS, "on other JDKs no virtual thread is stopped");
    parked = Jdk21.startVirtual("parked", LockSupport::park);
  }

  @AfterEach
  void endsIt() throws InterruptedException {
    if (parked != null) {
      LockSupport.unpark(parked);
      parked.join();
    }
  }

  /** What a clock shows that each dump takes a second by. */
  private long now;

  private long tick() {
    now += TimeUnit.SECONDS.toNanos(1);
    return now;
  }

  @Test
  void virtualThreadsThatWereStoppedForTooLongAreLeftAloneForAThousandTimesAsLong() {
    Sampler sampler = new Sampler(true, TimeUnit.MILLISECONDS.toNanos(999), this::tick);

    Population first = sampler.sample();
    Population second = sampler.sample();
    now += TimeUnit.SECONDS.toNanos(997);
    Population last = sampler.sample();
    Population again = sampler.sample();

    assertThat(first.virtual()).isPositive();
    assertThat(first.coverage().notes()).isEmpty();
    assertThat(second.virtual()).isZero();
    assertThat(second.coverage().notes())
        .singleElement()
        .satisfies(
            note ->
                assertThat(note.text())
                    .isEqualTo(
                        "virtual threads and executors are not looked at for 999 s: on JDK 25 no"
                            + " virtual thread goes on meanwhile, which took 1000 ms the last time;"
                            + " with the agent none is stopped"));
    assertThat(last.virtual()).isZero();
    assertThat(again.virtual()).isPositive();
  }

  @Test
  void thoseThatWereNotAreLookedAtAgain() {
    Sampler sampler = new Sampler(true, TimeUnit.SECONDS.toNanos(1), this::tick);

    sampler.sample();

    assertThat(sampler.sample().virtual()).isPositive();
  }
}
