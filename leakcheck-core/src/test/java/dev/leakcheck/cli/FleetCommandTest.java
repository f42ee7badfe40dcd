package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SameOnEveryJdk
class FleetCommandTest {

  /** Where the build copies it. Tests run in the directory of their module. */
  private static final Path DUCKDB = Path.of("target", "duckdb", "duckdb_jdbc.jar");

  @TempDir Path directory;

  private Path dumps;

  @BeforeEach
  void collect() throws IOException {
    dumps = directory.resolve("dumps");
    for (String pod : List.of("web-1", "web-2")) {
      Path of = Files.createDirectories(dumps.resolve("shop").resolve(pod));
      Files.copy(Samples.path("jdk17-idle.txt"), of.resolve("1.txt"));
      Files.copy(Samples.path("jdk25.json"), of.resolve("2.json"));
    }
  }

  @Test
  void dumpsAreRankedAndSoAreTheRowsOfThem() throws IOException {
    Path rows = directory.resolve("rows.parquet");
    Files.writeString(dumps.resolve("notes"), "remember the milk");

    Cli direct = Cli.run("fleet", dumps, "--threshold", 2, "--top", 1, "--duckdb", DUCKDB);
    Cli written = Cli.run("rows", dumps, "--output", rows, "--duckdb", DUCKDB);
    Cli later = Cli.run("fleet", "--rows", rows, "--threshold=2", "--top=1", "--duckdb", DUCKDB);

    assertThat(later.out())
        .isEqualTo(direct.out())
        .isEqualTo(
            """
            LeakCheck: 3 groups to look into among 4 captures of 2 instances of 1 service

            1) shop   price-poller-*  waiting in LinkedBlockingQueue.take()
                 size       3.0 an instance (root mean square), at the most 3; 2 captures with 2 or more
                 instances  2 of 2; grew in 2; +6 in all, from the first capture of each to its last
                 first seen 2026-11-21 11:07 UTC, which 2 earlier captures of the service did not list
                 at         com.acme.Shop.poll(Shop.java:13)
                            com.acme.Shop.lambda$main$6(Shop.java:25)
                 id         22b7e8a9d7a322ce

            and 2 more groups (--top N shows more)
            """);
    assertThat(written.out())
        .isEqualTo("wrote " + rows + ": 70 rows of 4 captures of 2 instances of 1 service\n");
    assertThat(direct.err())
        .isEqualTo(written.err())
        .startsWith("not read: " + dumps.resolve("notes") + " is no thread dump")
        .hasLineCount(2);
    assertThat(List.of(direct.code(), written.code(), later.code()))
        .containsExactly(ExitCode.BAD_INPUT, ExitCode.BAD_INPUT, ExitCode.CLEAN);
  }

  /** It is not on the class path of the tests. */
  @Test
  void whereDuckDbIsNotAtHandOneLineSaysWhatToDo() throws IOException {
    Path parquet = directory.resolve("rows.parquet");
    for (Cli run : List.of(Cli.run("fleet", dumps), Cli.run("rows", dumps, "--output", parquet))) {
      assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .isEqualTo(
              "leakcheck: DuckDB is not at hand: give its JDBC driver with --duckdb"
                  + " duckdb_jdbc-2.0.0.1.jar, which this fetches: mvn dependency:copy"
                  + " -Dartifact=org.duckdb:duckdb_jdbc:2.0.0.1 -DoutputDirectory=.\n");
    }
    assertThat(parquet).doesNotExist();
    Path jar = Files.createFile(directory.resolve("other.jar"));
    assertThat(Cli.run("fleet", dumps, "--duckdb", jar).err())
        .isEqualTo("leakcheck: --duckdb: " + jar + " is not DuckDB's JDBC driver\n");
    assertThat(Cli.run("fleet", dumps, "--duckdb", directory.resolve("gone.jar")).err())
        .isEqualTo("leakcheck: --duckdb: there is no file " + directory.resolve("gone.jar") + "\n");
  }
}
