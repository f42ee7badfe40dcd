package dev.leakcheck.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Planted;
import dev.leakcheck.model.Finding;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A scope around tests is told in which of them a thread was made. */
class TestTimeTest {

  @AutoClose private final Planted planted = new Planted();
  private final TestScope around = TestScope.open(TestScopes.AT_ONCE.aroundTests());

  /** One that is never started takes an id as well. */
  private static void makeThread() {
    assertThat(new Thread(() -> {}).isAlive()).isFalse();
  }

  private static String test(TestScope scope) {
    List<Finding> findings = scope.findings().list();
    assertThat(findings).hasSize(1);
    return findings.get(0).fact("test").orElse("nothing");
  }

  @Test
  void onlyTestsThatHadBegunAndNotEndedAreNamed() {
    TestTime first = TestTime.begin();
    makeThread();
    first.endTest("A.first()");
    TestTime second = TestTime.begin();
    TestTime third = TestTime.begin();
    planted.thread("stray");
    second.endTest("A.second()");
    TestTime fourth = TestTime.begin();
    makeThread();
    third.endTest("A.third()");
    fourth.endTest("A.fourth()");

    assertThat(test(around)).isEqualTo("it was made while A.second() and A.third() ran");
  }

  @Test
  void nameIsAskedForOnlyIfAThreadWasMade() {
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> name = () -> "A.test" + asked.incrementAndGet() + "()";
    TestTime.begin().endTest(name);
    assertThat(asked).hasValue(0);

    TestTime time = TestTime.begin();
    planted.thread("stray");
    time.endTest(name);
    assertThat(test(around)).isEqualTo("it was made while A.test1() ran");
    assertThat(asked).hasValue(1);
  }

  @Test
  void nothingIsClaimedOfAThreadThatWasMadeInNone() {
    TestTime first = TestTime.begin();
    makeThread();
    first.endTest("A.first()");
    planted.thread("stray");
    TestTime second = TestTime.begin();
    makeThread();
    second.endTest("A.second()");

    assertThat(test(around)).isEqualTo("nothing");
  }

  @Test
  void scopeInCodeIsNotAroundTests() {
    TestScope scope = TestScopes.atOnce();
    TestTime time = TestTime.begin();
    planted.thread("stray");
    time.endTest("A.test()");

    assertThat(test(scope)).isEqualTo("nothing");
  }

  @Test
  void whatIsMadeAfterAPauseIsNotOfTheTestThatEndedInIt() {
    TestTime first = TestTime.begin();
    TestTime second;
    try (TestScope.Pause pause = around.pause()) {
      makeThread();
      first.endTest("A.first()");
      second = TestTime.begin();
    }
    planted.thread("stray");
    second.endTest("A.second()");

    assertThat(test(around)).isEqualTo("it was made while A.second() ran");
  }
}
