package dev.leakcheck.capture.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class ClassInitializerTest {

  static class WithBlock {
    static {
      System.getProperty("nothing");
    }
  }

  interface WithConstant {
    Object VALUE = new Object();
  }

  static class WithCompiledConstant {
    static final String VALUE = "compiled in";
    static Object assignedLater;
  }

  @Test
  void theClassFileTells() {
    assertThat(ClassInitializer.isIn(WithBlock.class)).isTrue();
    assertThat(ClassInitializer.isIn(WithConstant.class)).isTrue();
    assertThat(ClassInitializer.isIn(WithCompiledConstant.class)).isFalse();
  }

  @Test
  void aClassWithoutAFileMayHaveOne() {
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (one, two, three) -> one);

    assertThat(ClassInitializer.isIn(proxy.getClass())).isTrue();
  }
}
