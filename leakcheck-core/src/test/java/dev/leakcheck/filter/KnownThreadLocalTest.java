package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.filter.KnownThreadLocal.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownThreadLocalTest {

  @Test
  void own_value_in_a_thread_local_of_ones_own_is_residue() {
    assertThat(KnownThreadLocal.match(new Value(false, false, false, false, false, false, true)))
        .isEmpty();
    assertThat(KnownThreadLocal.match(new Value(false, false, false, false, false, false, false)))
        .isEmpty();
  }

  @Test
  void own_value_that_no_static_field_leads_to_is_residue_and_anothers_is_not() {
    assertThat(KnownThreadLocal.match(new Value(false, false, false, false, false, true, true)))
        .isEmpty();
    assertThat(KnownThreadLocal.match(new Value(false, false, false, false, false, true, false)))
        .contains(KnownThreadLocal.UNKNOWN);
  }

  @Test
  void what_is_kept_on_purpose_passes_wherever_it_is_declared() {
    assertThat(KnownThreadLocal.match(new Value(true, false, false, false, false, false, false)))
        .contains(KnownThreadLocal.REFERENCE);
    assertThat(KnownThreadLocal.match(new Value(false, true, false, false, false, false, false)))
        .contains(KnownThreadLocal.NOTHING);
    assertThat(KnownThreadLocal.match(new Value(false, false, true, false, false, false, false)))
        .contains(KnownThreadLocal.TOOL);
    assertThat(KnownThreadLocal.match(new Value(false, false, false, false, true, false, true)))
        .contains(KnownThreadLocal.LIBRARY);
  }

  @ParameterizedTest
  @EnumSource
  void every_rule_has_a_reason(KnownThreadLocal rule) {
    assertThat(rule.reason()).hasSizeGreaterThan(5).doesNotEndWith(".");
  }
}
