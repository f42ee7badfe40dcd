package dev.leakcheck.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.ReportEntry.Level;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class WarningsTest {

  private final Warnings warnings = Warnings.of(TestOptions.of(LeakCheckOptions.defaults()));
  private final List<String> logged = new ArrayList<>();

  private Logger logger(boolean warns) {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("warn")) {
                logged.add(String.valueOf(arguments[1]));
              }
              return method.getReturnType() == boolean.class ? warns : null;
            });
  }

  private static Findings oneLeak() throws Exception {
    try (Planted planted = new Planted()) {
      LeakScope scope = LeakCheck.open(LeakCheckOptions.defaults().settle(Duration.ZERO));
      planted.thread("left");
      Findings findings = scope.findings();
      scope.end();
      return findings;
    }
  }

  private String told() {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      warnings.tell();
    } finally {
      System.setErr(before);
    }
    // Whether there is a report depends on who else wrote into this JVM's.
    return printed.toString(StandardCharsets.UTF_8).strip().replaceAll(", report in \\S+$", "");
  }

  @Test
  void aProviderThatShowsWarningsIsEnough() throws Exception {
    warnings.warn(logger(true), oneLeak(), Level.METHOD, "a");

    assertThat(logged).singleElement().asString().contains("left 1 thread behind");
    assertThat(told()).isEmpty();
  }

  @Test
  void oneThatDoesNotIsMadeUpForInOneLine() throws Exception {
    warnings.warn(logger(false), oneLeak(), Level.METHOD, "a");

    assertThat(logged).isEmpty();
    assertThat(told()).isEqualTo("LeakCheck: 1 leak in 1 test");
    assertThat(told()).isEmpty();
  }

  @Test
  void aTestIsCountedOnceAndClassesAndTheRunAreNamed() throws Exception {
    warnings.warn(logger(false), oneLeak(), Level.METHOD, "a");
    warnings.warn(logger(false), oneLeak(), Level.METHOD, "a");
    warnings.warn(logger(false), oneLeak(), Level.METHOD, "b");
    warnings.warn(logger(false), oneLeak(), Level.CLASS, "c");
    warnings.warn(logger(false), oneLeak(), Level.CLASS, "d");
    warnings.warn(logger(false), oneLeak(), Level.RUN, "run");

    assertThat(told()).isEqualTo("LeakCheck: 6 leaks in 2 tests, 2 classes and the run as a whole");
  }
}
