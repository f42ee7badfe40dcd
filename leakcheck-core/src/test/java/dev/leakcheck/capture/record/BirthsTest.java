package dev.leakcheck.capture.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.base.Garbage;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

  private static final int AT_ONCE = 1_024;

  /** What an outer scope keeps of many executors that inner ones left, and the collector took. */
  private int keptOf(int inners, Consumer<Birth> answer) {
    births.connect(Set.of(Part.EXECUTORS), List.of(), on -> {});
    BirthScope outer = births.open("outer");
    for (int i = 0; i < inners; i++) {
      BirthScope inner = births.open("inner");
      List<Executor> forgotten = new ArrayList<>();
      for (int j = 0; j < AT_ONCE; j++) {
        ThreadPoolExecutor pool =
            new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        births.hooks().made(pool);
        forgotten.add(pool);
      }
      births.in(inner, ExecutorBirth.class, birth -> true).forEach(answer);
      births.close(inner);
      assertThat(forgotten).hasSize(AT_ONCE);
      forgotten.clear();
      assertThat(Garbage.collect()).isTrue();
    }
    int kept = births.in(outer, ExecutorBirth.class, birth -> true).size();
    births.close(outer);
    return kept;
  }

  @Test
  void whatWasToldAndIsCollectedIsNotKept() {
    assertThat(keptOf(5, birth -> birth.report(Long.MAX_VALUE - 1)))
        .isLessThanOrEqualTo(2 * AT_ONCE);
  }

  @Test
  void whatIsCollectedAndWasNotToldIsKept() {
    assertThat(keptOf(5, birth -> {})).isEqualTo(5 * AT_ONCE);
  }
}
