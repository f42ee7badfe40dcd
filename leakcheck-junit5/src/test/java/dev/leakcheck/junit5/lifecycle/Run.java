package dev.leakcheck.junit5.lifecycle;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.model.Finding;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

/** A run of the Jupiter engine in this JVM, as its user would see it end. */
public final class Run {

  private final EngineExecutionResults results;
  private final boolean severalClasses;
  private final long nanos;

  private Run(EngineExecutionResults results, boolean severalClasses, long nanos) {
    this.results = results;
    this.severalClasses = severalClasses;
    this.nanos = nanos;
  }

  /** Runs test cases with a short settle time. */
  public static Run of(Class<?>... testCases) {
    return configured().over(testCases);
  }

  /** A run with a short settle time, which asks for proofs only if this JVM does. */
  public static Setup configured() {
    return new Setup()
        .with("leakcheck.settle", "300ms")
        .with("leakcheck.proof", System.getProperty("leakcheck.proof", "auto"));
  }

  /** A run without any configuration parameter. */
  public static Setup unconfigured() {
    return new Setup();
  }

  /** Configuration parameters of a run. */
  public static final class Setup {
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private Setup() {}

    public Setup with(String key, String value) {
      parameters.put(key, value);
      return this;
    }

    public Run over(Class<?>... testCases) {
      EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter");
      for (Class<?> testCase : testCases) {
        kit.selectors(selectClass(testCase));
      }
      return execute(kit, testCases.length > 1);
    }

    public Run over(Class<?> testCase, String method) {
      return execute(
          EngineTestKit.engine("junit-jupiter").selectors(selectMethod(testCase, method)), false);
    }

    private Run execute(EngineTestKit.Builder kit, boolean severalClasses) {
      parameters.forEach(kit::configurationParameter);
      long start = System.nanoTime();
      EngineExecutionResults results = kit.execute();
      return new Run(results, severalClasses, System.nanoTime() - start);
    }
  }

  /**
   * How every test ended, and every class and engine that did not pass, such as {@code "leaks()
   * left stray-thread"} or {@code "fails() failed: no; left unclosed-executor"}.
   */
  public List<String> outcomes() {
    List<String> outcomes = new ArrayList<>();
    for (Event event : results.allEvents().list()) {
      String name = name(event.getTestDescriptor());
      if (event.getType() == EventType.SKIPPED) {
        outcomes.add(name + " skipped");
      } else if (event.getType() == EventType.FINISHED) {
        TestExecutionResult result = event.getRequiredPayload(TestExecutionResult.class);
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (event.getTestDescriptor().isTest() || !passed) {
          outcomes.add(name + " " + outcome(result));
        }
      }
    }
    return new Outcomes(outcomes, messages());
  }

  /** Outcomes that an assertion which fails shows together with what the leaks are. */
  private static final class Outcomes extends AbstractList<String> {
    static {
      Assertions.registerFormatterForType(
          Outcomes.class, outcomes -> outcomes.texts + "\n" + outcomes.messages);
    }

    private final List<String> texts;
    private final String messages;

    Outcomes(List<String> texts, String messages) {
      this.texts = texts;
      this.messages = messages;
    }

    @Override
    public String get(int index) {
      return texts.get(index);
    }

    @Override
    public int size() {
      return texts.size();
    }
  }

  /** What is said of all that was left. */
  public String messages() {
    return results.allEvents().list().stream()
        .filter(event -> event.getType() == EventType.FINISHED)
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .flatMap(result -> result.getThrowable().stream())
        .flatMap(failure -> Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed())))
        .filter(failure -> failure instanceof LeakAssertionError)
        .map(Throwable::getMessage)
        .collect(Collectors.joining("\n"));
  }

  private static String outcome(TestExecutionResult result) {
    return switch (result.getStatus()) {
      case SUCCESSFUL -> "passed";
      case ABORTED -> "aborted: " + describe(result.getThrowable().orElse(null));
      case FAILED -> {
        Throwable failure = result.getThrowable().orElse(null);
        yield failure instanceof LeakAssertionError
            ? describe(failure)
            : "failed: " + describe(failure);
      }
    };
  }

  private static String describe(Throwable failure) {
    if (failure == null) {
      return "no reason";
    }
    String text =
        failure instanceof LeakAssertionError leaks
            ? leaks.findings().list().stream()
                .map(finding -> finding.kind().id())
                .collect(Collectors.joining(", ", "left ", ""))
            : String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return text
        + Arrays.stream(failure.getSuppressed())
            .filter(suppressed -> suppressed instanceof LeakAssertionError)
            .map(suppressed -> "; " + describe(suppressed))
            .collect(Collectors.joining());
  }

  /** As the class is called, which the JVM does not always know. */
  private static String simpleName(Class<?> type) {
    return type.getName().replaceFirst(".*[.$]", "");
  }

  private String name(TestDescriptor descriptor) {
    if (descriptor.getSource().orElse(null) instanceof ClassSource source) {
      return simpleName(source.getJavaClass());
    }
    if (descriptor.getParent().isEmpty()) {
      return "engine";
    }
    String legacy = descriptor.getLegacyReportingName();
    if (severalClasses || isNested(descriptor)) {
      for (TestDescriptor d = descriptor; ; d = d.getParent().orElseThrow()) {
        if (d.getSource().orElse(null) instanceof ClassSource source) {
          return simpleName(source.getJavaClass()) + "." + legacy;
        }
      }
    }
    return legacy;
  }

  private static boolean isNested(TestDescriptor descriptor) {
    long classes = 0;
    for (TestDescriptor d = descriptor; d != null; d = d.getParent().orElse(null)) {
      if (d.getSource().orElse(null) instanceof ClassSource) {
        classes++;
      }
    }
    return classes > 1;
  }

  /** The failure of what has this name: a method without parentheses, a class or the engine. */
  public Throwable failure(String name) {
    return results.allEvents().list().stream()
        .filter(event -> event.getType() == EventType.FINISHED)
        .filter(event -> isNamed(event.getTestDescriptor(), name))
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .flatMap(result -> result.getThrowable().stream())
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " did not fail in " + outcomes()));
  }

  private boolean isNamed(TestDescriptor descriptor, String name) {
    return descriptor.getSource().orElse(null) instanceof MethodSource source
        ? source.getMethodName().equals(name)
        : name(descriptor).equals(name);
  }

  /** The leaks that something with this name failed with. */
  public List<Finding> leaks(String name) {
    return ((LeakAssertionError) failure(name)).findings().list();
  }

  /** What was published with report entries. */
  public List<String> published() {
    return results.allEvents().reportingEntryPublished().list().stream()
        .map(
            event ->
                event.getRequiredPayload(org.junit.platform.engine.reporting.ReportEntry.class))
        .flatMap(entry -> entry.getKeyValuePairs().entrySet().stream())
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .toList();
  }

  /** How long the run took. */
  public long seconds() {
    return nanos / 1_000_000_000;
  }
}
