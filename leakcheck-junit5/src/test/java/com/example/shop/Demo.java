package com.example.shop;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.junit5.lifecycle.Tier;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs a small suite of leaky and clean tests and prints each failure as a user sees it. With the
 * agent, which {@code mvn -Pdemo verify} gives it, the failures also say where things were made.
 *
 * <p>Exits with 1 unless every test was judged as its {@link Leaves} says: the same kinds, on that
 * very test, and nothing on a test without one.
 */
public final class Demo implements TestExecutionListener {

  private static final List<Class<?>> SUITE =
      List.of(
          MailboxDemo.class,
          SessionDemo.class,
          WarehouseDemo.class,
          ClosedWarehouseDemo.class,
          OrderServiceDemo.class,
          PriceFeedDemo.class);

  private static final String TIER =
      Tier.hasAgent()
          ? "This runs with -javaagent:leakcheck-core.jar, so that each failure says where things"
              + " were made. Without it: mvn -B -ntp -Pdemo"
              + " -Ddemo.agent=-Dleakcheck.agent=off verify"
          : "This runs without -javaagent:leakcheck-core.jar, so that no failure can say where"
              + " things were made. With it: mvn -B -ntp -Pdemo verify";

  private static final String NEXT =
      """

      Next, in a build of your own (LEAKCHECK is java -jar leakcheck-core/target/leakcheck-core-*-cli.jar):
        mvn -B -ntp -DskipTests install   makes LeakCheck available on this machine
        LEAKCHECK init --apply DIR        sets it up in the build there
        mvn test                          a test that leaves something running fails as above
      """;

  private final PrintStream out;
  private final Map<String, List<LeakKind>> planted = new LinkedHashMap<>();
  private final Map<String, List<Kind>> found = new LinkedHashMap<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final List<String> withoutOrigin = new ArrayList<>();
  private final Map<String, Throwable> broken = new LinkedHashMap<>();

  private Demo(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) {
    LauncherDiscoveryRequest suite =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(SUITE.stream().map(type -> selectClass(type)).toList())
            .build();
    Demo demo = new Demo(System.out);
    demo.out.printf("%s%n%n", TIER);
    LauncherFactory.create().execute(suite, demo);
    // The leaked threads would keep this JVM alive for ever.
    System.exit(demo.summarize() ? 0 : 1);
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skipped.put(name(test), reason);
    out.printf("SKIPPED  %s: %s%n", name(test), reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String name = name(test);
    List<LeakKind> kinds = plantedIn(test);
    if (!kinds.isEmpty()) {
      planted.put(name, kinds);
    }
    Optional<Throwable> failure = result.getThrowable();
    if (failure.isEmpty()) {
      if (test.isTest()) {
        out.printf("PASSED   %s%n", name);
      }
    } else if (failure.get() instanceof LeakAssertionError leak) {
      found.put(
          name, leak.findings().list().stream().map(Finding::kind).sorted(Kind.ORDER).toList());
      if (!leak.findings().list().stream().allMatch(Demo::tellsOrigin)) {
        withoutOrigin.add(name);
      }
      out.printf("FAILED   %s%n%n%s%n%n", name, leak.getMessage());
    } else {
      broken.put(name, failure.get());
      out.printf("FAILED   %s%n", name);
      failure.get().printStackTrace(out);
    }
  }

  /** With the agent, every leak was seen being made. */
  private static boolean tellsOrigin(Finding finding) {
    return !Tier.hasAgent() || finding.origin() instanceof Origin.Known;
  }

  /** Whether all is as planted; says what is not. */
  private boolean summarize() {
    boolean asPlanted = true;
    for (Map.Entry<String, List<LeakKind>> leak : planted.entrySet()) {
      List<Kind> kinds = found.getOrDefault(leak.getKey(), List.of());
      if (!kinds.equals(leak.getValue())) {
        asPlanted = wrong(leak.getKey() + " left " + leak.getValue() + ", reported was " + kinds);
      }
    }
    for (Map.Entry<String, List<Kind>> accused : found.entrySet()) {
      if (!planted.containsKey(accused.getKey())) {
        asPlanted = wrong(accused.getKey() + " is clean, reported was " + accused.getValue());
      }
    }
    for (Map.Entry<String, Throwable> failed : broken.entrySet()) {
      asPlanted = wrong(failed.getKey() + " failed for another reason: " + failed.getValue());
    }
    for (String name : withoutOrigin) {
      asPlanted = wrong("the failure of " + name + " does not say where all of it was made");
    }
    if (planted.isEmpty()) {
      asPlanted = wrong("no leaky test ran");
    }
    for (Map.Entry<String, String> missing : skipped.entrySet()) {
      if (Runtime.version().feature() >= 21) {
        asPlanted = wrong(missing.getKey() + " did not run: " + missing.getValue());
      }
    }
    String verdict =
        String.format(
            "%nLeakCheck demo on JDK %s, with%s the agent: %d tests leaked on purpose, %d were reported%s: %s%n",
            Runtime.version(),
            Tier.hasAgent() ? "" : "out",
            planted.size(),
            found.size(),
            skipped.isEmpty() ? "" : ", skipped were " + skipped.keySet(),
            asPlanted
                ? "exactly the planted leaks were found"
                : "NOT the planted leaks, see above");
    out.print(verdict + (asPlanted ? NEXT : "")); // in one piece, as other threads print too
    return asPlanted;
  }

  private boolean wrong(String what) {
    out.printf("WRONG    %s%n", what);
    return false;
  }

  private static List<LeakKind> plantedIn(TestIdentifier test) {
    return test.getSource()
        .flatMap(Demo::annotation)
        .map(leaves -> Arrays.stream(leaves.value()).sorted().toList())
        .orElse(List.of());
  }

  private static Optional<Leaves> annotation(TestSource source) {
    if (source instanceof MethodSource method) {
      return AnnotationSupport.findAnnotation(method.getJavaMethod(), Leaves.class);
    }
    return source instanceof ClassSource type
        ? AnnotationSupport.findAnnotation(type.getJavaClass(), Leaves.class)
        : Optional.empty();
  }

  private static String name(TestIdentifier test) {
    TestSource source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      return method.getJavaClass().getSimpleName() + "." + method.getMethodName() + "()";
    }
    return source instanceof ClassSource type
        ? type.getJavaClass().getSimpleName()
        : test.getDisplayName();
  }
}
