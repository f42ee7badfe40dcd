package dev.leakcheck.filter;

import dev.leakcheck.model.Stacks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Things that no test can be asked to close, told by the stack that made them: a class, a test
 * runner or a container that outlives the test did. Each rule is as narrow as it can be and says
 * why it exists.
 *
 * <p>A library that was copied into another one's packages is known below that longer prefix too.
 *
 * <p>What merely calls the test does not count: its frames are in the stack of all that the test
 * makes. Nor does an assertion of JUnit's: {@code assertDoesNotThrow(thread::start)} leaves no
 * frame of the test's own inside JUnit's.
 */
public enum KnownOrigin {
  CLASS_INITIALIZER(
      "made once for a class, by whoever touched it first; it lives as long as the class",
      stack -> classInitializer(stack).isPresent()),
  JUNIT(
      "made by JUnit for @Timeout or to run tests in parallel; JUnit stops it",
      madeBy(
          "org.junit.jupiter.engine.extension.TimeoutInvocationFactory",
          "org.junit.jupiter.engine.extension.SameThreadTimeoutInvocation",
          "org.junit.platform.engine.support.hierarchical.ForkJoinPoolHierarchicalTestExecutorService",
          // since 6.1
          "org.junit.platform.engine.support.hierarchical.WorkerThreadPoolHierarchicalTestExecutorService",
          // since 5.12
          "org.junit.vintage.engine.execution.VintageExecutor",
          // JUnit 4
          "org.junit.internal.runners.statements.FailOnTimeout")),
  HTTP_CLIENT(
      "the default executor of a java.net.http.HttpClient: ends once the client is unreachable",
      innermost("jdk.internal.net.http.HttpClientImpl", "<init>")),
  ASYNC_CHANNELS(
      "the default executor of asynchronous channels; one per JVM",
      innermost("sun.nio.ch.ThreadPool", "createDefault")),
  SPRING_CONTEXT_CACHE(
      "made while Spring loaded a context for its cache, which keeps it for the tests that follow",
      runs(
          "org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate",
          "loadContext")),
  TESTCONTAINERS(
      "belongs to the one client of Testcontainers or to what removes containers at the end",
      runs("org.testcontainers.DockerClientFactory", "client")
          .or(runs("org.testcontainers.DockerClientFactory", "getOrInitializeStrategy"))
          .or(runs("org.testcontainers.utility.RyukResourceReaper", "maybeStart"))),
  LOG4J_CONTEXT(
      "made while Log4j 2 set up the one logging context, which whoever logged first asked for",
      runs("org.apache.logging.log4j.LogManager", "getContext")),
  HOOK_OF_A_LIBRARY(
      "one shutdown hook per JVM or logging configuration, whatever is opened later; the library"
          + " removes it itself where it ought to",
      madeBy(
          "org.apache.logging.log4j.core.util.DefaultShutdownCallbackRegistry",
          "ch.qos.logback.core.joran.action.ShutdownHookAction",
          // since 1.3
          "ch.qos.logback.core.model.processor.ShutdownHookModelHandler",
          "org.springframework.boot.SpringApplicationShutdownHook",
          "org.testcontainers.utility.ResourceReaper",
          "org.h2.engine.OnExitDatabaseCloser")),
  QUARKUS(
      "made while @QuarkusTest started the application, which the tests that follow share",
      runs("io.quarkus.test.junit.QuarkusTestExtension", "doJavaStart")),
  GRPC_SHARED(
      "one of gRPC's shared resources: released after their last user",
      runs("io.grpc.internal.SharedResourceHolder", "getInternal")
          .or(runs("io.grpc.internal.SharedResourceHolder", "releaseInternal")));

  private final String reason;

  @SuppressWarnings("ImmutableEnumChecker") // a predicate without state
  private final Predicate<List<StackTraceElement>> rule;

  KnownOrigin(String reason, Predicate<List<StackTraceElement>> rule) {
    this.reason = reason;
    this.rule = rule;
  }

  /**
   * The rule that a creation matches. A {@link #CLASS_INITIALIZER} may be the test class's own:
   * then the class has to answer for what it made, and {@link #classInitializer} tells.
   *
   * @param stack where a thing was made, innermost frame first, as deep as it was recorded
   * @return the first rule that matches, or empty if the thing is its scope's
   */
  public static Optional<KnownOrigin> match(List<StackTraceElement> stack) {
    return Arrays.stream(values()).filter(known -> known.rule.test(stack)).findFirst();
  }

  /**
   * The class initializer that made a thing: the innermost one inside the test runner's frames.
   *
   * @param stack where the thing was made, innermost frame first
   * @return its frame, which names the class and the place, or empty if there is none
   */
  public static Optional<StackTraceElement> classInitializer(List<StackTraceElement> stack) {
    return stack.stream()
        .takeWhile(frame -> !Stacks.isTestRunner(frame))
        .filter(frame -> frame.getMethodName().equals("<clinit>"))
        .findFirst();
  }

  /**
   * Why the thing is left alone.
   *
   * @return a clause without a full stop
   */
  public String reason() {
    return reason;
  }

  /** The innermost frame that is not the JDK's is of one of the classes, or nested in one. */
  private static Predicate<List<StackTraceElement>> madeBy(String... types) {
    return stack ->
        stack.stream()
            .filter(frame -> !Stacks.isJdk(frame))
            .findFirst()
            .filter(
                frame ->
                    Arrays.stream(types)
                        .anyMatch(type -> Stacks.isIn(inPlace(frame.getClassName(), type), type)))
            .isPresent();
  }

  /** A method of the JDK's, with nobody else's code between it and the thing. */
  private static Predicate<List<StackTraceElement>> innermost(String type, String method) {
    return stack -> Stacks.has(stack.stream().takeWhile(Stacks::isJdk).toList(), type, method);
  }

  private static Predicate<List<StackTraceElement>> runs(String type, String method) {
    return stack ->
        stack.stream()
            .anyMatch(
                frame ->
                    frame.getMethodName().equals(method)
                        && inPlace(frame.getClassName(), type).equals(type));
  }

  /** The name of a class without what stands before it if its library was copied into another. */
  private static String inPlace(String className, String type) {
    int at = className.indexOf("." + type);
    return at < 0 ? className : className.substring(at + 1);
  }
}
