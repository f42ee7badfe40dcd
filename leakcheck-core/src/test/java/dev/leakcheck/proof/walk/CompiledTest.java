package dev.leakcheck.proof.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.SameOnEveryJdk;
import org.junit.jupiter.api.Test;

/** Lines as {@code Compiler.codelist} prints them. */
@SameOnEveryJdk
class CompiledTest {

  private static final String PLACE =
      " [0x00007f1c5c0a1d10, 0x00007f1c5c0a1ea0 - 0x00007f1c5c0a1f98]";

  private static Compiled read(String method) {
    return Compiled.read(" 123  4  0 " + method + PLACE + "\n 124 2 0 a.Cold.run()V" + PLACE);
  }

  @Test
  void knowsWhatTheOptimisingCompilerCompiled() {
    Compiled compiled = read("a.Hot.run(I[Ljava/lang/String;)V");

    assertThat(compiled.isOptimised("a.Hot", "run")).isTrue();
    assertThat(compiled.isOptimised("a.Cold", "run")).isFalse();
  }

  @Test
  void knowsMethodsWhoseNamesAreSentences() {
    assertThat(read("a.Hot.waits (twice)()V").isOptimised("a.Hot", "waits (twice)")).isTrue();
    assertThat(read("a.Hot.close()waits(I)V").isOptimised("a.Hot", "close()waits")).isTrue();
  }

  @Test
  void countsHiddenClassesOfOneKindAsOne() {
    Compiled compiled = read("a.Hot$$Lambda/0x0000000800c03000.run()V");

    assertThat(compiled.isOptimised("a.Hot$$Lambda", "run")).isTrue();
  }

  @Test
  void isNotGivenForWhatItDoesNotUnderstand() {
    assertThat(Compiled.read("no such command")).isNull();
  }

  /** Beyond the basic plane a list and a dump write a name in different ways. */
  @Test
  void takesAMethodWithAnOddNameForCompiled() {
    Compiled compiled = Compiled.read("");

    assertThat(compiled.isOptimised("vendor.Shop", "\ud835\udc00run")).isTrue();
    assertThat(compiled.isOptimised("vendor.Shop\ufffd", "run")).isTrue();
    assertThat(compiled.isOptimised("vendor.Sh\u00f6p", "run")).isFalse();
  }

  @Test
  void cutsNamesAsADumpDoes() {
    Compiled compiled =
        Compiled.read(
            "  92  4  0  vendor.Shop+0x1.open()V  [0x00007f0e, 0x00007f0f - 0x00007f10]\n");

    assertThat(compiled.isOptimised("vendor.Shop", "open")).isTrue();
  }
}
