package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule: what it is for, and what comes close and must not match. */
class KnownOriginTest {

  private static final String POOL = "java.util.concurrent.ThreadPoolExecutor.<init>";
  private static final String HOOK = "java.lang.Runtime.addShutdownHook";
  private static final String FACTORY = "java.util.concurrent.Executors.newCachedThreadPool";
  private static final String START = "java.lang.Thread.start";
  private static final String TEST = "com.acme.OrderTest.placesOrder";
  private static final String RUNNER =
      "org.junit.platform.engine.support.hierarchical.NodeTestTask.execute";
  private static final String FORK_JOIN =
      "org.junit.platform.engine.support.hierarchical.ForkJoinPoolHierarchicalTestExecutorService";
  private static final String SPRING_CACHE =
      "org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate";

  private record Sample(KnownOrigin rule, List<String> frames) {
    List<StackTraceElement> stack() {
      return frames.stream().map(Sample::frame).toList();
    }

    private static StackTraceElement frame(String classAndMethod) {
      int dot = classAndMethod.lastIndexOf('.');
      return new StackTraceElement(
          classAndMethod.substring(0, dot), classAndMethod.substring(dot + 1), null, -1);
    }
  }

  private static Sample of(KnownOrigin rule, String... frames) {
    return new Sample(rule, Arrays.asList(frames));
  }

