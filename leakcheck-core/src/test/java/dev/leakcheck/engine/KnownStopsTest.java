package dev.leakcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.engine.tier.Program;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What the tests' code names of libraries and could stop. */
class KnownStopsTest {

  /** A program that names it, beside what is the JDK's, its own, or cannot be stopped. */
  static class Names {
    ExecutorService pool = Executors.newCachedThreadPool();
    Own own = new Own();

    MeterRegistry registry() {
      return new SimpleMeterRegistry();
    }
  }

  /** One that does not. */
  static class Own implements AutoCloseable {
    @Override
    public void close() {
      assertThat(this).isNotNull();
    }
  }

  @Test
  void classOfALibraryThatCanBeStoppedIsKnown() {
    assertThat(of(Names.class))
        .containsExactly(Map.entry(SimpleMeterRegistry.class.getName(), "close"));
  }

  @Test
  void nothingElseIs() {
    assertThat(of(Own.class)).isEmpty();
  }

  private static Map<String, String> of(Class<?> test) {
    return KnownStops.of(new Program(List.of(test)));
  }
}
