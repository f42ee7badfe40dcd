package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.junit5.NoLeaks;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loggers lead to everything and own nothing, but may hold a queue that a thread waits on. */
class QueuesOfLoggersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static Finding finding(Class<?> testCase) {
    LeakAssertionError failure = (LeakAssertionError) Run.of(testCase).failure("logs");
    assertThat(failure.findings().list())
        .singleElement()
        .extracting(Finding::kind)
        .isEqualTo(LeakKind.STUCK_ON_QUEUE);
    return failure.findings().list().get(0);
  }

  private static AsyncAppender started(AsyncAppender appender) {
    appender.start();
    Plants.atRelease(
        () -> {
          appender.stop();
          Plants.join(appender.worker());
        });
    return appender;
  }

  @Test
  void a_queue_in_an_appender_that_a_field_holds_is_told_by_that_field() {
    Finding finding = finding(AppenderTestCase.class);

    assertThat(finding.fact("queue").orElseThrow())
        .contains("field AppenderTestCase.appender.blockingQueue, 0 elements of 256");
    assertThat(finding.fact("reach")).isEmpty();
  }

  @NoLeaks
  static class AppenderTestCase {
    AsyncAppender appender;

    @Test
    void logs() {
      appender = started(new AsyncAppender());
    }
  }

  @Test
  void a_queue_in_an_appender_that_no_field_holds_is_told_with_what_was_looked_at() {
    Finding finding = finding(ForgottenAppenderTestCase.class);

    assertThat(finding.fact(Tier.hasAnyAgent() ? "reach" : "queue").orElseThrow())
        .matches(
            "(no|not one that a) field of the test or of what is around it leads to(?: it)? \\(fields"
                + " were followed for 32 steps, also through collections, and not through other"
                + " objects of the JDK, JUnit or Surefire\\)");
  }

  @NoLeaks
  static class ForgottenAppenderTestCase {
    AsyncAppender appender;

    @Test
    void logs() {
      started(new AsyncAppender());
    }
  }
}
