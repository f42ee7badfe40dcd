package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.reports.LeakCopy;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a leak comes from, also if nobody saw it being made and it runs no code of the user's. */
class PlaceTest {

  private static String place(String title, Fact... facts) {
    return Place.of(leak(title, facts));
  }

  private static Leak leak(String title, Fact... facts) {
    return new Leak(
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
        null,
        List.of(),
        0,
        null,
        null);
  }

  private static StackTraceElement frame(String type, String method) {
    return new StackTraceElement(type, method, type + ".java", 7);
  }

  @Test
  void isTheUsersLineAndNotTheLibrarysWhereThatIsKnown() {
    StackTraceElement library = frame("org.example.Server", "start");
    StackTraceElement user = frame("com.acme.OrderTest", "places");
    LeakCopy made = new LeakCopy(leak("a thread")).created(List.of(library, user));

    assertThat(Place.of(made.leak())).isEqualTo("org.example.Server.start");
    assertThat(Place.of(made.creator(user).leak())).isEqualTo("com.acme.OrderTest.places");
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
