package dev.leakcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AtHandTest {

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void giveBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Test
  void executorsCanBeClosedFromJava19On() {
    assertThat(AtHand.means(List.of(), List.of()).closesExecutors())
        .isEqualTo(Runtime.version().feature() >= 19);
  }

  @Test
  void fieldsAreClosedByTheJUnitThatTheTestSees() {
    assertThat(AtHand.means(List.of(this), List.of()).closesFields()).isTrue();
    assertThat(AtHand.means(List.of(), List.of(AtHandTest.class)).closesFields()).isTrue();
    assertThat(AtHand.means(List.of(), List.of()).closesFields()).isTrue();
  }

  @Test
  void whereNoJUnitIsToBeFoundItIsNot() {
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());

    assertThat(AtHand.means(List.of(), List.of()).closesFields()).isFalse();
    assertThat(AtHand.means(List.of(this), List.of()).closesFields()).isTrue();
  }

  @Test
  void loaderOfTheUsersIsNotAsked() throws Exception {
    Asked loader = new Asked();
    Class<?> type = loader.define(AtHandTest.class);
    loader.names.clear();
    Thread.currentThread().setContextClassLoader(loader);

    assertThat(AtHand.means(List.of(), List.of(type)).closesFields())
        .as("as LeakCheck's own loader says")
        .isTrue();
    assertThat(loader.names).isEmpty();
  }

  private static final class Asked extends ClassLoader {
    final List<String> names = new ArrayList<>();

    Class<?> define(Class<?> type) throws IOException {
      String name = type.getName();
      try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      names.add(name);
      return super.loadClass(name, resolve);
    }
  }
}
