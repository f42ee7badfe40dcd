package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StacksTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"javax.cache.CacheTest", "com.sun.jna.NativeTest", "com.oracle.SomeTest", "sun.A"})
  void classOfTheClassPathIsNotTheJdksWhateverItIsCalled(String type) {
    assertThat(Stacks.isJdk(frame("app", null, type))).isFalse();
    assertThat(Stacks.isJdk(frame("app", "com.acme.cache", type))).isFalse();
    assertThat(Stacks.firstOwnFrame(List.of(frame("app", null, type)))).isPresent();
  }

  @Test
  void classOfAModuleOfTheJdkIsTheJdks() {
    assertThat(Stacks.isJdk(frame(null, "java.base", "sun.nio.ch.NioSocketImpl"))).isTrue();
    assertThat(Stacks.isJdk(frame("platform", "java.sql", "javax.sql.DataSource"))).isTrue();
    assertThat(Stacks.isJdk(frame("app", "jdk.compiler", "com.sun.tools.javac.Main"))).isTrue();
    assertThat(Stacks.isJdk(frame("app", null, "java.util.concurrent.FutureTask"))).isTrue();
  }

  /** As they stand in dumps. */
  @Test
  void frameThatDoesNotTellItsLoaderGoesByItsName() {
    assertThat(Stacks.isJdk(frame(null, null, "com.sun.jna.Native"))).isTrue();
    assertThat(Stacks.isJdk(frame(null, null, "com.acme.Orders"))).isFalse();
  }

  private static StackTraceElement frame(String loader, String module, String type) {
    return new StackTraceElement(loader, module, null, type, "run", "A.java", 1);
  }
}
