package dev.leakcheck.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guide says of the table and its ranking is what is there. */
class FleetGuideTest {

  private static final Pattern COLUMN =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| ([A-Z]+) \\| .* \\|$");

  private final String page;

  FleetGuideTest() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            FleetGuideTest.class.getResourceAsStream("/dev/leakcheck/guide/fleet.md"))) {
      page = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void tellsAllColumnsInTheirOrder() {
    assertThat(COLUMN.matcher(page).results().map(row -> row.group(1) + " " + row.group(2)))
        .containsExactlyElementsOf(
            Arrays.stream(Column.values()).map(c -> c.id() + " " + c.type()).toList());
    assertThat(page).contains("now " + RowWriter.SCHEMA + ";");
  }

  @Test
  void showsTheSqlThatIsRun() {
    assertThat(page).contains("\n```sql\n" + Ranking.sql(Ranking.THRESHOLD) + "```\n");
    assertThat(Ranking.sql(7))
        .isEqualTo(Ranking.sql(Ranking.THRESHOLD).replace("SELECT 1000 AS", "SELECT 7 AS"))
        .isNotEqualTo(Ranking.sql(Ranking.THRESHOLD));
    assertThat(page).contains("has 1,000 threads or more");
  }

  @Test
  void namesTheDuckDbThatIsTested() throws IOException {
    assertThat(page)
        .contains("duckdb_jdbc-" + DuckDb.TESTED + ".jar", "duckdb_jdbc:" + DuckDb.TESTED + " ");
    assertThat(Files.readString(Path.of("..", "pom.xml")))
        .contains("<duckdb.version>" + DuckDb.TESTED + "</duckdb.version>");
  }
}
