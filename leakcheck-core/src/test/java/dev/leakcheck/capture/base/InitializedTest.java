package dev.leakcheck.capture.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InitializedTest {

  static final List<String> INITIALISED = new ArrayList<>();

  static class Asleep {
    static final Object VALUE = mark("Asleep");
  }

  interface Constant {
    Object VALUE = mark("Constant");
  }

  static class Slow {
    static final Object VALUE = new Object();

    static {
      SlowGate.BEGUN.countDown();
      SlowGate.await();
    }
  }

  static class SlowGate {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch MAY_END = new CountDownLatch(1);

    static void await() {
      try {
        MAY_END.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static class Failed {
    static final Object VALUE = fail();

    private static Object fail() {
      throw new IllegalStateException("planted");
    }
  }

  static Object mark(String name) {
    INITIALISED.add(name);
    return name;
  }

  @Test
  void thisJdkTells() {
    assertThat(Initialized.isTold()).isTrue();
  }

  @Test
  void aClassIsNotInitialisedByReadingItsFields() throws Exception {
    assertThat(Fields.read(value(Asleep.class), null)).isNull();
    assertThat(INITIALISED).doesNotContain("Asleep");

    assertThat(Asleep.VALUE).isEqualTo("Asleep");
    assertThat(Fields.read(value(Asleep.class), null)).isEqualTo("Asleep");
  }

  @Test
  void anInterfaceIsNotInitialisedEither() throws Exception {
    assertThat(Fields.read(value(Constant.class), null)).isNull();
    assertThat(INITIALISED).doesNotContain("Constant");

    assertThat(Constant.VALUE).isEqualTo("Constant");
    assertThat(Fields.read(value(Constant.class), null)).isEqualTo("Constant");
  }

  @Test
  void aClassThatAnotherThreadInitialisesIsNotWaitedFor() throws Exception {
    Thread initialises = new Thread(() -> mark(Slow.VALUE.toString()));
    initialises.start();
    try {
      SlowGate.BEGUN.await();
      assertThat(Fields.read(value(Slow.class), null)).isNull();
    } finally {
      SlowGate.MAY_END.countDown();
      initialises.join();
    }
    assertThat(Fields.read(value(Slow.class), null)).isSameAs(Slow.VALUE);
  }

  @Test
  void aClassWhoseInitialiserFailedHoldsNothing() throws Exception {
    assertThatThrownBy(() -> mark(String.valueOf(Failed.VALUE)))
        .isInstanceOf(ExceptionInInitializerError.class);
    assertThat(Fields.read(value(Failed.class), null)).isNull();
  }

  static class Plain {}

  static class Sub extends Plain {
    static final Object VALUE = mark("Sub");
  }

  @Test
  void aClassIsToldWithoutAFieldAsSoonAsThereIsAnObjectOfIt() {
    assertThat(Initialized.is(Sub.class)).isFalse();
    assertThat(INITIALISED).doesNotContain("Sub");

    Initialized.hasInstance(new Sub().getClass());

    assertThat(Initialized.is(Sub.class)).isTrue();
    assertThat(Initialized.is(Plain.class)).isTrue();
  }

  private static Field value(Class<?> type) throws NoSuchFieldException {
    Field field = type.getDeclaredField("VALUE");
    field.setAccessible(true);
    return field;
  }
}
