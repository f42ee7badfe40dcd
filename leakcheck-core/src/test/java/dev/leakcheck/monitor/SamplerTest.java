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

  @Test
  void virtualThreadsThatWereStoppedForTooLongAreLookedAtNoMore() {
    Sampler sampler = new Sampler(true, 1);

    Population first = sampler.sample();
    Population second = sampler.sample();

    assertThat(first.virtual()).isPositive();
    assertThat(first.coverage().notes()).isEmpty();
    assertThat(second.virtual()).isZero();
    assertThat(second.coverage().notes())
        .singleElement()
        .satisfies(note -> assertThat(note.text()).contains("with the agent none is stopped"));
  }

  @Test
  void thoseThatWereNotAreLookedAtAgain() {
    Sampler sampler = new Sampler(true, TimeUnit.HOURS.toNanos(1));

    sampler.sample();

    assertThat(sampler.sample().virtual()).isPositive();
  }
}
