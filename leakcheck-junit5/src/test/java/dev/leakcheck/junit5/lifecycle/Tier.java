package dev.leakcheck.junit5.lifecycle;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Whether this JVM was started with the agent. Verdicts are the same with it and without; tests of
 * what the plain tier is blind to, or of what it says instead, run on the one tier only.
 */
public final class Tier {

  private static final boolean AGENT = isExact();

  private Tier() {}

  /** Runs where an agent tells who made what. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @EnabledIf(
      value = "dev.leakcheck.junit5.lifecycle.Tier#hasAgent",
      disabledReason = "needs -javaagent:leakcheck-core.jar")
  @interface WithAgent {}

  /** Runs where things are told apart by time only. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @EnabledIf(
      value = "dev.leakcheck.junit5.lifecycle.Tier#isPlain",
      disabledReason = "shows the plain tier, and there is an agent")
  @interface WithoutAgent {}

  /** Runs where there is an agent, whatever it records: it has opened the JDK to LeakCheck. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @EnabledIf(
      value = "dev.leakcheck.junit5.lifecycle.Tier#hasAnyAgent",
      disabledReason = "needs an agent, whatever it records")
  @interface WithAnyAgent {}

  /** Runs where there is none, not even one that records little or was attached later. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @EnabledIf(
      value = "dev.leakcheck.junit5.lifecycle.Tier#hasNoAgent",
      disabledReason = "shows what is seen without any agent, and there is one")
  @interface WithoutAnyAgent {}

  /** Runs where the tasks of an executor can be read: an agent opens the JDK from 24 on. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @EnabledIf(
      value = "dev.leakcheck.junit5.lifecycle.Tier#readsTasks",
      disabledReason = "from Java 24 on it takes the agent")
  @interface ReadsTasks {}

  public static boolean hasAgent() {
    return AGENT;
  }

  public static boolean readsTasks() {
    return AGENT || Runtime.version().feature() < 24;
  }

  public static boolean isPlain() {
    return !AGENT;
  }

  /** Asked each time: an agent may be attached while the JVM runs. */
  public static boolean hasAnyAgent() {
    return Thread.class.getModule().isOpen("java.lang", LeakCheck.class.getModule());
  }

  public static boolean hasNoAgent() {
    return !hasAnyAgent();
  }

  private static boolean isExact() {
    TestScope scope = TestScope.open(TestOptions.of(LeakCheckOptions.defaults()));
    scope.end();
    return scope.isExact();
  }
}
