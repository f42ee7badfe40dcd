package dev.leakcheck.cli.html;

import dev.leakcheck.cli.reports.Reports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The reports of a run as one HTML file, which loads nothing: style, scripts and data are in it.
 *
 * <p>Thread names and messages are whatever the tested code made them, so nothing of the data is
 * ever markup. It is in the page as JSON that can't end its element, the page's script makes text
 * nodes of it, and the page's policy lets no other script or style run: they are known by their
 * hashes.
 */
public final class HtmlReport {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

  /** One script of the page, in this order. */
  private static final List<String> SCRIPTS =
      List.of("dom.js", "findings.js", "timeline.js", "flame.js", "waits.js", "report.js");

  private final Reports reports;
  private final Summary summary;
  private final String style = resource("report.css");
  private final String library =
      "/*\n" + resource("d3-hierarchy/LICENSE") + "*/\n" + resource("d3-hierarchy/d3-hierarchy.js");
  private final String script =
      SCRIPTS.stream().map(HtmlReport::resource).collect(Collectors.joining("\n"));

  private HtmlReport(Reports reports) {
    this.reports = reports;
    this.summary = Summary.of(reports);
  }

  /**
   * Writes the page.
   *
   * @param reports what to show
   * @param out where to, in UTF-8; not closed
   * @throws IOException if it can't be written
   */
  public static void write(Reports reports, Writer out) throws IOException {
    new HtmlReport(reports).write(out);
  }

  private void write(Writer out) throws IOException {
    String page = resource("report.html");
    Matcher placeholder = PLACEHOLDER.matcher(page);
    int written = 0;
    while (placeholder.find()) {
      out.append(page, written, placeholder.start());
      fill(placeholder.group(1), out);
      written = placeholder.end();
    }
    out.append(page, written, page.length());
  }

  private void fill(String name, Writer out) throws IOException {
    switch (name) {
      case "policy" -> out.write(policy());
      case "title" -> out.write(Text.markup("LeakCheck: " + summary.verdict()));
      case "style" -> out.write(style);
      case "library" -> out.write(library);
      case "script" -> out.write(script);
      case "plain" -> PlainRows.write(reports, summary, out);
      case "kinds" -> KindPages.write(reports.groups(), out);
      case "data" -> PageJson.write(reports, summary, out);
      default -> throw new IllegalStateException("nothing to put for {{" + name + "}}");
    }
  }

  /** Nothing may be loaded, sent, framed or run but what is in the page. */
  private String policy() {
    return "default-src 'none'; script-src "
        + hash(library)
        + " "
        + hash(script)
        + "; style-src "
        + hash(style)
        + "; base-uri 'none'; form-action 'none'"
        // The scripts, too, can't make markup of text.
        + "; require-trusted-types-for 'script'; trusted-types 'none'";
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** With the line ends that a browser makes of it, or the hash would be of something else. */
  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
