package dev.leakcheck.capture.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** To list a class's methods the JVM asks the class's loader for their types. */
class StopsTest {

  /** Can be stopped, and has a method that speaks of another class. */
  static class Server {
    public void stop() {}

    Part part() {
      return new Part();
    }
  }

  /** Can be closed, which its type says. */
  static class Closeable extends Server implements AutoCloseable {
    @Override
    public void close() {}
  }

  static class Part {}

  /** A loader of the user's that has classes of its own and notes for which it is asked. */
  private static final class Asked extends ClassLoader {

    private final List<String> names = new ArrayList<>();

    Asked() {
      super(StopsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      names.add(name);
      if (!name.startsWith(StopsTest.class.getName() + "$")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in =
          StopsTest.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void noLoaderOfTheUsersIsAskedForTypesOfMethods() throws Exception {
    Asked loader = new Asked();
    Class<?> server = loader.loadClass(Server.class.getName());
    Class<?> closeable = loader.loadClass(Closeable.class.getName());
    List<String> before = List.copyOf(loader.names);
    Stops stops = new Stops();

    assertThat(stops.ofObject(server, StopsTest.class)).isNull();
    assertThat(stops.ofObject(closeable, StopsTest.class)).isEqualTo("close");
    assertThat(loader.names).isEqualTo(before);
  }

  @Test
  void whatTheClassPathHasIsKnownByItsMethods() {
    Stops stops = new Stops();

    assertThat(stops.ofObject(Server.class, StopsTest.class)).isEqualTo("stop");
    assertThat(stops.ofObject(Server.class, String.class)).isNull();
    assertThat(stops.ofObject(Closeable.class, String.class)).isEqualTo("close");
    assertThat(stops.ofObject(Part.class, StopsTest.class)).isNull();
  }
}
