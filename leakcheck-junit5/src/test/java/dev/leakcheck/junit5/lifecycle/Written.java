package dev.leakcheck.junit5.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a report says, shortly; read without a library, as some runs of the tests have none. */
final class Written {

  private static final Pattern ENTRY = Pattern.compile("^\\{\"entry\":\"(check|leak)\"");

  private Written() {}

  /** Such as {@code check method OrderServiceTest placesOrder 1 0} and {@code leak …}. */
  static List<String> in(Path directory) {
    return lines(directory).stream()
        .filter(line -> ENTRY.matcher(line).find())
        .map(
            line ->
                line.startsWith("{\"entry\":\"check\"")
                    ? place("check", line)
                        + " "
                        + member("failing", line)
                        + " "
                        + member("accepted", line)
                    : place("leak", line)
                        + " "
                        + member("kind", line)
                        + " "
                        + member("verdict", line))
        .toList();
  }

  private static String place(String entry, String line) {
    String type = member("type", line.replaceFirst(",\"fingerprint\".*", ""));
    return entry
        + " "
        + member("level", line)
        + (type.isEmpty() ? "" : " " + type.substring(type.lastIndexOf('$') + 1))
        + (member("method", line.replaceFirst(",\"fingerprint\".*", "")) + " ")
            .replaceFirst("^(?=.)", " ")
            .stripTrailing();
  }

  static List<String> lines(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      return all.isEmpty() ? List.of() : Files.readAllLines(all.get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String member(String name, String line) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(line);
    return matcher.find() ? matcher.group(1) : "";
  }
}
