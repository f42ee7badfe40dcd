package dev.leakcheck.engine.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage;
import org.junit.jupiter.api.Test;

class TiersTest {

  @Test
  void aJvmThatDoesNotTellWhatIsInitialisedIsNoted() {
    assertThat(Tiers.ofStatics(true)).isEqualTo(Coverage.FULL);
    assertThat(Tiers.ofStatics(false).notes())
        .extracting(Coverage.Note::text)
        .containsExactly(
            "static fields were not read: this JVM does not tell which classes are initialised");
  }
}
