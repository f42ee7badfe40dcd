package dev.leakcheck.junit5.gate;

import java.util.Arrays;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A JVM that a build tool starts for some of a project's test classes. */
final class Fork {

  private Fork() {}

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
