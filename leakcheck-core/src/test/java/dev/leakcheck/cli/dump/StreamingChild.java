package dev.leakcheck.cli.dump;

import dev.leakcheck.cli.base.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/** Reads dumps that are larger than its heap. */
final class StreamingChild {

  private StreamingChild() {}

  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[1]);
    if (args[0].equals("line")) {
      try (InputStream in = EndlessDump.line(threads)) {
        DumpFile.read(in, "it", false, Instant.EPOCH);
      } catch (BadInput e) {
        System.out.println("refused " + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
      }
      return;
    }
    try (EndlessDump in =
        args[0].equals("json") ? EndlessDump.json(threads) : EndlessDump.print(threads)) {
      Dump dump = DumpFile.read(in, "it", false, Instant.EPOCH);
      System.out.println(
          dump.population().threads()
              + " threads, largest group "
              + dump.population().cohorts().get(0).count()
              + ", "
              + (in.bytes() >= 300_000_000 ? "300 MB or more" : "only " + in.bytes()));
    }
  }
}
