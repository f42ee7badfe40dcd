package dev.leakcheck.cli.fleet;

import dev.leakcheck.capture.dump.StackParser;
import dev.leakcheck.cli.reports.SampleReader;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The rows of what a watch wrote: each sample is a capture. They are read as they are written, as a
 * watch may have run for days.
 */
record WatchRows(FleetFile file) implements Rows {

  @Override
  public List<String> write(RowWriter out, Set<String> seen) throws IOException {
    StackParser stacks = new StackParser();
    int[] number = new int[1];
    String note =
        SampleReader.read(
            file.path(),
            sample -> {
              number[0]++;
              Capture capture =
                  new Capture(
                      file.name() + "#" + number[0],
                      Capture.Source.WATCH,
                      file.origin(),
                      sample.at(),
                      null);
              out.look(capture, false, sample.platform(), false);
              out.look(capture, true, sample.virtual(), false);
              for (SampleReader.Group group : sample.groups()) {
                out.group(
                    capture,
                    new Group(
                        group.virtual(),
                        group.threads(),
                        Printable.escape(group.fingerprint()),
                        null,
                        Printable.name(group.names()),
                        null,
                        Printable.escape(group.activity()),
                        stacks.stack(group.stack()),
                        Math.max(0, Duration.between(group.since(), sample.at()).toMillis()),
                        null));
              }
            });
    return note == null ? List.of() : List.of(note);
  }
}
