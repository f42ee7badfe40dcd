package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.Samples;
import dev.leakcheck.cli.reports.SampleReports;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SameOnEveryJdk
class RowsCommandTest {

  private static final Path GOLDEN =
      Samples.path("jdk25.json").resolveSibling("../fleet/rows.jsonl").normalize();

  private static final String WATCHED =
      """
      {"entry":"sample","schema":1,"pid":4711,"number":1,"at":"2026-11-21T12:00:00Z","platform":30,"virtual":0,"executors":2,"platformGrows":false,"virtualGrows":false,"executorsGrow":false,"groups":[],"coverage":["virtual threads are not listed"]}
      {"entry":"sample","schema":1,"pid":4711,"number":13,"at":"2026-11-21T12:01:00Z","platform":43,"virtual":0,"executors":2,"platformGrows":true,"virtualGrows":false,"executorsGrow":false,"groups":[{"fingerprint":"848683b1cc20919b","names":"session-*","virtual":false,"threads":13,"verdict":"growing","growth":12,"samples":12,"since":"2026-11-21T12:00:00Z","activity":"sleeping","stack":["java.lang.Thread.sleep(Thread.java:540)","com.acme.Session.run(Session.java:31)"],"created":["com.acme.Shop.open(Shop.java:7)"]}]}
      {"entry":"end","why":"the time is over","watchedMillis":60000,"exit":0}
      """;

  @TempDir Path directory;

  private Path put(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String sample(String name) throws IOException {
    return Files.readString(Samples.path(name), StandardCharsets.UTF_8);
  }

  private String rows() throws IOException {
    return Files.readString(directory.resolve("rows.jsonl"))
        .replace(directory.toString(), "DIR")
        .replace("\\\\", "/");
  }

  private Cli run(Object... more) {
    Object[] args = new Object[4 + more.length];
    args[0] = "rows";
    args[1] = directory;
    args[2] = "--output";
    args[3] = directory.resolve("rows.jsonl");
    System.arraycopy(more, 0, args, 4, more.length);
    return Cli.run(args);
  }

  /** Of each sort of file one: what a row is, column by column. */
  @Test
  void allThatAJvmLeavesBecomesRows() throws IOException {
    put("shop/1.4/web-1/dump.json", sample("jdk25-idle.json"));
    put("shop/1.4/web-2/dump.txt", sample("jdk17-idle.txt"));
    put("shop/1.4/web-3/watch.jsonl", WATCHED);
    SampleReports.write(
        directory.resolve("shop/1.5"),
        Map.of(
            "ci/" + SampleReports.fileName(3),
            SampleReports.all().get("shard-2/" + SampleReports.fileName(3)),
            "ci/" + SampleReports.fileName(2),
            SampleReports.all().get("shard-2/" + SampleReports.fileName(2))));

    Cli run = run("--layout", "service/version/instance");

    assertThat(rows()).isEqualTo(Files.readString(GOLDEN));
    assertThat(run.out())
        .isEqualTo(
            "wrote "
                + directory.resolve("rows.jsonl")
                + ": "
                + rows().lines().count()
                + " rows of 6 captures of 4 instances of 1 service\n");
    assertThat(run.code()).isZero();
  }

  @Test
  void zippedFilesAreReadAsOthers() throws IOException {
    put("shop/web-1.json", sample("jdk25-idle.json"));
    put("shop/web-2.jsonl", WATCHED);
    SampleReports.write(directory, Map.of("shop/web-3.jsonl", SampleReports.hostileEntries()));
    run();
    String plain = rows();
    for (String name : List.of("web-1.json", "web-2.jsonl", "web-3.jsonl")) {
      Path file = directory.resolve("shop").resolve(name);
      try (OutputStream out =
          new GZIPOutputStream(Files.newOutputStream(file.resolveSibling(name + ".gz")))) {
        Files.copy(file, out);
      }
      Files.delete(file);
    }

    assertThat(run().err()).isEmpty();
    assertThat(rows().replace(".gz", "")).isEqualTo(plain);
  }

  @Test
  void whatCannotBeReadIsListedAndTheRestIsWritten() throws IOException {
    put("shop/web-1.json", sample("jdk25-idle.json"));
    put("shop/web-2.json", sample("jdk25.json").substring(0, 5000));
    put("shop/web-3.jsonl", WATCHED.lines().findFirst().orElseThrow() + "\n{\"entry\":3}\n");
    put("shop/notes", "remember the milk");
    put("shop/old.jsonl", "{\"schema\":1,\"entry\":\"capture\"}\n");
    put("shop/.hidden", "remember the milk");
    Files.createSymbolicLink(directory.resolve("shop/link"), directory.resolve("gone"));

    Cli run = run();

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err().replace(directory.toString(), "DIR").replace('\\', '/'))
        .isEqualTo(
            """
            not read: DIR/shop/link does not exist
            not read: DIR/shop/notes is no thread dump: neither of jcmd Thread.dump_to_file nor of jstack
            not read: DIR/shop/old.jsonl holds rows: leakcheck fleet takes it with --rows
            not read: DIR/shop/web-2.json is cut short or broken after 8 threads: Unexpected end-of-input in VALUE_STRING (--partial takes what is there)
            not read: DIR/shop/web-3.jsonl, line 2: 'entry': no text
            leakcheck: 5 of 6 files could not be read: what they hold is missing
            """);
    assertThat(run.out()).contains("of 2 captures of 2 instances of 1 service");
  }

