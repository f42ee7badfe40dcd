package dev.leakcheck.recorder;

import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where reports go: into the directory that a setting names, or else where the build tool that
 * started this JVM keeps what it makes.
 *
 * @param directory the directory, absolute; it need not exist
 * @param named whether a setting names it
 */
public record ReportPlace(Path directory, boolean named) {

  static final String FILE_PREFIX = "leakcheck-";
  static final String FILE_SUFFIX = ".jsonl";

  private static final String OFF = "off";

  /** No process of a build writes a report sooner after the build tool was started. */
  private static final Duration SOONEST = Duration.ofMillis(500);

  /**
   * Finds the place.
   *
   * @param key the setting's key, for messages
   * @param setting its value: a path, {@code off}, or null if it is not set
   * @param properties gives a system property or null
   * @return empty if there is to be no report
   * @throws IllegalArgumentException if the path is a file's, or none
   */
  public static Optional<ReportPlace> of(
      String key, @Nullable String setting, Function<String, @Nullable String> properties) {
    if (setting == null) {
      return byBuildTool(properties).map(directory -> new ReportPlace(directory, false));
    }
    if (setting.equalsIgnoreCase(OFF)) {
      return Optional.empty();
    }
    Path directory;
    try {
      directory = base(properties).resolve(setting).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          key + " is '" + Printable.escape(setting) + "', but takes a directory, or off", e);
    }
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          key
              + " is '"
              + Printable.escape(setting)
              + "', which is a file: it takes a directory, or off");
    }
    return Optional.of(new ReportPlace(directory, true));
  }

  private static Optional<Path> byBuildTool(Function<String, @Nullable String> properties) {
    try {
      Path maven = maven(properties);
      return maven == null ? Optional.ofNullable(gradle(properties)) : Optional.of(maven);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Surefire and Failsafe tell the module's directory, and each JVM its class path once more. */
  private static @Nullable Path maven(Function<String, @Nullable String> properties) {
    String base = properties.apply("basedir");
    boolean surefire =
        properties.apply("surefire.test.class.path") != null
            || properties.apply("surefire.real.class.path") != null;
    return base == null || !surefire ? null : Path.of(base, "target", "leakcheck").toAbsolutePath();
  }

  /** Gradle tells each worker its number, and a directory of its own under the build directory. */
  private static @Nullable Path gradle(Function<String, @Nullable String> properties) {
    if (properties.apply("org.gradle.test.worker") == null) {
      return null;
    }
    Path build = gradleBuild(properties.apply("org.gradle.internal.worker.tmpdir"));
    return (build == null ? base(properties).resolve("build") : build).resolve("leakcheck");
  }

  /** From {@code <build>/tmp/<task>/work}. */
  private static @Nullable Path gradleBuild(@Nullable String work) {
    Path task = work == null ? null : Path.of(work).toAbsolutePath().getParent();
    Path tmp = task == null ? null : task.getParent();
    return tmp != null && tmp.endsWith("tmp") ? tmp.getParent() : null;
  }

  private static Path base(Function<String, @Nullable String> properties) {
    String maven = properties.apply("basedir");
    return Path.of(maven == null ? "" : maven).toAbsolutePath();
  }

  /** Deletes what an earlier build left; nothing where somebody chose the directory. */
  void clean() {
    if (named || !Files.isDirectory(directory)) {
      return;
    }
    Instant start = startOfBuild().orElse(Instant.MIN);
    try (DirectoryStream<Path> reports =
        Files.newDirectoryStream(directory, FILE_PREFIX + "*" + FILE_SUFFIX)) {
      for (Path report : reports) {
        if (Files.getLastModifiedTime(report).toInstant().isBefore(start)) {
          Files.deleteIfExists(report);
        }
      }
    } catch (IOException unreadable) {
      // Another JVM of the build was faster, or the directory cannot be written, as will be told.
    }
  }

  /**
   * When the Java process that started this one was started: the build tool, unless that is a
   * daemon. A shell may stand in between.
   */
  private static Optional<Instant> startOfBuild() {
    try {
      Optional<ProcessHandle> process = ProcessHandle.current().parent();
      while (process.isPresent() && !isJava(process.get())) {
        process = process.get().parent();
      }
      return process.flatMap(java -> java.info().startInstant()).map(ReportPlace::corrected);
    } catch (SecurityException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static boolean isJava(ProcessHandle process) {
    return process
        .info()
        .command()
        .map(command -> Path.of(command).getFileName())
        .filter(name -> name != null && name.toString().startsWith("java"))
        .isPresent();
  }

  /** On Linux processes seem up to a second older than they are, all of them by the same. */
  private static Instant corrected(Instant start) {
    Instant seems = ProcessHandle.current().info().startInstant().orElse(Instant.MAX);
    Instant own = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    if (!seems.isBefore(own)) {
      return start;
    }
    Duration late = Duration.between(seems, own);
    return start.plus(late.compareTo(SOONEST) < 0 ? late : SOONEST);
  }
}
