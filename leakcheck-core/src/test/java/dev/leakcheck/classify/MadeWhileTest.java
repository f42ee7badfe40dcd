package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MadeWhileTest {

  private static String words(List<String> tests, String... classes) {
    return new MadeWhile(tests, List.of(classes)).words();
  }

  @Test
  void namesThreeAndCountsTheRest() {
    assertThat(words(List.of("A.a()"))).isEqualTo("A.a() ran");
    assertThat(words(List.of("A.a()", "A.b()"))).isEqualTo("A.a() and A.b() ran");
    assertThat(words(List.of("A.a()", "A.b()", "A.c()"))).isEqualTo("A.a(), A.b() and A.c() ran");
    assertThat(words(List.of("A.a()", "A.b()", "A.c()", "A.d()")))
        .isEqualTo("A.a(), A.b(), A.c() and 1 more ran");
  }

  @Test
  void saysWhereClassesRanOnly() {
    assertThat(words(List.of(), "A")).isEqualTo("A ran, outside its tests");
    assertThat(words(List.of(), "A", "B")).isEqualTo("A and B ran, outside their tests");
    assertThat(words(List.of("A.a()"), "B")).isEqualTo("A.a() and B ran");
  }

  @Test
  void knowsTheClassOnlyWhereItIsOne() {
    assertThat(new MadeWhile(List.of("A.a()", "A.b() [1]"), List.of()).testClass()).contains("A");
    assertThat(new MadeWhile(List.of("A.a()", "B.b()"), List.of()).testClass()).isEmpty();
    assertThat(new MadeWhile(List.of("A.a()"), List.of("B")).testClass()).isEmpty();
    assertThat(new MadeWhile(List.of(), List.of("A.Inner")).testClass()).contains("A.Inner");
  }
}
