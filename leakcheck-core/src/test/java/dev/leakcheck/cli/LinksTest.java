package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README, the guide and the pages of kinds, as they lie in a checkout and link each other. */
class LinksTest {

  private static final int README_BYTES = 12 * 1024;

  /** Tests run in the directory of their module. */
  private static final Path CHECKOUT = Path.of("").toAbsolutePath().getParent();

  private static final Path README = CHECKOUT.resolve("README.md");
  private static final Path RESOURCES =
      CHECKOUT.resolve(Path.of("leakcheck-core", "src", "main", "resources", "dev", "leakcheck"));

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    for (String folder : List.of("guide", "kinds")) {
      try (Stream<Path> files = Files.list(RESOURCES.resolve(folder))) {
        pages.addAll(files.sorted().toList());
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) {
    Contents contents = Contents.of(page);

    assertThat(contents.brokenReferences).isEmpty();
    assertThat(contents.links)
        .allSatisfy(
            link -> {
              Path target = target(page, link);
              assertThat(target).exists();
              if (link.contains("#")) {
                assertThat(Contents.of(target).anchors)
                    .contains(link.substring(link.indexOf('#') + 1));
              }
            });
  }

  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    Set<Path> reached = new HashSet<>(Set.of(README));
    Deque<Path> toRead = new ArrayDeque<>(reached);
    while (!toRead.isEmpty()) {
      Path page = toRead.remove();
      for (String link : Contents.of(page).links) {
        Path target = target(page, link);
        if (target.toString().endsWith(".md") && reached.add(target)) {
          toRead.add(target);
        }
      }
    }
    assertThat(reached).containsAll(pages());
  }

  @Test
  void readmeIsReadInTenMinutes() throws IOException {
    assertThat(Files.size(README)).isLessThanOrEqualTo(README_BYTES);
  }

  private static Path target(Path page, String link) {
    String file = link.replaceFirst("#.*", "");
    return file.isEmpty() ? page : page.resolveSibling(file).normalize();
  }

  /** What of a page others link to, and what it links to in the checkout. */
  private static final class Contents extends AbstractVisitor {

    private static final Parser PARSER =
        Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private final List<String> links = new ArrayList<>();
    private final List<String> brokenReferences = new ArrayList<>();
    private final Set<String> anchors = new HashSet<>();

    static Contents of(Path page) {
      Contents contents = new Contents();
      try {
        PARSER.parse(Files.readString(page)).accept(contents);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return contents;
    }

    @Override
    public void visit(Link link) {
      if (!link.getDestination().contains("://")) {
        links.add(link.getDestination());
      }
      visitChildren(link);
    }

    /** A reference that is not defined is text. */
    @Override
    public void visit(Text text) {
      if (text.getLiteral().contains("][")) {
        brokenReferences.add(text.getLiteral());
      }
    }

    /** As GitHub makes an anchor of a heading. */
    @Override
    public void visit(Heading heading) {
      StringBuilder title = new StringBuilder();
      heading.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Text text) {
              title.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
              title.append(code.getLiteral());
            }
          });
      anchors.add(
          title
              .toString()
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
      visitChildren(heading);
    }
  }
}
