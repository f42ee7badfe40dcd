package dev.leakcheck.junit5.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A JVM that a build tool starts for some of a project's test classes. */
final class Fork {

  private Fork() {}

  /**
   * The command that starts a JVM of this JDK. Each is over in a second or two, nearly all of which
   * is its start: the optimising compiler and the concurrent collector would cost it as much again.
   */
  static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dleakcheck.proof=off"));
  }

  /**
   * Runs test classes and exits with the number of tests that failed, or with 100 if none ran.
   *
   * @param args their names
   */
  public static void main(String[] args) {
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(args).map(DiscoverySelectors::selectClass).toList())
                .build(),
            summary);
    boolean none = summary.getSummary().getTestsStartedCount() == 0;
    // What was left would keep this JVM alive for ever.
    System.exit(none ? 100 : (int) summary.getSummary().getTotalFailureCount());
  }
}
