package dev.leakcheck.wiring;

import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.hang.Hangs;
import dev.leakcheck.hang.LoudLog;
import dev.leakcheck.inspect.AllInspectors;
import dev.leakcheck.proof.heap.HeapProof;
import dev.leakcheck.proof.heap.HeapProver;
import dev.leakcheck.proof.virtual.VirtualProof;
import dev.leakcheck.proof.virtual.VirtualProver;
import dev.leakcheck.recorder.JvmReport;
import org.jspecify.annotations.Nullable;

/** What there is one of in a JVM. Thread-safe. */
public final class ThisJvm {

  private static final HeapDumper HEAP = new HeapDumper();
  private static final Engine ENGINE =
      new Engine(
          new ThreadDumper(),
          AllInspectors.list(),
          new VirtualProver(new VirtualProof(HEAP)).and(new HeapProver(new HeapProof(HEAP))),
          LoudLog::lost);
  private static final Hangs HANGS = new Hangs(ENGINE);
  private static final JvmReport.Watched REPORTED = new ReportedJvm(ENGINE);

  private ThisJvm() {}

  /** Opens and checks scopes. */
  public static Engine engine() {
    return ENGINE;
  }

  /** Looks at what hangs. */
  public static Hangs hangs() {
    return HANGS;
  }

  /**
   * The report in a directory.
   *
   * @param key the key of the setting that names the directory, for messages
   * @param directory as it was given, or null for the build tool's own place
   * @throws IllegalArgumentException if the directory is a file
   */
  public static JvmReport report(String key, @Nullable String directory) {
    return JvmReport.of(key, directory, REPORTED);
  }
}
