package dev.leakcheck.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.fleet.Ranking.Ranked;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SameOnEveryJdk
class RankingTest {

  /** Where the build copies it. Tests run in the directory of their module. */
  static final Path DUCKDB = Path.of("target", "duckdb", "duckdb_jdbc.jar");

  @TempDir static Path directory;

  private static Path rows;
  private static DuckDb duck;

  @BeforeAll
  static void takeThePlantedFleet() {
    rows = directory.resolve("rows.jsonl");
    PlantedFleet.write(rows);
    duck = DuckDb.open(DUCKDB);
    duck.takeFleet(List.of(rows));
  }

  @AfterAll
  static void close() {
    duck.close();
  }

  /** What is compared: all figures. */
  private static List<String> figures(List<Ranked> groups) {
    return groups.stream()
        .map(
            group ->
                String.format(
                    Locale.ROOT,
                    "%s %s: rms %.3f, peak %d, reached %d, in %d of %d, growth %s in %d, first %s %s"
                        + " after %d",
                    group.service(),
                    group.name(),
                    group.rms(),
                    group.peak(),
                    group.reached(),
                    group.instances(),
                    group.ofInstances(),
                    group.growth(),
                    group.grown(),
                    group.firstSeen(),
                    group.firstVersion(),
                    group.earlier()))
        .toList();
  }

  private static final double SESSIONS =
      Math.sqrt(
          IntStream.range(0, PlantedFleet.INSTANCES)
              .mapToDouble(i -> Math.pow(2_000 + 10 * i, 2))
              .average()
              .orElseThrow());

  private static final List<String> PLANTED =
      List.of(
          String.format(
              Locale.ROOT,
              "service-0 session-*: rms %.3f, peak 2490, reached 100, in 50 of 50, growth 50000 in"
                  + " 50, first 2026-11-21T10:00:00Z 1.0 after 0",
              SESSIONS),
          "watched socket-*: rms 2100.000, peak 2100, reached 2, in 1 of 1, growth 300 in 1, first"
              + " 2026-11-21T10:02:00Z null after 1",
          "service-2 pool-*-thread-*: rms 2000.000, peak 2000, reached 100, in 50 of 50, growth 0 in"
              + " 0, first 2026-11-21T10:00:00Z 1.0 after 0",
          "service-1 poller-*: rms 1272.792, peak 9000, reached 2, in 1 of 50, growth 4000 in 1,"
              + " first 2026-11-21T10:00:00Z 1.0 after 0",
          "service-6 split-*: rms 1100.000, peak 1100, reached 100, in 50 of 50, growth 0 in 0, first"
              + " 2026-11-21T10:00:00Z 1.0 after 0",
          "service-4 retry-*: rms 1060.660, peak 1500, reached 25, in 25 of 50, growth 37500 in 25,"
              + " first 2026-11-21T11:00:00Z 1.1 after 50",
          "tests \"mail-1\" is still alive: rms 1.000, peak 2, reached 0, in 1 of 4, growth null in"
              + " 0, first 2026-11-21T10:00:03Z 2.3 after 3");

  @Test
  void ranksExactlyWhatWasPlanted() {
    Ranking.Result ranking = Ranking.of(duck, Ranking.THRESHOLD);

    assertThat(figures(ranking.groups())).isEqualTo(PLANTED);
    assertThat(ranking.captures()).isEqualTo(1_000 + 3 + 4);
    assertThat(ranking.instances()).isEqualTo(500 + 1 + 4);
    assertThat(ranking.services()).isEqualTo(12);
    assertThat(ranking.groups())
        .filteredOn(Ranked::idle)
        .extracting(Ranked::service)
        .containsExactly("service-2");
  }

  @Test
  void aThresholdOfFewerThreadsFindsMore() {
    assertThat(Ranking.of(duck, Ranking.THRESHOLD - 1).groups())
        .extracting(Ranked::name)
        .contains("almost-*")
        .doesNotContain("C* CompilerThread*");
  }

  /** Ten million rows, each with one thread. */
  @Test
  void aRowForEachThreadRanksTheSame() {
    duck.run(
        "CREATE VIEW threads AS SELECT * REPLACE (CAST(1 AS BIGINT) AS size) FROM fleet,"
            + " range(CASE WHEN entry = 'group' THEN size ELSE 1 END)");
    long count =
        duck.query(
                "SELECT COUNT(*) FROM threads WHERE source = 'dump' AND entry = 'group'",
                row -> row.getLong(1))
            .get(0);

    assertThat(count).isEqualTo(1_000L * PlantedFleet.THREADS);
    assertThat(
            figures(
                duck.query(
                    Ranking.sql(Ranking.THRESHOLD).replace("FROM fleet", "FROM threads"),
                    Ranking::ranked)))
        .isEqualTo(PLANTED);
  }

  @Test
  void parquetHoldsTheSameRows() {
    Path parquet = directory.resolve("it's.parquet");

    duck.writeParquet(rows, parquet);

    duck.run("CREATE VIEW parquet AS FROM '" + parquet.toString().replace("'", "''") + "'");
    assertThat(
            duck.query(
                "(FROM fleet EXCEPT ALL FROM parquet) UNION ALL (FROM parquet EXCEPT ALL FROM fleet)",
                row -> row.getString(1)))
        .isEmpty();
    assertThat(duck.query("SELECT COUNT(*) FROM parquet", row -> row.getLong(1)).get(0))
        .isGreaterThan(10_000);
    assertThat(
            duck.query(
                "SELECT column_name, column_type FROM (DESCRIBE parquet)",
                row -> row.getString(1) + " " + row.getString(2)))
        .containsExactlyElementsOf(
            List.of(Column.values()).stream()
                .map(column -> column.id() + " " + column.type())
                .toList());
  }

  @Test
  void tellsAPersonWhatToLookInto() throws IOException {
    StringWriter out = new StringWriter();

    RankingText.write(Ranking.of(duck, Ranking.THRESHOLD), 7, new PrintWriter(out));

    try (var golden = RankingTest.class.getResourceAsStream("ranking.golden")) {
      assertThat(out.toString())
          .isEqualToNormalizingNewlines(
              new String(golden.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Test
  void saysSoWhereNothingIsToBeRanked() {
    StringWriter out = new StringWriter();
    RankingText.write(new Ranking.Result(1, 1, 1, 1_000, List.of()), 7, new PrintWriter(out));

    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            LeakCheck: no group to look into among 1 capture of 1 instance of 1 service
            none has 1,000 threads in one capture (--threshold N asks for fewer)
            """);
  }

  @Test
  void rowsOfALaterVersionAndWhatHoldsNoRowsAreRefused() throws IOException {
    Path later = directory.resolve("later.jsonl");
    Files.writeString(later, "{\"schema\":2,\"entry\":\"capture\"}\n");
    Path text = Files.writeString(directory.resolve("notes.parquet"), "remember the milk");
    Path gone = directory.resolve("gone.jsonl");
    try {
      assertThatThrownBy(() -> duck.takeFleet(List.of(later)))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("the rows have schema 2, and this LeakCheck reads up to 1");
      assertThatThrownBy(() -> duck.takeFleet(List.of(text)))
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith("DuckDB says: ")
          .hasMessageContaining("notes.parquet");
      assertThatThrownBy(() -> duck.takeFleet(List.of(gone)))
          .isInstanceOf(BadInput.class)
          .hasMessage("there is no file " + gone);
    } finally {
      duck.takeFleet(List.of(rows));
    }
  }
}
