package dev.leakcheck;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.leakcheck.assertj.LeakCheckAssertions;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AssertNoLeaksTest {

  @AutoClose private final Planted planted = new Planted();

  @Test
  void leakSinceTheBaselineOfTheProcessFails() {
    LeakCheck.rebaseline();
    planted.thread("stray");

    assertThatThrownBy(LeakCheck::assertNoLeaks)
        .isInstanceOf(LeakAssertionError.class)
        .hasMessageContaining("this process left 1 thread behind");
  }

  @Test
  void leakBeforeTheBaselineOfTheProcessPasses() {
    planted.thread("stray");
    LeakCheck.rebaseline();

    assertThatCode(LeakCheck::assertNoLeaks).doesNotThrowAnyException();
  }

  @Test
  void blockThatLeaksFails() {
    assertThatThrownBy(() -> LeakCheck.assertNoLeaks(() -> planted.thread("stray")))
        .isInstanceOf(LeakAssertionError.class)
        .hasMessageContaining("the checked block left 1 thread behind");
  }

  @Test
  void blockThatLeaksNothingPasses() {
    assertThatCode(
            () ->
                LeakCheck.assertNoLeaks(
                    Scopes.PATIENT, () -> Planted.awaitEnd(planted.thread("short", () -> {}))))
        .doesNotThrowAnyException();
  }

  @Test
  void blockIsCheckedWithItsOptions() {
    assertThatThrownBy(
            () ->
                LeakCheck.assertNoLeaks(
                    Scopes.AT_ONCE.named("loading prices"), () -> planted.thread("stray")))
        .hasMessageContaining("loading prices left 1 thread behind");
  }

  @Test
  void failureOfTheBlockIsThrownWithWhatItLeaked() {
    IOException failure = new IOException("no route");

    Throwable thrown =
        catchThrowable(
            () ->
                LeakCheck.assertNoLeaks(
                    Scopes.AT_ONCE,
                    () -> {
                      planted.thread("stray");
                      throw failure;
                    }));

    assertThat(thrown).isSameAs(failure);
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0])
        .isInstanceOf(LeakAssertionError.class)
        .hasMessageContaining("stray");
  }

  @Test
  void failureOfABlockThatLeaksNothingIsThrownAsItIs() {
    IOException failure = new IOException("no route");

    Throwable thrown =
        catchThrowable(
            () ->
                LeakCheck.assertNoLeaks(
                    Scopes.PATIENT,
                    () -> {
                      throw failure;
                    }));

    assertThat(thrown).isSameAs(failure);
    assertThat(thrown.getSuppressed()).isEmpty();
  }

  @Test
  void leakOfATryBlockIsSuppressedOntoItsFailure() {
    Throwable thrown =
        catchThrowable(
            () -> {
              try (LeakScope scope = Scopes.atOnce()) {
                planted.thread("stray");
                throw new IOException("no route");
              }
            });

    assertThat(thrown).isInstanceOf(IOException.class);
    assertThat(thrown.getSuppressed()).hasOnlyElementsOfType(LeakAssertionError.class);
  }

  @Test
  void errorCarriesItsFindings() {
    LeakAssertionError error =
        (LeakAssertionError)
            catchThrowable(
                () -> LeakCheck.assertNoLeaks(Scopes.AT_ONCE, () -> planted.thread("stray")));

    assertThat(error.findings()).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void stackTraceOfTheErrorBeginsWhereTheCallerCalled() {
    Throwable block =
        catchThrowable(
            () -> LeakCheck.assertNoLeaks(Scopes.AT_ONCE, () -> planted.thread("stray")));
    LeakCheck.rebaseline();
    planted.thread("stray");
    Throwable process = catchThrowable(LeakCheckCaller::check);
    LeakScope scope = Scopes.atOnce();
    planted.thread("stray");
    Throwable closed = catchThrowable(() -> scope.close());
    LeakScope asserted = Scopes.atOnce();
    planted.thread("stray");
    Throwable assertJ = catchThrowable(() -> LeakCheckAssertions.assertThat(asserted).hasNoLeaks());

    assertThat(block.getStackTrace()[0].getClassName())
        .isEqualTo(AssertNoLeaksTest.class.getName());
    assertThat(process.getStackTrace()[0].getClassName())
        .isEqualTo(LeakCheckCaller.class.getName());
    assertThat(process.getStackTrace()[0].getMethodName()).isEqualTo("check");
    assertThat(closed.getStackTrace()[0].getClassName())
        .isEqualTo(AssertNoLeaksTest.class.getName());
    assertThat(assertJ.getStackTrace()[0].getClassName())
        .isEqualTo(AssertNoLeaksTest.class.getName());
  }

  private static final class LeakCheckCaller {
    static void check() {
      LeakCheck.assertNoLeaks();
    }
  }

  @Test
  void errorWithoutFindingsIsRefused() {
    Findings none = Scopes.patient().findings();

    assertThatThrownBy(() -> new LeakAssertionError(none))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void scopeThatIsClosedTwiceIsCheckedOnce() {
    LeakScope scope = Scopes.atOnce();
    planted.thread("stray");

    assertThatThrownBy(scope::close).isInstanceOf(LeakAssertionError.class);
    planted.thread("another");
    assertThatCode(scope::close).doesNotThrowAnyException();
  }

  @Test
  void assertJEntryPointComparesKinds() {
    LeakScope scope = Scopes.atOnce();
    planted.thread("stray");
    Findings findings = scope.findings();

    assertThat(findings).hasKinds(LeakKind.STRAY_THREAD);
    assertThatThrownBy(() -> assertThat(findings).hasKinds(LeakKind.LEFTOVER_QUEUE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("STRAY_THREAD");
    assertThat(findings).list().hasSize(1);
  }

  @Test
  void nullIsRefusedByName() {
    assertThatThrownBy(() -> LeakCheck.open(null)).hasMessage("options");
    assertThatThrownBy(() -> LeakCheck.assertNoLeaks((LeakCheck.Body) null)).hasMessage("body");
    assertThatThrownBy(() -> LeakCheck.track((java.util.concurrent.BlockingQueue<Object>) null))
        .hasMessage("queue");
  }
}
