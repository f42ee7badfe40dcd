package dev.leakcheck.cli.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ranks groups of threads by the SQL that the guide shows. */
public final class Ranking {

  /** From how many threads of one group in one capture on it is a suspect. */
  public static final int THRESHOLD = 1_000;

  private static final String RESOURCE = "ranking.sql";
  private static final String SETTING = "SELECT %d AS threshold";

  private Ranking() {}

  /**
   * A group in its service.
   *
   * @param source {@code dump}, {@code watch} or {@code report}
   * @param service the service
   * @param fingerprint the group
   * @param virtual whether its threads are virtual
   * @param kind what sort of leak it is, if a report says so
   * @param name what the threads' names have in common
   * @param activity what the threads do, or null
   * @param idle whether they are workers that wait for their next task
   * @param rms root of the mean square, over all instances, of the most threads each ever had
   * @param peak the most threads in one capture
   * @param reached in how many captures it reached the threshold
   * @param instances how many instances had it
   * @param ofInstances how many instances the service has
   * @param growth by how many threads it grew from each instance's first capture to its last, in
   *     all; null if no instance was looked at twice
   * @param grown in how many instances it grew
   * @param firstSeen when it was seen first
   * @param firstVersion the version that had it then, or null if that is not known
   * @param earlier how many captures of the service there are from before
   * @param ageMillis how long its oldest threads had been there, or null if that is not known
   * @param frames where its threads stand, a frame a line; or null
   */
  public record Ranked(
      String source,
      String service,
      String fingerprint,
      boolean virtual,
      @Nullable String kind,
      String name,
      @Nullable String activity,
      boolean idle,
      double rms,
      long peak,
      long reached,
      long instances,
      long ofInstances,
      @Nullable Long growth,
      long grown,
      Instant firstSeen,
      @Nullable String firstVersion,
      long earlier,
      @Nullable Long ageMillis,
      @Nullable String frames) {}

  /**
   * What was ranked.
   *
   * @param captures how many captures there are
   * @param instances of how many instances
   * @param services of how many services
   * @param threshold from how many threads of one group in one capture on it is a suspect
   * @param groups suspects, those that matter most first
   */
  public record Result(
      long captures, long instances, long services, int threshold, List<Ranked> groups) {
    /** Copies the list. */
    public Result {
      groups = List.copyOf(groups);
    }
  }

  /**
   * The SQL.
   *
   * @param threshold from how many threads of one group in one capture on it is a suspect
   * @return a query of the table {@code fleet}
   */
  public static String sql(int threshold) {
    try (InputStream in = Ranking.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace(SETTING.formatted(THRESHOLD), SETTING.formatted(threshold));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  /**
   * Ranks what DuckDB has as {@code fleet}.
   *
   * @param duck DuckDB
   * @param threshold from how many threads of one group in one capture on it is a suspect
   * @return the ranking
   */
  public static Result of(DuckDb duck, int threshold) {
    List<Ranked> groups = duck.query(sql(threshold), Ranking::ranked);
    return duck.query(
            "SELECT COUNT(DISTINCT capture), COUNT(DISTINCT (service, instance)),"
                + " COUNT(DISTINCT service) FROM fleet WHERE entry = 'capture'",
            row -> new Result(row.getLong(1), row.getLong(2), row.getLong(3), threshold, groups))
        .get(0);
  }

  /** What a row of the query says. */
  static Ranked ranked(ResultSet row) throws SQLException {
    return new Ranked(
        row.getString("source"),
        row.getString("service"),
        row.getString("fingerprint"),
        row.getBoolean("virtual"),
        row.getString("kind"),
        row.getString("name"),
        row.getString("activity"),
        row.getBoolean("idle"),
        row.getDouble("rms"),
        row.getLong("peak"),
        row.getLong("reached"),
        row.getLong("instances"),
        row.getLong("of_instances"),
        longOrNull(row, "growth"),
        row.getLong("grown"),
        Instant.ofEpochMilli(row.getLong("first_seen_ms")),
        row.getString("first_version"),
        row.getLong("earlier"),
        longOrNull(row, "age_ms"),
        row.getString("frames"));
  }

  private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
