package dev.leakcheck.cli;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * A page in Markdown as text for a terminal: wrapped, code indented, and headings bold and code in
 * colour where the terminal knows ANSI. Knows what the pages of kinds and of the guide are made of.
 */
final class TerminalPage extends AbstractVisitor {

  private static final String CODE_INDENT = "    ";
  private static final String BULLET = "  - ";
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  private final int width;
  private final boolean ansi;
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private int lineLength;
  private int wordLength;
  private String indent = "";
  private boolean underHeading;

  private TerminalPage(int width, boolean ansi) {
    this.width = width;
    this.ansi = ansi;
  }

  /** The page's lines, none longer than the width but those of code and of a single word. */
  static List<String> lines(String markdown, int width, Ansi ansi) {
    TerminalPage page = new TerminalPage(width, ansi.enabled());
    PARSER.parse(markdown).accept(page);
    return page.lines;
  }

  @Override
  public void visit(Heading heading) {
    paragraph(heading, Style.bold);
    underHeading = true;
  }

  @Override
  public void visit(Paragraph paragraph) {
    paragraph(paragraph);
  }

  private void paragraph(Node node, Style... styles) {
    blank();
    inline(node, styles);
    endLine();
  }

  @Override
  public void visit(BulletList list) {
    blank();
    visitChildren(list);
  }

  @Override
  public void visit(ListItem item) {
    line.append(BULLET);
    lineLength = BULLET.length();
    indent = " ".repeat(BULLET.length());
    for (Node part = item.getFirstChild(); part != null; part = part.getNext()) {
      inline(part);
    }
    endLine();
    indent = "";
  }

  @Override
  public void visit(FencedCodeBlock code) {
    blank();
    code.getLiteral()
        .lines()
        .forEach(text -> lines.add(styled((CODE_INDENT + text).stripTrailing(), Style.fg_cyan)));
  }

  @Override
  public void visit(CustomBlock block) {
    blank();
    lines.addAll(new TerminalTable((TableBlock) block, this::cell).lines(width));
  }

  private List<String> cell(TableCell cell, int cellWidth) {
    TerminalPage text = new TerminalPage(cellWidth, ansi);
    text.inline(cell, cell.isHeader() ? new Style[] {Style.bold} : new Style[0]);
    text.endLine();
    return text.lines;
  }

  @Override
  public void visit(Text text) {
    words(text.getLiteral());
  }

  @Override
  public void visit(SoftLineBreak lineBreak) {
    words(" ");
  }

  @Override
  public void visit(HardLineBreak lineBreak) {
    endLine();
  }

  /** Where there is no colour the page's own quotes tell code from text. */
  @Override
  public void visit(Code code) {
    words(ansi ? code.getLiteral() : "`" + code.getLiteral() + "`", Style.fg_cyan);
  }

  @Override
  public void visit(Emphasis emphasis) {
    inline(emphasis, Style.italic);
  }

  @Override
  public void visit(StrongEmphasis emphasis) {
    inline(emphasis, Style.bold);
  }

  private void inline(Node node, Style... styles) {
    for (Node part = node.getFirstChild(); part != null; part = part.getNext()) {
      if (part instanceof Text text) {
        words(text.getLiteral(), styles);
      } else {
        part.accept(this);
      }
    }
  }

  private void words(String text, Style... styles) {
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == ' ') {
        word.append(styled(text.substring(start, i), styles));
        wordLength += i - start;
        start = i + 1;
        if (i < text.length()) {
          endWord();
        }
      }
    }
  }

  private String styled(String text, Style... styles) {
    return ansi && styles.length > 0 && !text.isEmpty()
        ? Style.on(styles) + text + Style.reset.on()
        : text;
  }

  private void endWord() {
    if (wordLength == 0) {
      return;
    }
    boolean first = lineLength <= indent.length();
    if (!first && lineLength + 1 + wordLength > width) {
      lines.add(line.toString());
      line.setLength(0);
      line.append(indent);
      lineLength = indent.length();
      first = true;
    }
    line.append(first ? "" : " ").append(word);
    lineLength += wordLength + (first ? 0 : 1);
    word.setLength(0);
    wordLength = 0;
  }

  private void endLine() {
    endWord();
    if (lineLength > 0) {
      lines.add(line.toString());
    }
    line.setLength(0);
    lineLength = 0;
  }

  /** Before all but what stands right under its heading. */
  private void blank() {
    if (underHeading) {
      underHeading = false;
    } else if (!lines.isEmpty()) {
      lines.add("");
    }
  }
}
