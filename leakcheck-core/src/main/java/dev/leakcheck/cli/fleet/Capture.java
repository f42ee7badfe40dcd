package dev.leakcheck.cli.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One look at one JVM.
 *
 * @param id the file, and which capture of it if it has several
 * @param source where it comes from
 * @param origin whose it is
 * @param time when it was taken
 * @param jdk the JDK's version, or null if that is not known
 */
record Capture(String id, Source source, Origin origin, Instant time, @Nullable String jdk) {

  /** Where a capture comes from. */
  enum Source {
    /** A thread dump. */
    DUMP,
    /** A sample of a watch. */
    WATCH,
    /** The report of a JVM that ran tests. */
    REPORT
  }

  /**
   * Whose it is.
   *
   * @param service the service
   * @param instance which of its instances
   * @param version which version of it ran, or null if that is not known
   */
  record Origin(String service, String instance, @Nullable String version) {}
}
