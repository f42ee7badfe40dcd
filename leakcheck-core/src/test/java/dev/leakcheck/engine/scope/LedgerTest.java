package dev.leakcheck.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage;
import org.junit.jupiter.api.Test;

class LedgerTest {

  @Test
  void newestAreKnownExactlyAndOlderOnesAreKnownToHaveBeenTold() {
    Told<Integer> told = new Told<>(2);
    told.put("a", 1);
    told.putIfAbsent("a", 7);
    told.put("b", 2);
    assertThat(told.get("a")).isEqualTo(1);
    assertThat(told.isFull()).isFalse();

    told.put("c", 3);

    assertThat(told.isFull()).isTrue();
    assertThat(told.get("a")).isNull();
    assertThat(told.mayHaveForgotten("a")).isTrue();
    assertThat(told.mayHaveForgotten("b")).isFalse();
    assertThat(told.mayHaveForgotten("d")).isFalse();
  }

  @Test
  void nothingNewIsTakenForOldBeforeThereIsVeryMuch() {
    Told<Boolean> told = new Told<>(10);
    for (long id = 0; id < 20_000; id++) {
      told.put(id, true);
    }
    int mistaken = 0;
    for (long id = 20_000; id < 40_000; id++) {
      mistaken += told.mayHaveForgotten(id) ? 1 : 0;
    }
    for (long id = 0; id < 19_990; id++) {
      assertThat(told.mayHaveForgotten(id)).isTrue();
    }
    assertThat(mistaken).isLessThan(200);
  }

  @Test
  void benignExecutorsStayBenignAndNobodyMissesAnAccusationByThem() {
    Ledger ledger = new Ledger(1);
    ledger.addBenignExecutor("pool@1");
    ledger.addBenignExecutor("pool@2");

    assertThat(ledger.isBenignExecutor("pool@1")).isTrue();
    assertThat(ledger.isBenignExecutor("pool@2")).isTrue();
    assertThat(ledger.isBenignExecutor("pool@3")).isFalse();
    assertThat(ledger.gaps()).isEqualTo(Coverage.FULL);
  }
}
