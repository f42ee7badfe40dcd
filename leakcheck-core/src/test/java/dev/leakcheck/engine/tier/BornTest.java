package dev.leakcheck.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.engine.scope.Memories;
import dev.leakcheck.engine.scope.ProofUse;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.ScopeOptions;
import dev.leakcheck.engine.scope.ScopeOptions.AgentUse;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.recorder.JvmReport;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was recorded for somebody else is nothing to a scope that records nothing. */
class BornTest {

  private final Births births = Births.jvm();
  private final Shared shared = new Shared(new ThreadDumper());
  private final ByCount tier = new ByCount(shared, () -> Coverage.FULL);
  private final ExecutorService pool = Executors.newFixedThreadPool(1);
  private final BirthScope watch = births.openForAll("a watch");

  @AfterEach
  void end() {
    pool.shutdownNow();
    births.close(watch);
  }

  private Born born(@Nullable BirthScope record) {
    ScopeOptions options =
        ScopeOptions.of(
            "test", Duration.ZERO, AgentUse.OFF, ProofUse.NEVER, KnownLeaks.NONE, JvmReport.NONE);
    return new Born(
        births,
        shared.fieldsForAll(),
        Scope.open(shared, options, tier.baseline(), record, Memories.NONE));
  }

  @Test
  void scopeWithARecordKnowsWhereAThingWasMade() {
    births.hooks().made(pool);

    assertThat(born(watch).origin(pool)).isPresent();
    assertThat(born(watch).executors()).hasSize(1);
  }

  @Test
  void scopeWithoutARecordDoesNotAskWhatSomebodyElseRecords() {
    births.hooks().made(pool);

    assertThat(born(null).origin(pool)).isEmpty();
    assertThat(born(null).executorOf(Thread.currentThread())).isEmpty();
    assertThat(born(null).executors()).isEmpty();
  }
}
