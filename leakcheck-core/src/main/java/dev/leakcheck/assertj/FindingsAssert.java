package dev.leakcheck.assertj;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Kind;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/** Assertions on findings. Not thread-safe. */
public final class FindingsAssert extends AbstractAssert<FindingsAssert, Findings> {

  FindingsAssert(Findings actual) {
    super(actual, FindingsAssert.class);
  }

  /**
   * Nothing was left behind.
   *
   * @return this assertion
   * @throws LeakAssertionError with the whole report, if something was left behind
   */
  public FindingsAssert hasNoLeaks() {
    isNotNull();
    if (!actual.isEmpty()) {
      throw new LeakAssertionError(actual);
    }
    return this;
  }

  /**
   * What was left behind is of these kinds, in any order, one finding for each.
   *
   * @param kinds the kinds
   * @return this assertion
   */
  public FindingsAssert hasKinds(Kind... kinds) {
    isNotNull();
    Assertions.assertThat(actual.list()).extracting(Finding::kind).containsExactlyInAnyOrder(kinds);
    return this;
  }

  /**
   * The findings as a list.
   *
   * @return list assertions
   */
  public ListAssert<Finding> list() {
    isNotNull();
    return Assertions.assertThat(List.copyOf(actual.list()));
  }
}
