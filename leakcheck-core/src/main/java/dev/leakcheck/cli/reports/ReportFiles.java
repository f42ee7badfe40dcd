package dev.leakcheck.cli.reports;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.FilesBelow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where reports are.
 *
 * @param files each file once, in an order that does not depend on the file system
 * @param without the directories that have no report
 */
record ReportFiles(List<Path> files, List<Path> without) {

  private static final String PREFIX = "leakcheck-";
  private static final String SUFFIX = ".jsonl";

  /**
   * Finds them.
   *
   * @throws BadInput if there is none, or something can't be looked at
   */
  static ReportFiles in(List<Path> places) {
    Map<Path, Path> byRealPath = new TreeMap<>(); // links may lead to one file twice
    List<Path> without = new ArrayList<>();
    for (Path place : places) {
      try {
        List<Path> found = Files.isDirectory(place) ? below(place) : List.of(place);
        if (found.isEmpty()) {
          without.add(place);
        }
        for (Path file : found) {
          byRealPath.putIfAbsent(Files.isRegularFile(file) ? file.toRealPath() : file, file);
        }
      } catch (IOException e) {
        throw ReportReader.unreadable(place, e);
      }
    }
    if (byRealPath.isEmpty()) {
      throw new BadInput(
          "no report ("
              + PREFIX
              + "*"
              + SUFFIX
              + ") is in "
              + without.stream().map(ReportReader::name).collect(Collectors.joining(", ")));
    }
    return new ReportFiles(
        byRealPath.values().stream().sorted().toList(), without.stream().distinct().toList());
  }

  private static List<Path> below(Path directory) throws IOException {
    return FilesBelow.find(
        directory,
        ReportFiles::isReport,
        (file, e) -> {
          throw ReportReader.unreadable(file, e); // there may be reports in it
        });
  }

  private static boolean isReport(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }
}
