package dev.leakcheck.cli.watch;

import dev.leakcheck.cli.base.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Runs a watch with what it writes to. */
public final class WatchRun {

  private WatchRun() {}

  /**
   * Watches to the end.
   *
   * @param options how
   * @param target the JVM
   * @param out where it is shown
   * @param file where each sample is written as JSON, or null
   * @return whether a limit was crossed
   * @throws BadInput if the JVM or the file refuses
   */
  public static boolean run(
      Watch.Options options, Watch.Target target, PrintWriter out, @Nullable Path file) {
    try (Stoppable stop = new Stoppable();
        WatchJson json =
            file == null
                ? null
                : new WatchJson(
                    Files.newBufferedWriter(file, StandardCharsets.UTF_8), target::origins)) {
      return new Watch(options, target, out, json, stop, System::nanoTime).run();
    } catch (IOException e) {
      throw new BadInput(file + " can't be written: " + e.getMessage(), e);
    }
  }
}
