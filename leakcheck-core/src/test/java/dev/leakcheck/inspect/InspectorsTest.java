package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.engine.Inspectors;
import dev.leakcheck.model.LeakKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InspectorsTest {

  @Test
  void eachIsNamedAfterItsKind() {
    assertThat(Inspectors.names())
        .isNotEmpty()
        .isSubsetOf(Arrays.stream(LeakKind.values()).map(LeakKind::id).toList());
  }
}
