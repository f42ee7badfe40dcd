package dev.leakcheck.integration;

import dev.leakcheck.engine.scope.TestTimes;
import dev.leakcheck.wiring.ThisJvm;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The time in which a test or a class of tests runs. A check of a scope {@linkplain
 * TestOptions#aroundTests() around tests} tells by it in which of them a thread was made. It costs
 * a microsecond, and what started no thread is not remembered. Thread-safe.
 */
public final class TestTime {

  private final TestTimes.Running running = ThisJvm.engine().running();

  private TestTime() {}

  /**
   * Begins now; or when the {@linkplain TestScope#pause() pause} began that lasts, in which nothing
   * is anybody's.
   *
   * @return to be told when it has ended
   */
  public static TestTime begin() {
    return new TestTime();
  }

  /**
   * A test ran until now, and does not go on.
   *
   * @param name as its scope is called, such as {@code OrderServiceTest.placesOrder()}
   */
  public void endTest(String name) {
    Objects.requireNonNull(name, "name");
    running.endTest(() -> name);
  }

  /**
   * The same, of a test whose name takes time to be found.
   *
   * @param name gives the name; asked at once, and only if something is to be remembered of it
   */
  public void endTest(Supplier<String> name) {
    running.endTest(Objects.requireNonNull(name, "name"));
  }

  /**
   * A class ran until now, all its tests included.
   *
   * @param name as its scope is called, such as {@code OrderServiceTest}
   */
  public void endClass(String name) {
    running.endClass(Objects.requireNonNull(name, "name"));
  }
}