  @Test
  void whatIsReadInPartOrAgainIsMentioned() throws IOException {
    put("shop/web-1.json", sample("jdk25.json").substring(0, 5000));
    put("shop/web-2.txt", sample("jdk17-idle.txt") + "\n" + sample("jdk17-idle.txt"));
    put("shop/web-3.jsonl", WATCHED.substring(0, WATCHED.length() - 20));
    SampleReports.write(
        directory,
        Map.of(
            "shop/a.jsonl",
            SampleReports.hostileEntries(),
            "shop/b.jsonl",
            SampleReports.hostileEntries()));

    Cli run = run("--partial");

    assertThat(run.err().replace(directory.toString(), "DIR").replace('\\', '/'))
        .isEqualTo(
            """
            note: DIR/shop/b.jsonl is the report of JVM 99 again: it is left out
            note: DIR/shop/web-1.json is cut short: what is there is taken
            note: DIR/shop/web-2.txt holds 2 dumps: the last whole one is taken, so give each a file of its own
            note: DIR/shop/web-3.jsonl, line 3: cut off; what came before it is used
            """);
    assertThat(run.code()).isZero();
    assertThat(rows().lines().filter(row -> row.contains("web-1") && row.contains("\"capture\",")))
        .hasSize(2)
        .allMatch(row -> row.contains("\"complete\":false"));
  }

  @ParameterizedTest
  @CsvSource({"UTC, 2026-11-21T11:07:54Z", "Europe/Vienna, 2026-11-21T10:07:54Z"})
  void aTimeWithoutAZoneIsThatOfTheZoneThatIsGiven(String zone, Instant time) throws IOException {
    put(
        "shop/web-1.txt",
        sample("jdk17-idle.txt").replaceFirst("(?m)^\\d.*\\d$", "2026-11-21 11:07:54"));

    run("--zone", zone);

    assertThat(rows()).contains("\"time_ms\":" + time.toEpochMilli() + ",");
  }

  @Test
  void aDumpWithoutATimeHasThatOfItsFile() throws IOException {
    Path file = put("shop/web-1.txt", sample("jdk17-idle.txt").replaceFirst("(?m)^\\d.*\\d$", ""));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-20T08:00:00Z")));

    Cli run = run();

    assertThat(run.err())
        .isEqualTo("note: " + file + " tells no time: that of the file is taken\n");
    assertThat(rows())
        .contains("\"time_ms\":" + Instant.parse("2026-11-20T08:00:00Z").toEpochMilli());
  }

  @Test
  void whatWasWrittenBeforeIsNoInput() throws IOException {
    put("shop/web-1.json", sample("jdk25-idle.json"));
    run();
    String first = rows();

    assertThat(run().code()).isZero();
    assertThat(rows()).isEqualTo(first);
  }

  @Test
  void nothingIsWrittenWhereNothingCanBeRead() throws IOException {
    Cli empty = run();
    put("shop/notes", "remember the milk");
    Cli useless = run();
    Cli absent = Cli.run("rows", directory.resolve("gone"), "--output", "-");

    assertThat(empty.err()).isEqualTo("leakcheck: there is no file in " + directory + "\n");
    assertThat(useless.err())
        .startsWith("leakcheck: none of 1 files can be read, such as: ")
        .hasLineCount(1);
    assertThat(absent.err())
        .isEqualTo("leakcheck: " + directory.resolve("gone") + " does not exist\n");
    for (Cli run : List.of(empty, useless, absent)) {
      assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.out()).isEmpty();
    }
    assertThat(directory.resolve("rows.jsonl")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rows --output x.jsonl | give at least one directory",
        "rows --output x.csv . | --output takes a file that ends with .jsonl or .parquet, or -",
        "rows --output x.jsonl --zone Mars . | Invalid value for option '--zone': 'Mars' is not a time zone such as UTC or Europe/Vienna",
        "fleet | give either directories or --rows FILE",
        "fleet --rows x.parquet . | give either directories or --rows FILE",
        "fleet --threshold 0 . | --threshold must be at least 1",
        "fleet --top 0 . | --top must be at least 1",
      })
  void whatMakesNoSenseIsRefused(String line, String complaint) {
    Cli run = Cli.run((Object[]) line.split(" "));

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).startsWith("leakcheck: " + complaint + "\ntry: leakcheck ");
  }
}
