package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What JUnit closes by itself, with its stores, is closed: whoever put it there, and when. */
class ClosedByJUnitTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static void assumeClassesHaveParameters() {
    boolean present;
    try {
      Class.forName("org.junit.jupiter.params.ParameterizedClass");
      present = true;
    } catch (ClassNotFoundException e) {
      present = false;
    }
    assumeTrue(present, "this JUnit has no @ParameterizedClass");
  }

  /** Makes its pool as it is started, which may be never shut down. */
  static class Server implements AutoCloseable {
    private ExecutorService pool;

    void start() {
      pool = Plants.pool();
    }

    @Override
    public void close() {
      if (pool != null) {
        Plants.close(pool);
      }
    }
  }

  static final class Forgetful extends Server {
    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(classes = {ArgumentTestCase.class, PerClassArgumentTestCase.class})
  void an_argument_is_closed_before_its_invocation_is_judged(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactlyInAnyOrder(
            "starts(Server)[1] passed",
            "starts(Server)[2] passed",
            "startsOneMore(Server)[1] left unclosed-executor",
            "startsOneMore(Server)[2] left unclosed-executor",
            "startsWhatForgets(Server)[1] passed",
            "startsWhatForgets(Server)[2] left unclosed-executor",
            "startsWhatNobodyCloses(Server)[1] left unclosed-executor",
            "startsWhatNobodyCloses(Server)[2] left unclosed-executor");
  }

  abstract static class ArgumentTests {
    static Stream<Server> servers() {
      return Stream.of(new Server(), new Server());
    }

    static Stream<Server> oneForgets() {
      return Stream.of(new Server(), new Forgetful());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void starts(Server server) {
      server.start();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void startsOneMore(Server server) {
      server.start();
      Plants.pool();
    }

    @ParameterizedTest
    @MethodSource("oneForgets")
    void startsWhatForgets(Server server) {
      server.start();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("servers")
    void startsWhatNobodyCloses(Server server) {
      server.start();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ArgumentTestCase extends ArgumentTests {}

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassArgumentTestCase extends ArgumentTests {}

  @Test
  void an_argument_of_a_class_is_closed_when_all_tests_of_its_invocation_have_run() {
    assumeClassesHaveParameters();

    assertThat(Run.of(ClassArgumentTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "ClassArgumentTestCase.starts()[1] passed",
            "ClassArgumentTestCase.startsOneMore()[1] left unclosed-executor",
            "ClassArgumentTestCase.starts()[2] passed",
            "ClassArgumentTestCase.startsOneMore()[2] left unclosed-executor");
  }

  @ParameterizedClass
  @MethodSource("servers")
  @ExtendWith(LeakCheckExtension.class)
  static class ClassArgumentTestCase {
    static Stream<Server> servers() {
      return Stream.of(new Server(), new Server());
    }

    @Parameter Server server;

    @Test
    void starts() {
      server.start();
    }

    @Test
    void startsOneMore() {
      Plants.pool();
    }
  }

  @Test
  void an_argument_of_a_class_that_stays_open_is_told_with_the_class() {
    assumeClassesHaveParameters();

    Run run = Run.of(ForgetfulClassTestCase.class);

    assertThat(run.outcomes())
        .containsExactly(
            "ForgetfulClassTestCase.starts()[1] passed",
            "ForgetfulClassTestCase left unclosed-executor");
    assertThat(run.messages()).contains("starts() [1]");
  }

  @ParameterizedClass
  @MethodSource("servers")
  @ExtendWith(LeakCheckExtension.class)
  static class ForgetfulClassTestCase {
    static Stream<Server> servers() {
      return Stream.of(new Forgetful());
    }

    @Parameter Server server;

    @Test
    void starts() {
      server.start();
    }
  }

  @Test
  void an_argument_of_a_class_that_nobody_closes_is_told_with_the_test_that_started_it() {
    assumeClassesHaveParameters();

    assertThat(Run.of(UnclosedClassTestCase.class).outcomes())
        .containsExactly("UnclosedClassTestCase.starts()[1] left unclosed-executor");
  }

  @ParameterizedClass(autoCloseArguments = false)
  @MethodSource("servers")
  @ExtendWith(LeakCheckExtension.class)
  static class UnclosedClassTestCase {
    static Stream<Server> servers() {
      return Stream.of(new Server());
    }

    @Parameter Server server;

    @Test
    void starts() {
      server.start();
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ClassBeforeTestCase.class,
        ClassAfterTestCase.class,
        RootBeforeTestCase.class,
        RootAfterTestCase.class,
        EachBeforeTestCase.class,
        EachAfterTestCase.class
      })
  void what_another_extension_has_closed_is_not_the_leak_of_who_started_it(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactlyInAnyOrder(
            "starts(Server) passed", "startsOneMore(Server) left unclosed-executor");
  }

  abstract static class Resource implements ParameterResolver {
    final void keep(ExtensionContext context) {
      Server server = new Server();
      ExtensionContext.Store store = context.getStore(Namespace.create(ClosedByJUnitTest.class));
      store.put("server", server);
      store.put("closing", new Closing(server));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Server.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context.getStore(Namespace.create(ClosedByJUnitTest.class)).get("server");
    }
  }

  @SuppressWarnings("deprecation") // CloseableResource, for JUnit before 5.13
  record Closing(Server server) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() {
      server.close();
    }
  }

  static class OfClass extends Resource implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      keep(context);
    }
  }

  static class OfRoot extends Resource implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      keep(context.getRoot());
    }
  }

  static class OfEach extends Resource implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      keep(context);
    }
  }

  abstract static class ResourceTests {
    @Test
    void starts(Server server) {
      server.start();
    }

    @Test
    void startsOneMore(Server server) {
      assertThat(server).isNotNull();
      Plants.pool();
    }
  }

  @ExtendWith({OfClass.class, LeakCheckExtension.class})
  static class ClassBeforeTestCase extends ResourceTests {}

  @ExtendWith({LeakCheckExtension.class, OfClass.class})
  static class ClassAfterTestCase extends ResourceTests {}

  @ExtendWith({OfRoot.class, LeakCheckExtension.class})
  static class RootBeforeTestCase extends ResourceTests {}

  @ExtendWith({LeakCheckExtension.class, OfRoot.class})
  static class RootAfterTestCase extends ResourceTests {}

  @ExtendWith({OfEach.class, LeakCheckExtension.class})
  static class EachBeforeTestCase extends ResourceTests {}

  @ExtendWith({LeakCheckExtension.class, OfEach.class})
  static class EachAfterTestCase extends ResourceTests {}

  @ParameterizedTest
  @ValueSource(classes = {FixtureBeforeTestCase.class, FixtureAfterTestCase.class})
  void what_a_fixture_starts_and_another_extension_has_closed_is_not_the_class_s_leak(
      Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes()).containsExactly("passes() passed");
  }

  abstract static class FixtureTests {
    @BeforeAll
    static void start(Server server) {
      server.start();
    }

    @Test
    void passes() {}
  }

  @ExtendWith({OfClass.class, LeakCheckExtension.class})
  static class FixtureBeforeTestCase extends FixtureTests {}

  @ExtendWith({LeakCheckExtension.class, OfClass.class})
  static class FixtureAfterTestCase extends FixtureTests {}
}
