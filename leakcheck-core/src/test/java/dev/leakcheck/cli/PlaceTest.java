package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a leak comes from that nobody saw being made, and that runs none of the user's code. */
class PlaceTest {

  private static String place(String title, Fact... facts) {
    return Place.of(
        new Leak(
            Instant.EPOCH,
            "OrderTest.places()",
            Level.METHOD,
            "com.acme.OrderTest",
            "places",
            "f7f6587682d0dbf8",
            LeakKind.UNCLOSED_EXECUTOR,
            title,
            Verdict.NEW,
            null,
            List.of(facts),
            "close it",
            "message",
            List.of(),
            List.of(),
            0,
            null));
  }

  @Test
  void isTheFieldThatHoldsIt() {
    assertThat(
            place(
                "ThreadPoolExecutor@6b2f1c04, never shut down",
                Fact.of("held by", "field OrderTest.service.pool")))
        .isEqualTo("ThreadPoolExecutor, never shut down, held by field OrderTest.service.pool");
  }

  @Test
  void isTheTestClassIfNothingHoldsIt() {
    assertThat(place("ThreadPoolExecutor@6b2f1c04, never shut down", Fact.of("why", "it lives")))
        .isEqualTo("ThreadPoolExecutor, never shut down, left by com.acme.OrderTest");
  }

  @Test
  void fieldInTheTitleIsNotSaidAgain() {
    assertThat(place("LinkedBlockingQueue in field OrderTest.inbox still holds 3 elements"))
        .isEqualTo("LinkedBlockingQueue in field OrderTest.inbox still holds * elements");
  }
}
