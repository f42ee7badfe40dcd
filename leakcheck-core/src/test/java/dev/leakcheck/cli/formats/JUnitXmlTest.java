package dev.leakcheck.cli.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.cli.reports.SampleReports;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

class JUnitXmlTest {

  private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  @Test
  void all_kinds_and_verdicts_are_written_whole() throws Exception {
    String xml = GoldenFile.written(new JUnitXml(), SampleReports.reports());

    assertValid(xml);
    GoldenFile.assertMatches("all.xml", xml);
  }

  @Test
  void no_leaks_are_cases_without_failures() throws Exception {
    String xml = GoldenFile.written(new JUnitXml(), SampleReports.clean());

    assertValid(xml);
    assertThat(xml)
        .isEqualTo(
            HEAD
                + """
                <testsuites name="LeakCheck" tests="3" failures="0" errors="0" time="0.600">
                  <testsuite name="com.acme.OrderTest" tests="2" failures="0" errors="0" time="0.400" skipped="0" timestamp="2026-03-01T10:00:01">
                    <testcase name="places()" classname="com.acme.OrderTest" time="0.200"/>
                    <testcase name="cancels()" classname="com.acme.OrderTest" time="0.200"/>
                  </testsuite>
                  <testsuite name="com.acme.PriceTest" tests="1" failures="0" errors="0" time="0.200" skipped="0" timestamp="2026-03-01T10:00:03">
                    <testcase name="polls()" classname="com.acme.PriceTest" time="0.200"/>
                  </testsuite>
                </testsuites>
                """);
  }

  @Test
  void hostile_names_are_text() throws Exception {
    String xml = GoldenFile.written(new JUnitXml(), SampleReports.hostile());

    assertValid(xml);
    GoldenFile.assertMatches("hostile.xml", xml);
  }

  @Test
  void a_leak_whose_check_was_not_written_is_a_case_of_its_own() throws Exception {
    String xml =
        GoldenFile.written(
            new JUnitXml(),
            SampleReports.merged(
                Map.of(
                    "a.jsonl",
                    List.of(
                        SampleReports.jvm(1),
                        SampleReports.leak(
                            LeakKind.GROWTH, "com.acme.OrderTest", "m", 1, Verdict.NEW, null)))));

    assertValid(xml);
    assertThat(xml).contains("tests=\"1\" failures=\"1\"").contains("<failure message=\"growth: ");
  }

  @Test
  void a_leak_belongs_to_that_repetition_of_a_test_which_it_was_found_in() throws Exception {
    String xml =
        GoldenFile.written(
            new JUnitXml(),
            SampleReports.merged(
                Map.of(
                    "a.jsonl",
                    List.of(
                        SampleReports.jvm(1),
                        SampleReports.check("com.acme.OrderTest", "m", 1, 0, 0),
                        SampleReports.leak(
                            LeakKind.GROWTH, "com.acme.OrderTest", "m", 5, Verdict.NEW, null),
                        SampleReports.check("com.acme.OrderTest", "m", 5, 1, 0),
                        SampleReports.check("com.acme.OrderTest", "m", 9, 0, 0)))));

    assertValid(xml);
    assertThat(xml.split("<testcase")[2]).contains("<failure");
    assertThat(xml.split("<testcase")[1]).doesNotContain("<failure");
    assertThat(xml.split("<testcase")[3]).doesNotContain("<failure");
  }

  /** Or the schema would accept whatever there is. */
  @Test
  void the_schema_finds_mistakes() {
    String xml = GoldenFile.written(new JUnitXml(), SampleReports.reports());

    assertThatThrownBy(() -> assertValid(xml.replace("classname", "class")))
        .isInstanceOf(SAXException.class);
    assertThatThrownBy(() -> assertValid(xml.replace("time=\"0.200\"", "time=\"0,200\"")))
        .isInstanceOf(SAXException.class);
  }

  private static void assertValid(String xml) throws Exception {
    Schema schema =
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
            .newSchema(JUnitXmlTest.class.getResource("junit.xsd"));
    schema.newValidator().validate(new StreamSource(new StringReader(xml)));
  }
}
