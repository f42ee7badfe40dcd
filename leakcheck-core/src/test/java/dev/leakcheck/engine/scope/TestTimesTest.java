package dev.leakcheck.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.classify.MadeWhile;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestTimesTest {

  private final TestTimes times = new TestTimes(3);

  /** As of an id, where LeakCheck itself made no thread. */
  private static Reading at(long id) {
    return new Reading(id, id, id);
  }

  private MadeWhile of(long id) {
    return times.of(id).orElseThrow();
  }

  @Test
  void knowsInWhichTestAThreadWasMade() {
    times.addTest(at(10), at(20), "A.a()");
    times.addTest(at(20), at(30), "A.b()");
    times.addClass(at(5), at(40), "A");

    assertThat(of(20)).isEqualTo(new MadeWhile(List.of("A.a()"), List.of()));
    assertThat(of(21)).isEqualTo(new MadeWhile(List.of("A.b()"), List.of()));
    assertThat(of(6)).isEqualTo(new MadeWhile(List.of(), List.of("A")));
    assertThat(times.of(5)).isEmpty();
    assertThat(times.of(41)).isEmpty();
  }

  @Test
  void namesAllThatRanAtTheSameTime() {
    times.addTest(at(10), at(30), "A.a()");
    times.addTest(at(20), at(40), "A.b()");
    times.addClass(at(10), at(50), "B");

    assertThat(of(15)).isEqualTo(new MadeWhile(List.of("A.a()"), List.of("B")));
    assertThat(of(25)).isEqualTo(new MadeWhile(List.of("A.a()", "A.b()"), List.of("B")));
  }

  @Test
  void namesTheInnermostClass() {
    times.addClass(at(10), at(20), "A.Inner");
    times.addClass(at(5), at(30), "A");

    assertThat(of(15)).isEqualTo(new MadeWhile(List.of(), List.of("A.Inner")));
    assertThat(of(25)).isEqualTo(new MadeWhile(List.of(), List.of("A")));
  }

  @Test
  void keepsNothingOfATestThatMadeNoThread() {
    times.addTest(at(10), at(20), "A.a()");
    for (int probe = 20; probe < 30; probe++) {
      times.addTest(new Reading(probe, 20, 20), new Reading(probe + 1, 20, 20), "A.idle()");
    }

    assertThat(of(15).tests()).containsExactly("A.a()");
    assertThat(times.of(25)).isEmpty();
  }

  @Test
  void claimsNothingOfATimeThatWasForgotten() {
    times.addTest(at(10), at(30), "A.forgotten()");
    times.addTest(at(20), at(40), "A.a()");
    times.addTest(at(40), at(50), "A.b()");
    assertThat(of(25).tests()).hasSize(2);

    times.addTest(at(50), at(60), "A.c()");

    assertThat(times.of(25)).isEmpty();
    assertThat(of(31).tests()).containsExactly("A.a()");
  }
}
