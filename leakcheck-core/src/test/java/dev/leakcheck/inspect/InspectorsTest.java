package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.engine.Inspector;
import dev.leakcheck.model.LeakKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InspectorsTest {

  @Test
  void eachIsNamedAfterItsKind() {
    assertThat(
            AllInspectors.list().stream()
                .filter(inspector -> !(inspector instanceof OpenResourceInspector)) // of any kind
                .map(Inspector::kind))
        .isNotEmpty()
        .isSubsetOf(Arrays.stream(LeakKind.values()).map(LeakKind::id).toList());
  }
}
