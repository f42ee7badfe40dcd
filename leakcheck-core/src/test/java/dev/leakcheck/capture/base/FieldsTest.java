package dev.leakcheck.capture.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** To list a class's fields the JVM asks the class's loader for their types. */
class FieldsTest {

  /** Has a field. */
  static class Order {
    Part part = new Part();
  }

  static class Part {}

  /** A loader that has {@link Order} and fails when it is asked for {@link Part}. */
  private static final class Failing extends ClassLoader {

    private final Throwable failure;

    Failing(Throwable failure) {
      super(FieldsTest.class.getClassLoader());
      this.failure = failure;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(Part.class.getName())) {
        throw Failing.<RuntimeException>sneaky(failure);
      }
      if (name.equals(Order.class.getName())) {
        byte[] bytes = bytes(name);
        return defineClass(name, bytes, 0, bytes.length);
      }
      return super.loadClass(name, resolve);
    }

    private static byte[] bytes(String name) {
      String file = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = FieldsTest.class.getResourceAsStream(file)) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T sneaky(Throwable failure) throws T {
      throw (T) failure;
    }
  }

  @Test
  void whatALoaderThrowsLeavesThatClassUnreadAndNothingElse() throws Exception {
    for (Throwable failure :
        List.of(
            new IllegalStateException("closed"),
            new ClassNotFoundException("gone"),
            new AssertionError("not to be asked"))) {
      Class<?> order = new Failing(failure).loadClass(Order.class.getName());

      assertThat(Fields.ofInstances(order)).isEmpty();
    }
    assertThat(Fields.ofInstances(Order.class)).hasSize(1);
  }
}