  static Stream<Sample> known() {
    return Stream.of(
        of(
            KnownOrigin.CLASS_INITIALIZER,
            POOL,
            FACTORY,
            "com.acme.PriceCache.<init>",
            "com.acme.PriceCache.<clinit>",
            TEST,
            RUNNER),
        of(
            KnownOrigin.CLASS_INITIALIZER,
            POOL,
            "java.util.concurrent.CompletableFuture$Delayer.<clinit>",
            "java.util.concurrent.CompletableFuture.orTimeout",
            TEST),
        of(
            KnownOrigin.JUNIT,
            POOL,
            "java.util.concurrent.Executors.newSingleThreadScheduledExecutor",
            "org.junit.jupiter.engine.extension.TimeoutInvocationFactory$SingleThreadExecutorResource"
                + ".<init>",
            RUNNER),
        of(
            KnownOrigin.JUNIT,
            START,
            "java.util.concurrent.ThreadPoolExecutor.addWorker",
            "java.util.concurrent.ScheduledThreadPoolExecutor.schedule",
            "org.junit.jupiter.engine.extension.SameThreadTimeoutInvocation.proceed",
            RUNNER),
        of(KnownOrigin.JUNIT, "java.util.concurrent.ForkJoinPool.<init>", FORK_JOIN + ".<init>"),
        of(
            KnownOrigin.JUNIT,
            START,
            "java.util.concurrent.ForkJoinTask.fork",
            FORK_JOIN + ".forkConcurrentTasks",
            RUNNER),
        of(
            KnownOrigin.JUNIT,
            POOL,
            "org.junit.platform.engine.support.hierarchical"
                + ".WorkerThreadPoolHierarchicalTestExecutorService.<init>"),
        of(
            KnownOrigin.JUNIT,
            POOL,
            FACTORY,
            "org.junit.vintage.engine.execution.VintageExecutor.executeInParallel"),
        of(
            KnownOrigin.JUNIT,
            START,
            "org.junit.internal.runners.statements.FailOnTimeout.evaluate",
            "org.junit.runners.ParentRunner.run"),
        of(
            KnownOrigin.HTTP_CLIENT,
            POOL,
            FACTORY,
            "jdk.internal.net.http.HttpClientImpl.<init>",
            "jdk.internal.net.http.HttpClientImpl.create",
            "java.net.http.HttpClient.newHttpClient",
            TEST),
        of(
            KnownOrigin.ASYNC_CHANNELS,
            POOL,
            FACTORY,
            "sun.nio.ch.ThreadPool.createDefault",
            "sun.nio.ch.ThreadPool.getDefault",
            "sun.nio.ch.LinuxAsynchronousChannelProvider.defaultEventPort",
            TEST),
        of(
            KnownOrigin.SPRING_CONTEXT_CACHE,
            POOL,
            "com.acme.OrderService.<init>",
            "org.springframework.beans.BeanUtils.instantiateClass",
            SPRING_CACHE + ".loadContextInternal",
            SPRING_CACHE + ".loadContext",
            "org.springframework.test.context.support.DefaultTestContext.getApplicationContext",
            RUNNER),
        of(
            KnownOrigin.TESTCONTAINERS,
            POOL,
            "com.github.dockerjava.zerodep.ApacheDockerHttpClientImpl.<init>",
            "org.testcontainers.DockerClientFactory.client",
            TEST),
        of(
            KnownOrigin.TESTCONTAINERS,
            START,
            "com.github.dockerjava.core.DefaultDockerClientConfig.build",
            "org.testcontainers.DockerClientFactory.getOrInitializeStrategy"),
        of(
            KnownOrigin.TESTCONTAINERS,
            START,
            "org.testcontainers.utility.RyukResourceReaper.maybeStart",
            "org.testcontainers.containers.GenericContainer.start",
            TEST),
        of(
            KnownOrigin.LOG4J_CONTEXT,
            START,
            "com.lmax.disruptor.dsl.BasicExecutor.execute",
            "com.lmax.disruptor.dsl.Disruptor.start",
            "org.apache.logging.log4j.core.async.AsyncLoggerContext.start",
            "org.apache.logging.log4j.core.impl.Log4jContextFactory.getContext",
            "org.apache.logging.log4j.LogManager.getContext",
            "org.apache.logging.log4j.LogManager.getLogger",
            TEST),
        of(
            KnownOrigin.QUARKUS,
            POOL,
            "com.acme.OrderService.<init>",
            "io.quarkus.runtime.Application.start",
            "io.quarkus.runner.bootstrap.StartupActionImpl.run",
            "io.quarkus.test.junit.QuarkusTestExtension.doJavaStart",
            "io.quarkus.test.junit.QuarkusTestExtension.ensureStarted",
            RUNNER),
        of(
            KnownOrigin.GRPC_SHARED,
            POOL,
            "com.acme.shaded.io.grpc.internal.GrpcUtil$1.create",
            "com.acme.shaded.io.grpc.internal.SharedResourceHolder.getInternal",
            TEST),
        of(
            KnownOrigin.HOOK_OF_A_LIBRARY,
            HOOK,
            "com.acme.shaded.org.h2.engine.OnExitDatabaseCloser.onRegister",
            TEST),
        of(
            KnownOrigin.GRPC_SHARED,
            POOL,
            FACTORY,
            "io.grpc.internal.GrpcUtil$1.create",
            "io.grpc.internal.SharedResourceHolder.getInternal",
            "io.grpc.internal.SharedResourceHolder.get",
            TEST),
        of(
            KnownOrigin.GRPC_SHARED,
            POOL,
            "io.grpc.internal.SharedResourceHolder$1.createScheduledExecutor",
            "io.grpc.internal.SharedResourceHolder.releaseInternal",
            "com.acme.OrderClient.close"),
        of(
            KnownOrigin.HOOK_OF_A_LIBRARY,
            HOOK,
            "org.springframework.boot.SpringApplicationShutdownHook.addRuntimeShutdownHook",
            "org.springframework.boot.SpringApplication.run",
            TEST),
        of(
            KnownOrigin.HOOK_OF_A_LIBRARY,
            HOOK,
            "org.h2.engine.OnExitDatabaseCloser.register",
            "org.h2.engine.Database.<init>",
            TEST));
  }

