package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests in packages of a test runner or a library, with threads that are called like theirs. */
class PackagesTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        com.mysql.acme.LeakyTestCase.class,
        org.gradle.acme.LeakyTestCase.class,
        org.junit.platform.acme.LeakyTestCase.class
      })
  void what_they_leave_is_theirs(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactlyInAnyOrder(
            "leavesAThread() left stray-thread",
            "leavesAThreadOfItsOwnClass() left stray-thread",
            "leavesABusyPool() left unclosed-executor",
            "leavesNothing() passed");
  }
}
