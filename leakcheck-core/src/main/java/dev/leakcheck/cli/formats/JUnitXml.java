package dev.leakcheck.cli.formats;

import dev.leakcheck.cli.formats.Cases.Case;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * JUnit XML as Ant began it and CI servers read it: a suite for each test class, a case for each
 * check, and a failure for each leak that fails it.
 */
public final class JUnitXml implements Format {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Writes JUnit XML. */
  public JUnitXml() {}

  @Override
  public void write(Reports reports, Writer out) throws IOException {
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
      Map<String, List<Case>> suites = Cases.byClass(reports);
      List<Case> all = suites.values().stream().flatMap(List::stream).toList();
      xml.writeStartDocument("UTF-8", "1.0");
      start(xml, 0, "testsuites", "LeakCheck", all);
      for (Map.Entry<String, List<Case>> suite : suites.entrySet()) {
        suite(suite.getKey(), suite.getValue(), xml);
      }
      line(xml, 0);
      xml.writeEndElement();
      line(xml, 0);
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
  }

  private static void suite(String name, List<Case> cases, XMLStreamWriter xml)
      throws XMLStreamException {
    start(xml, 1, "testsuite", name, cases);
    xml.writeAttribute("skipped", "0");
    attribute(
        xml, "timestamp", TIME.format(cases.get(0).opened())); // the first, as they are sorted
    for (Case test : cases) {
      test(name, test, xml);
    }
    line(xml, 1);
    xml.writeEndElement();
  }

  private static void start(
      XMLStreamWriter xml, int depth, String element, String name, Collection<Case> cases)
      throws XMLStreamException {
    line(xml, depth);
    xml.writeStartElement(element);
    attribute(xml, "name", name);
    attribute(xml, "tests", String.valueOf(cases.size()));
    attribute(xml, "failures", String.valueOf(cases.stream().filter(Case::isFailing).count()));
    attribute(xml, "errors", "0");
    attribute(
        xml, "time", seconds(cases.stream().map(Case::time).reduce(Duration.ZERO, Duration::plus)));
  }

  private static void test(String suite, Case test, XMLStreamWriter xml) throws XMLStreamException {
    line(xml, 2);
    boolean clean = test.leaks().isEmpty();
    if (clean) {
      xml.writeEmptyElement("testcase");
    } else {
      xml.writeStartElement("testcase");
    }
    attribute(xml, "name", test.name());
    attribute(xml, "classname", suite);
    attribute(xml, "time", seconds(test.time()));
    for (Leak leak : test.leaks()) {
      if (leak.isFailing()) {
        line(xml, 3);
        xml.writeStartElement("failure");
        attribute(xml, "message", leak.kind().id() + ": " + leak.title());
        attribute(xml, "type", leak.kind().id());
        xml.writeCharacters(text(leak));
        xml.writeEndElement();
      }
    }
    for (Leak leak : test.leaks()) {
      if (!leak.isFailing()) {
        line(xml, 3);
        xml.writeStartElement("system-out");
        xml.writeCharacters(text(leak));
        xml.writeEndElement();
      }
    }
    if (!clean) {
      line(xml, 2);
      xml.writeEndElement();
    }
  }

  private static String text(Leak leak) {
    String acceptance = Texts.acceptance(leak);
    return (acceptance.isEmpty() ? "" : acceptance + "\n\n") + Texts.message(leak);
  }

  /** Without control characters, which XML has no way to write. */
  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, Printable.escape(value));
  }

  private static void line(XMLStreamWriter xml, int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
  }
}
