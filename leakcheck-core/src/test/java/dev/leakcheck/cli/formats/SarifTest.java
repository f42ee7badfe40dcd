package dev.leakcheck.cli.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.leakcheck.cli.reports.LeakCopy;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.SampleReports;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import dev.leakcheck.report.TextReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SarifTest {

  private static JsonSchema schema;

  @TempDir Path checkout;

  @BeforeAll
  static void readSchema() throws IOException {
    try (InputStream in = SarifTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(in);
    }
  }

  @Test
  void all_verdicts_are_written_whole_and_all_kinds_are_valid() {
    assertValid(sarif(SampleReports.reports()));
    String sarif = sarif(SampleReports.secondShard());
    assertValid(sarif);
    GoldenFile.assertMatches("shard.sarif", withoutPages(sarif));
  }

  @Test
  void no_leaks_are_an_empty_list_of_results_and_all_rules() throws IOException {
    String sarif = sarif(SampleReports.clean());

    assertValid(sarif);
    JsonNode run = run(sarif);
    assertThat(run.get("results")).isEmpty();
    assertThat(run.at("/tool/driver/rules")).hasSameSizeAs(LeakKind.values());
  }

  @Test
  void hostile_names_stay_data() throws IOException {
    String sarif = sarif(SampleReports.hostile());

    assertValid(sarif);
    JsonNode results = run(sarif).get("results");
    assertThat(results).hasSize(2);
    assertThat(results.get(0).at("/message/text").asText())
        .doesNotContain("\u202e", "\u0000", "\u001b", "\n")
        .contains("\\[a](javascript:alert(1))");
    assertThat(results.get(0).at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("src/test/java");
  }

  /** Code scanning refuses the whole file otherwise. */
  @Test
  void each_result_has_a_place() throws IOException {
    for (Reports reports : List.of(SampleReports.reports(), SampleReports.hostile())) {
      for (JsonNode result : run(sarif(reports)).get("results")) {
        assertThat(result.get("locations")).hasSize(1);
        for (String list : List.of("locations", "relatedLocations")) {
          for (JsonNode location : result.get(list)) {
            assertThat(location.at("/physicalLocation/artifactLocation/uri").asText()).isNotEmpty();
          }
        }
      }
    }
  }

  /** Or the schema would accept whatever there is. */
  @Test
  void the_schema_finds_mistakes() {
    String sarif = sarif(SampleReports.reports());

    assertThat(schema.validate(sarif.replace("\"ruleIndex\"", "\"rulesIndex\""), InputFormat.JSON))
        .isNotEmpty();
    assertThat(schema.validate(sarif.replace("\"error\"", "\"fatal\""), InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void either_all_results_have_suppressions_or_none() throws IOException {
    for (JsonNode result : run(sarif(SampleReports.reports())).get("results")) {
      assertThat(result.get("suppressions"))
          .as(result.toString())
          .hasSize(result.get("level").asText().equals("note") ? 1 : 0);
    }
  }

  @Test
  void help_is_the_page_of_the_kind() throws IOException {
    JsonNode rules = run(sarif(SampleReports.clean())).at("/tool/driver/rules");

    for (LeakKind kind : LeakKind.values()) {
      JsonNode rule = rules.get(kind.ordinal());
      assertThat(rule.get("id").asText()).isEqualTo(kind.id());
      assertThat(rule.at("/help/markdown").asText()).isEqualTo(page(kind));
    }
  }

  private static String page(LeakKind kind) {
    return kind.page().replaceAll("\\[([^\\]]+)]\\([a-z-]+\\.md\\)", "$1");
  }

  @Test
  void the_location_is_the_line_of_the_checkout_that_created_it() throws IOException {
    source("app/src/main/java/com/acme/OrderService.java");
    source("app/src/test/java/com/acme/OrderTest.java");

    JsonNode place = place(LeakKind.DEADLOCK, "com.acme.OrderTest", List.of());

    assertThat(place.at("/artifactLocation/uri").asText())
        .isEqualTo("app/src/main/java/com/acme/OrderService.java");
    assertThat(place.at("/artifactLocation/uriBaseId").asText()).isEqualTo("%SRCROOT%");
    assertThat(place.at("/region/startLine").asInt()).isEqualTo(31);
  }

  @Test
  void frames_of_libraries_are_passed_over_as_their_sources_are_not_there() throws IOException {
    source("app/src/test/java/com/acme/OrderTest.java");

    JsonNode place = place(LeakKind.DEADLOCK, "com.acme.OrderTest", List.of());

    assertThat(place.at("/artifactLocation/uri").asText())
        .isEqualTo("app/src/test/java/com/acme/OrderTest.java");
    assertThat(place.at("/region/startLine").asInt()).isEqualTo(18);
  }

  @Test
  void build_directories_are_not_searched_but_packages_of_their_names_are() throws IOException {
    source("target/generated/com/acme/OrderService.java");
    source(".git/com/acme/OrderService.java");
    source("node_modules/com/acme/OrderService.java");
    source("src/main/java/com/acme/build/JobService.java");

    assertThat(
            place(LeakKind.DEADLOCK, "com.acme.OrderTest", List.of())
                .at("/artifactLocation/uri")
                .asText())
        .isEqualTo("src/main/java/com/acme/OrderService.java");
    assertThat(
            place(LeakKind.DEADLOCK, "com.acme.build.JobTest", List.of())
                .at("/artifactLocation/uri")
                .asText())
        .isEqualTo("src/main/java/com/acme/build/JobService.java");
  }

  @Test
  void a_source_root_elsewhere_is_a_base_of_its_own(@TempDir Path elsewhere) throws IOException {
    Path file = elsewhere.resolve("a b/com/acme/OrderService.java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");

    String sarif =
        GoldenFile.written(
            new Sarif(List.of(elsewhere), checkout), one(LeakKind.DEADLOCK, "com.acme.OrderTest"));

    assertValid(sarif);
    JsonNode place = run(sarif).at("/results/0/locations/0/physicalLocation/artifactLocation");
    assertThat(place.get("uri").asText()).isEqualTo("a%20b/com/acme/OrderService.java");
    assertThat(run(sarif).at("/originalUriBaseIds").get(place.get("uriBaseId").asText()).get("uri"))
        .hasToString("\"" + elsewhere.toUri() + "\"");
  }

  @Test
  void more_occurrences_than_locations_are_told() throws IOException {
    List<dev.leakcheck.report.ReportEntry> entries = new ArrayList<>();
    entries.add(SampleReports.jvm(1));
    for (int i = 0; i < 200; i++) {
      entries.add(
          SampleReports.leak(
              LeakKind.GROWTH, "com.acme.OrderTest", "test" + i, i, Verdict.NEW, null));
    }
    String sarif = sarif(SampleReports.merged(Map.of("a.jsonl", entries)));

    assertValid(sarif);
    JsonNode result = run(sarif).at("/results/0");
    assertThat(result.get("occurrenceCount").asInt()).isEqualTo(200);
    assertThat(result.get("relatedLocations")).hasSize(50);
    assertThat(result.at("/relatedLocations/49/message/text").asText())
        .isEqualTo("found by OrderTest.test49(); and by 150 more tests");
  }

  @Test
  void the_location_is_the_users_line_though_the_factorys_source_is_there_too() throws IOException {
    source("app/src/main/java/com/acme/OrderService.java");
    source("app/src/test/java/com/acme/OrderTest.java");
    Leak made =
        SampleReports.leak(LeakKind.DEADLOCK, "com.acme.OrderTest", "m", 1, Verdict.NEW, null);
    Leak ofFactory = new LeakCopy(made).creator(made.created().get(3)).leak();
    Reports reports =
        SampleReports.merged(Map.of("a.jsonl", List.of(SampleReports.jvm(1), ofFactory)));

    JsonNode location = run(sarif(reports)).at("/results/0/locations/0");

    assertThat(location.at("/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("app/src/test/java/com/acme/OrderTest.java");
    assertThat(location.at("/physicalLocation/region/startLine").asInt()).isEqualTo(18);
    assertThat(location.at("/logicalLocations/0/fullyQualifiedName").asText())
        .isEqualTo("com.acme.OrderTest.m");
    assertThat(GoldenFile.written(new Markdown(), reports))
        .contains("| <code>OrderTest.java:18</code> |");
  }

  private JsonNode place(LeakKind kind, String type, List<Path> roots) throws IOException {
    String sarif = GoldenFile.written(new Sarif(roots, checkout), one(kind, type));
    assertValid(sarif);
    return run(sarif).at("/results/0/locations/0/physicalLocation");
  }

  private static Reports one(LeakKind kind, String type) {
    return SampleReports.merged(
        Map.of(
            "a.jsonl",
            List.of(
                SampleReports.jvm(1), SampleReports.leak(kind, type, "m", 1, Verdict.NEW, null))));
  }

  private void source(String path) throws IOException {
    Path file = checkout.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  private String sarif(Reports reports) {
    return GoldenFile.written(new Sarif(List.of(), checkout), reports);
  }

  /** Pages have tests of their own. */
  private String withoutPages(String sarif) {
    String text = sarif.replace(checkout.toUri().toString(), "file:///checkout/");
    for (LeakKind kind : LeakKind.values()) {
      String page = new String(JsonStringEncoder.getInstance().quoteAsString(page(kind)));
      text = text.replace(page, "PAGE");
    }
    return text.replace("\"" + TextReport.version() + "\"", "\"VERSION\"");
  }

  private static JsonNode run(String sarif) throws IOException {
    return new ObjectMapper().readTree(sarif).at("/runs/0");
  }

  private static void assertValid(String sarif) {
    assertThat(schema.validate(sarif, InputFormat.JSON)).isEmpty();
  }
}
