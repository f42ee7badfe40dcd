package dev.leakcheck.cli.html;

import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.model.Kind;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** The pages of the kinds that were found, each in a {@code template} element. */
final class KindPages {

  private KindPages() {}

  static void write(List<Group> groups, Writer out) throws IOException {
    Parser parser = Parser.builder().build();
    HtmlRenderer renderer = HtmlRenderer.builder().escapeHtml(true).sanitizeUrls(true).build();
    Set<Kind> kinds = new TreeSet<>(Kind.ORDER);
    groups.forEach(group -> kinds.add(group.kind()));
    for (Kind kind : kinds) {
      Node page = parser.parse(kind.page());
      fitBelowFinding(page);
      out.write("<template id=\"page-" + kind.id() + "\">\n");
      renderer.render(page, out);
      out.write("</template>\n");
    }
  }

  /** Without its title, which the finding shows; its sections are one level further down. */
  private static void fitBelowFinding(Node page) {
    Node node = page.getFirstChild();
    while (node != null) {
      Node next = node.getNext();
      if (node instanceof Heading heading) {
        if (heading.getLevel() == 1) {
          heading.unlink();
        } else {
          heading.setLevel(heading.getLevel() + 1);
        }
      }
      node = next;
    }
  }
}
