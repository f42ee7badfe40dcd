package dev.leakcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Looking at the user's objects runs the user's code, which may throw anything. */
class InspectorsTest {

  /** Throws an error at one of the times when it is asked. */
  private record Throwing(String at, Error error) implements Inspector {
    private void failAt(String now) {
      if (at.equals(now)) {
        throw error;
      }
    }

    @Override
    public String kind() {
      return "stray-error";
    }

    @Override
    public @Nullable Object opening(Opening opening) {
      failAt("opening");
      return null;
    }

    @Override
    public boolean suspects(Check check, @Nullable Object opened) {
      failAt("suspects");
      return true;
    }

    @Override
    public List<Symptom> inspect(Check check, @Nullable Object opened) {
      failAt("inspect");
      return List.of();
    }
  }

  private static Findings check(String at, Error error) {
    Engine engine = new Engine(new ThreadDumper(), List.of(new Throwing(at, error)));
    Scope scope = engine.open(Key.OPTIONS.open(LeakCheckOptions.defaults()));
    try {
      return engine.check(scope);
    } finally {
      scope.end();
    }
  }

  private static List<String> notes(Findings findings) {
    return findings.coverage().notes().stream().map(Coverage.Note::text).toList();
  }

  @Test
  void anErrorOfTheUsersCodeIsSaidAndEndsNothing() {
    for (String at : List.of("opening", "inspect")) {
      Findings findings = check(at, new AssertionError("theirs"));

      assertThat(findings.isEmpty()).isTrue();
      assertThat(notes(findings))
          .as(at)
          .contains(
              "stray-error was not looked for: that failed with java.lang.AssertionError: theirs");
    }
    assertThat(check("suspects", new StackOverflowError()).isEmpty()).isTrue();
  }

  @Test
  void whatTheJvmMayNotGetOverIsPassedOn() {
    for (String at : List.of("opening", "inspect")) {
      OutOfMemoryError fatal = new OutOfMemoryError("planted");

      assertThatThrownBy(() -> check(at, fatal)).isSameAs(fatal);
    }
  }

  @Test
  void nothingIsSaidWhereNothingIsThrown() {
    assertThat(notes(check("never", new AssertionError())))
        .noneMatch(note -> note.contains("not looked for"));
  }
}
