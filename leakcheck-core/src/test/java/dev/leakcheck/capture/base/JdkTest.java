package dev.leakcheck.capture.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdkTest {

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.1+8-LTS", "25.0.2", "26", "26+35"})
  void aJdkThatLosesUnparksIsKnown(String version) {
    assertThat(Jdk.losesUnparks(Runtime.Version.parse(version))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.2", "21.0.1", "24", "24.0.2", "25.0.3+9-LTS", "26.0.1", "27-ea"})
  void anotherDoesNot(String version) {
    assertThat(Jdk.losesUnparks(Runtime.Version.parse(version))).isFalse();
  }
}
