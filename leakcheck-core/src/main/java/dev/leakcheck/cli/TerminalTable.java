package dev.leakcheck.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableCell.Alignment;
import org.commonmark.node.Node;

/**
 * A table as text for a terminal: in columns if they fit, of which the last may be wrapped; else a
 * paragraph for each row.
 */
final class TerminalTable {

  /** What a cell says, in lines of a width at the most. */
  interface CellText {
    List<String> lines(TableCell cell, int width);
  }

  private static final String GAP = "  ";
  private static final String INDENT = "    ";
  private static final int NARROWEST_TEXT = 30;
  private static final Pattern ANSI = Pattern.compile("\u001b\\[[0-9;]*m");

  private final CellText text;
  private final List<TableCell> head;
  private final List<List<TableCell>> body;

  TerminalTable(TableBlock table, CellText text) {
    this.text = text;
    List<List<TableCell>> rows = new ArrayList<>();
    for (Node part = table.getFirstChild(); part != null; part = part.getNext()) {
      for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
        rows.add(cells(row));
      }
    }
    head = rows.get(0);
    body = rows.subList(1, rows.size());
  }

  private static List<TableCell> cells(Node row) {
    List<TableCell> cells = new ArrayList<>();
    for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNext()) {
      cells.add((TableCell) cell);
    }
    return cells;
  }

  List<String> lines(int width) {
    int[] widths = columns(width);
    return widths.length == 0 ? paragraphs(width) : aligned(widths);
  }

  /** How wide each column is, or none if they don't fit: better a high head than a wrapped text. */
  private int[] columns(int width) {
    int[] flat = natural(Integer.MAX_VALUE);
    int[] highHead = natural(1);
    for (int[] widths : List.of(flat, highHead)) {
      if (room(widths, width) >= 0) {
        return widths;
      }
    }
    int last = head.size() - 1;
    int least = Math.max(NARROWEST_TEXT, widest(last, 1));
    for (int[] widths : List.of(flat, highHead)) {
      widths[last] += room(widths, width);
      if (widths[last] >= least) {
        return widths;
      }
    }
    return new int[0];
  }

  /** As wide as the body needs it without wrapping, and the head with lines of that width. */
  private int[] natural(int headWidth) {
    int[] widths = new int[head.size()];
    for (int i = 0; i < widths.length; i++) {
      int ofHead = widest(text.lines(head.get(i), headWidth));
      widths[i] = Math.max(ofHead, widest(i, Integer.MAX_VALUE));
    }
    return widths;
  }

  /** The widest line of a column's body. */
  private int widest(int column, int width) {
    return body.stream()
        .mapToInt(row -> widest(text.lines(row.get(column), width)))
        .max()
        .orElse(0);
  }

  private static int room(int[] widths, int width) {
    return width - Arrays.stream(widths).sum() - GAP.length() * (widths.length - 1);
  }

  private List<String> aligned(int[] widths) {
    List<String> lines = new ArrayList<>();
    if (!isBlank(head)) {
      row(head, widths, lines);
    }
    body.forEach(row -> row(row, widths, lines));
    return lines;
  }

  private void row(List<TableCell> row, int[] widths, List<String> lines) {
    List<List<String>> cells = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < row.size(); i++) {
      cells.add(text.lines(row.get(i), widths[i]));
      height = Math.max(height, cells.get(i).size());
    }
    for (int y = 0; y < height; y++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        List<String> cell = cells.get(i);
        String part = y < cell.size() ? cell.get(y) : "";
        String padding = " ".repeat(Math.max(0, widths[i] - length(part)));
        line.append(i == 0 ? "" : GAP)
            .append(isRight(head.get(i)) ? padding + part : part + padding);
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  private List<String> paragraphs(int width) {
    List<String> lines = new ArrayList<>();
    if (head.size() == 2) {
      paragraph(head, width, lines);
    } else {
      lines.addAll(text.lines(head.get(0), width)); // the other names are said in each row
    }
    body.forEach(row -> paragraph(row, width, lines));
    return lines;
  }

  /** The first cell, and under it the others, by name if there are several. */
  private void paragraph(List<TableCell> row, int width, List<String> lines) {
    lines.addAll(text.lines(row.get(0), width));
    for (int i = 1; i < row.size(); i++) {
      List<String> cell = text.lines(row.get(i), width - INDENT.length());
      String name = row.size() == 2 ? "" : String.join(" ", text.lines(head.get(i), width));
      if (name.isEmpty() || cell.isEmpty()) {
        cell.forEach(line -> lines.add(INDENT + line));
      } else if (cell.size() == 1
          && length(name) + length(cell.get(0)) + INDENT.length() + 2 <= width) {
        lines.add(INDENT + name + ": " + cell.get(0));
      } else {
        text.lines(head.get(i), width - INDENT.length()).forEach(line -> lines.add(INDENT + line));
        text.lines(row.get(i), width - 2 * INDENT.length())
            .forEach(line -> lines.add(INDENT + INDENT + line));
      }
    }
  }

  private boolean isBlank(List<TableCell> row) {
    return row.stream().allMatch(cell -> cell.getFirstChild() == null);
  }

  private static boolean isRight(TableCell cell) {
    return cell.getAlignment() == Alignment.RIGHT;
  }

  private static int widest(List<String> lines) {
    return lines.stream().mapToInt(TerminalTable::length).max().orElse(0);
  }

  /** As many columns as it takes on a terminal. */
  private static int length(String line) {
    return ANSI.matcher(line).replaceAll("").length();
  }
}
