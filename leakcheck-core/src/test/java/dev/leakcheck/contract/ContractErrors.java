package dev.leakcheck.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.leakcheck.Golden;

/** What assertions about code that does not stop say. */
final class ContractErrors {

  private ContractErrors() {}

  /** How an assertion that has to fail does. */
  static ContractError failure(Runnable assertion) {
    ContractError error = catchThrowableOfType(ContractError.class, assertion::run);
    assertThat(error).as("the failure").isNotNull();
    return error;
  }

  /** What a user reads of it, without what differs from run to run. */
  static String message(ContractError error) {
    return Golden.normalise(error.getMessage());
  }
}