  static Stream<Sample> nearMisses() {
    return Stream.of(
        // Constructors and methods of the same class; somebody who runs the tests in an
        // initializer.
        of(KnownOrigin.CLASS_INITIALIZER, POOL, "com.acme.PriceCache.<init>", TEST, RUNNER),
        of(KnownOrigin.CLASS_INITIALIZER, POOL, "com.acme.PriceCache.clinit", TEST),
        of(KnownOrigin.CLASS_INITIALIZER, POOL, TEST, RUNNER, "com.acme.AllTests.<clinit>"),
        // The test's own, though JUnit calls it.
        of(KnownOrigin.JUNIT, POOL, FACTORY, TEST, RUNNER),
        of(
            KnownOrigin.JUNIT,
            START,
            TEST,
            "org.junit.jupiter.engine.extension.SameThreadTimeoutInvocation.proceed",
            RUNNER),
        of(
            KnownOrigin.JUNIT,
            START,
            TEST,
            FORK_JOIN + "$ExclusiveTask.exec",
            "java.util.concurrent.ForkJoinTask.doExec"),
        of(
            KnownOrigin.JUNIT,
            START,
            TEST,
            "org.junit.internal.runners.statements.FailOnTimeout$CallableStatement.call"),
        // assertDoesNotThrow(Executors::newCachedThreadPool)
        of(
            KnownOrigin.JUNIT,
            POOL,
            FACTORY,
            "org.junit.jupiter.api.AssertDoesNotThrow.assertDoesNotThrow",
            "org.junit.jupiter.api.Assertions.assertDoesNotThrow",
            TEST,
            RUNNER),
        // dynamicTest("starts", thread::start)
        of(
            KnownOrigin.JUNIT,
            START,
            "org.junit.jupiter.engine.descriptor.DynamicTestTestDescriptor.lambda$execute$0",
            RUNNER),
        of(KnownOrigin.JUNIT, POOL, FACTORY, "org.junitpioneer.jupiter.Retry.start"),
        // What the client was given, or runs.
        of(
            KnownOrigin.HTTP_CLIENT,
            POOL,
            FACTORY,
            TEST,
            "jdk.internal.net.http.HttpClientImpl.<init>"),
        of(
            KnownOrigin.HTTP_CLIENT,
            START,
            "jdk.internal.net.http.HttpClientImpl.sendAsync",
            "com.acme.OrderClient.send"),
        of(KnownOrigin.HTTP_CLIENT, POOL, "com.acme.HttpClientImpl.<init>", TEST),
        of(
            KnownOrigin.ASYNC_CHANNELS,
            POOL,
            "java.util.concurrent.Executors.newFixedThreadPool",
            "sun.nio.ch.ThreadPool.create",
            "java.nio.channels.AsynchronousChannelGroup.withFixedThreadPool",
            TEST),
        of(KnownOrigin.ASYNC_CHANNELS, POOL, TEST, "sun.nio.ch.ThreadPool.createDefault"),
        // Spring calls every test that it extends, and closes contexts.
        of(
            KnownOrigin.SPRING_CONTEXT_CACHE,
            POOL,
            TEST,
            "org.springframework.test.context.junit4.statements.RunBeforeTestMethodCallbacks.evaluate",
            "org.springframework.test.context.junit4.SpringJUnit4ClassRunner.run"),
        of(
            KnownOrigin.SPRING_CONTEXT_CACHE,
            POOL,
            "com.acme.OrderListener.beforeTestMethod",
            "org.springframework.test.context.TestContextManager.beforeTestMethod",
            "org.springframework.test.context.junit.jupiter.SpringExtension.beforeEach"),
        of(
            KnownOrigin.SPRING_CONTEXT_CACHE,
            START,
            "com.acme.OrderService.close",
            SPRING_CACHE + ".closeContext"),
        of(
            KnownOrigin.SPRING_CONTEXT_CACHE,
            POOL,
            "com.acme.OrderService.<init>",
            "org.springframework.context.annotation.AnnotationConfigApplicationContext.<init>",
            TEST),
        // A container's own, and a function that is run inside of one.
        of(
            KnownOrigin.TESTCONTAINERS,
            START,
            "org.testcontainers.containers.GenericContainer.followOutput",
            TEST),
        of(
            KnownOrigin.LOG4J_CONTEXT,
            START,
            "org.apache.logging.log4j.core.async.AsyncLoggerContext.start",
            "org.apache.logging.log4j.core.config.Configurator.initialize",
            TEST),
        of(
            KnownOrigin.TESTCONTAINERS,
            START,
            TEST,
            "org.testcontainers.DockerClientFactory.runInsideDocker"),
        of(
            KnownOrigin.TESTCONTAINERS,
            POOL,
            TEST,
            "org.testcontainers.junit.jupiter.TestcontainersExtension.beforeAll"),
        // The interceptor is in the stack of every test.
        of(
            KnownOrigin.QUARKUS,
            POOL,
            TEST,
            "io.quarkus.test.junit.QuarkusTestExtension.runExtensionMethod",
            "io.quarkus.test.junit.QuarkusTestExtension.interceptTestMethod",
            RUNNER),
        of(
            KnownOrigin.QUARKUS,
            POOL,
            "com.acme.Main.run",
            "io.quarkus.runtime.Application.start",
            TEST),
        // A channel of the test's.
        of(
            KnownOrigin.GRPC_SHARED,
            POOL,
            "io.grpc.internal.ManagedChannelImpl.<init>",
            "com.acme.OrderClient.<init>",
            TEST),
        of(KnownOrigin.GRPC_SHARED, POOL, "com.acme.SharedResourceHolder.getInternal", TEST),
        of(
            KnownOrigin.GRPC_SHARED,
            POOL,
            "com.acmeio.grpc.internal.SharedResourceHolder.getInternal",
            TEST),
        of(
            KnownOrigin.GRPC_SHARED,
            POOL,
            "com.acme.io.grpc.internal.SharedResourceHolders.getInternal",
            TEST),
        // The context's own hook goes with the context.
        of(
            KnownOrigin.HOOK_OF_A_LIBRARY,
            HOOK,
            "org.springframework.context.support.AbstractApplicationContext.registerShutdownHook",
            TEST),
        of(
            KnownOrigin.HOOK_OF_A_LIBRARY,
            HOOK,
            TEST,
            "org.springframework.boot.SpringApplicationShutdownHook.run"));
  }

