package dev.leakcheck.cli;

import dev.leakcheck.cli.base.StatusLine;
import dev.leakcheck.cli.dump.Progress;
import dev.leakcheck.cli.fleet.FleetReader;
import dev.leakcheck.cli.fleet.FleetReader.Summary;
import dev.leakcheck.cli.fleet.Layout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Where a command finds what a fleet has left, and how it reads it. */
final class FleetPlaces {

  @Parameters(
      paramLabel = "DIR",
      arity = "0..*",
      description =
          "directories that are searched, with all below them, for thread dumps, what watch --json"
              + " wrote, and reports; or such files; zipped or not")
  private List<Path> places = List.of();

  @Option(
      names = "--layout",
      paramLabel = "LEVELS",
      description =
          "what the directories below DIR are, from the top: service, instance, version, or - for"
              + " anything (default: service/instance, or instance with --service)")
  private @Nullable String layout;

  @Option(names = "--service", paramLabel = "NAME", description = "the service of all files")
  private @Nullable String service;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      converter = Zone.class,
      description =
          "the time zone of dumps that tell none, as jstack's do (default: ${DEFAULT-VALUE})")
  private ZoneId zone = ZoneId.of("UTC");

  @Mixin private DumpReading dumps = new DumpReading();

  /** Such as Europe/Vienna. */
  static final class Zone implements ITypeConverter<ZoneId> {
    @Override
    public ZoneId convert(String value) {
      try {
        return ZoneId.of(value);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + value + "' is not a time zone such as UTC or Europe/Vienna");
      }
    }
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /**
   * Writes all as rows, and tells of what can't be read.
   *
   * @param leftOut a file that is not to be read, as it is written; or null
   * @param err where to tell
   * @param out where to write
   */
  Summary read(@Nullable Path leftOut, PrintWriter err, Writer out) throws IOException {
    Summary summary =
        FleetReader.read(
            new FleetReader.Options(places, Layout.of(layout, service), dumps.partial(), zone),
            leftOut,
            Progress.isTerminal() ? new StatusLine(err) : null,
            out);
    summary.notes().forEach(note -> err.println("note: " + note));
    summary.unread().forEach(why -> err.println("not read: " + why));
    if (!summary.unread().isEmpty()) {
      err.println(
          "leakcheck: "
              + summary.unread().size()
              + " of "
              + summary.files()
              + " files could not be read: what they hold is missing");
    }
    return summary;
  }
}
