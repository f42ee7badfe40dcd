package dev.leakcheck.integration;

import dev.leakcheck.capture.threads.ThreadCounter;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.Lingering;
import dev.leakcheck.hang.LoudLog;
import dev.leakcheck.model.Printable;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Lingers;
import dev.leakcheck.wiring.ThisJvm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells, when all tests have run, what keeps this JVM from ending. Thread-safe. */
final class EndOfTests {

  private static final int SHOWN = 5;

  /** No thread that is older was made by a test. */
  private final long after = ThreadCounter.jvm().read().lastId();

  private final long begun = JvmReport.begun();

  /** Tells it, unless nobody checked any test. */
  void tell() {
    if (JvmReport.begun() == begun) {
      return;
    }
    Engine engine = ThisJvm.engine();
    List<Lingering> threads = Lingering.threads(engine, after);
    Instant now = Instant.now();
    List<ReportEntry.Lingering> entries = new ArrayList<>();
    threads.forEach(thread -> entries.add(entry(now, Lingers.THREAD, thread)));
    Lingering.hooks(engine).forEach(hook -> entries.add(entry(now, Lingers.HOOK, hook)));
    JvmReport.lingering(entries);
    if (!threads.isEmpty()) {
      LoudLog.print(text(threads));
    }
  }

  private static ReportEntry.Lingering entry(Instant now, Lingers what, Lingering lingering) {
    return new ReportEntry.Lingering(now, what, lingering.name(), lingering.made());
  }

  static String text(List<Lingering> threads) {
    return "LeakCheck: this JVM does not end before "
        + (threads.size() == 1 ? "a thread does" : threads.size() + " threads do")
        + ", unless somebody calls System.exit, or ends "
        + (threads.size() == 1 ? "it" : "them")
        + " after the tests: "
        + threads.stream().limit(SHOWN).map(EndOfTests::words).collect(Collectors.joining(", "))
        + (threads.size() > SHOWN ? " and " + (threads.size() - SHOWN) + " more" : "");
  }

  private static String words(Lingering thread) {
    return "\""
        + Printable.name(thread.name())
        + "\""
        + (thread.made() == null ? "" : " (made " + thread.made() + ")");
  }
}