  @ParameterizedTest
  @MethodSource
  void known(Sample sample) {
    assertThat(KnownOrigin.match(sample.stack())).contains(sample.rule());
  }

  @ParameterizedTest
  @MethodSource
  void nearMisses(Sample sample) {
    assertThat(KnownOrigin.match(sample.stack())).isEmpty();
  }

  @Test
  void every_rule_has_a_sample_and_a_near_miss() {
    Set<KnownOrigin> matched = EnumSet.noneOf(KnownOrigin.class);
    known().forEach(sample -> matched.add(sample.rule()));
    Set<KnownOrigin> missed = EnumSet.noneOf(KnownOrigin.class);
    nearMisses().forEach(sample -> missed.add(sample.rule()));

    assertThat(matched).containsExactlyInAnyOrder(KnownOrigin.values());
    assertThat(missed).containsExactlyInAnyOrder(KnownOrigin.values());
  }

  @ParameterizedTest
  @EnumSource
  void every_rule_has_a_reason(KnownOrigin rule) {
    assertThat(rule.reason()).hasSizeGreaterThan(5).doesNotEndWith(".");
  }

  @Test
  void class_initializer_is_told_by_the_innermost_one() {
    List<StackTraceElement> stack =
        of(
                KnownOrigin.CLASS_INITIALIZER,
                POOL,
                "com.acme.Pools.<clinit>",
                "com.acme.PriceCache.<clinit>",
                TEST)
            .stack();

    assertThat(KnownOrigin.classInitializer(stack).orElseThrow().getClassName())
        .isEqualTo("com.acme.Pools");
  }

  @Test
  void origin_without_frames_is_nobodys() {
    assertThat(KnownOrigin.match(List.of())).isEmpty();
  }

  /** The stack that made it, as an agent would see it. */
  private static final class Touched {
    static final StackTraceElement[] STACK = new Throwable().getStackTrace();
    static final ExecutorService POOL = Executors.newCachedThreadPool();
  }

  @Test
  void initializer_of_a_real_class_is_recognised_and_the_test_that_touches_it_is_not() {
    Touched.POOL.shutdown();

    assertThat(KnownOrigin.match(List.of(Touched.STACK))).contains(KnownOrigin.CLASS_INITIALIZER);
    assertThat(KnownOrigin.classInitializer(List.of(Touched.STACK)).orElseThrow().getClassName())
        .isEqualTo(Touched.class.getName());
    assertThat(KnownOrigin.match(List.of(new Throwable().getStackTrace()))).isEmpty();
  }
}
