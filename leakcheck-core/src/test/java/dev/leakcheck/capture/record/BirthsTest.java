package dev.leakcheck.capture.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.base.Garbage;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BirthsTest {

  private final Births births = new Births();

  private record Gone(WeakReference<BirthScope> scope, Owner owner) {}

  /** What a thread did while an inner scope was open that was closed without being checked. */
  private Gone inClosedScopeInside(int depth) {
    BirthScope inner = births.open("inner");
    Thread thread = new Thread(() -> {});
    births.hooks().starting(thread, null);
    Owner owner =
        depth == 1
            ? Objects.requireNonNull(births.owner(thread))
            : inClosedScopeInside(depth - 1).owner();
    births.close(inner);
    return new Gone(new WeakReference<>(inner), owner);
  }

  private void assertThatTheOuterScopeAnswers(int depth) {
    births.connect(Set.of(Part.THREADS), List.of(), on -> {});
    BirthScope outer = births.open("outer");
    Gone gone = inClosedScopeInside(depth);
    assertThat(births.answers(gone.owner, outer)).isTrue();
    assertThat(Garbage.collect()).isTrue();
    assertThat(gone.scope.refersTo(null)).isTrue();

    assertThat(births.answers(gone.owner, outer)).isTrue();

    births.close(outer);
  }

  @Test
  void scopeAroundOneThatIsClosedAndCollectedAnswersForIt() {
    assertThatTheOuterScopeAnswers(1);
  }

  @Test
  void outermostScopeAnswersForScopesInsideEachOther() {
    assertThatTheOuterScopeAnswers(3);
  }

  @Test
  void noOtherScopeAnswersForOneThatIsClosedAndCollected() {
    births.connect(Set.of(Part.THREADS), List.of(), on -> {});
    BirthScope outer = births.open("outer");
    Gone gone = inClosedScopeInside(1);
    BirthScope later = births.open("later");
    assertThat(Garbage.collect()).isTrue();

    assertThat(births.answers(gone.owner, later)).isFalse();

    births.close(later);
    births.close(outer);
  }
}
