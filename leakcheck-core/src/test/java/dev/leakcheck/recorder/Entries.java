package dev.leakcheck.recorder;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Entries to write. */
final class Entries {

  private static final Instant OPENED = Instant.parse("2026-11-21T10:15:30.007Z");
  private static final Instant CLOSED = Instant.parse("2026-11-21T10:15:31.120Z");
  private static final StackTraceElement FRAME =
      new StackTraceElement("com.acme.A", "a", "A.java", 12);

  static final ReportEntry.Jvm JVM =
      new ReportEntry.Jvm(
          "0123abcd-0000-4000-8000-000000000001",
          ReportEntry.SCHEMA,
          Instant.parse("2026-11-21T10:15:30Z"),
          4711,
          "2",
          "0.1.0",
          "25",
          "Linux",
          true,
          List.of("what no check sees"));

  static final ReportEntry.Check CODE_CHECK =
      new ReportEntry.Check(
          "this scope",
          Level.CODE,
          null,
          null,
          OPENED,
          CLOSED,
          Duration.ZERO,
          false,
          0,
          0,
          List.of("no virtual threads"),
          List.of("an executor made by an older thread"));

  static final ReportEntry.Lifetime LIFETIME =
      new ReportEntry.Lifetime(
          29, "price-poller-3", true, "f7f6587682d0dbf8", OPENED, CLOSED, false);

  static final ReportEntry.End END = new ReportEntry.End(CLOSED, 12);

  private Entries() {}

  static ReportEntry.Check check(String scope) {
    return new ReportEntry.Check(
        scope,
        Level.METHOD,
        "com.acme.OrderServiceTest",
        "placesOrder",
        OPENED,
        CLOSED,
        Duration.ofMillis(1050),
        true,
        1,
        0,
        List.of(),
        List.of());
  }

  static ThreadRecord thread(String name, List<StackTraceElement> stack) {
    return new ThreadRecord(
        29,
        name,
        false,
        true,
        Thread.State.TIMED_WAITING,
        "java.lang.Thread",
        "main",
        stack,
        new Blocker("java.lang.Object", 0xff00, 7L),
        "Pool@1");
  }

  static ReportEntry.Leak leak(String threadName) {
    return leak(thread(threadName, List.of(FRAME)));
  }

  static ReportEntry.Leak leak(ThreadRecord thread) {
    return new ReportEntry.Leak(
        CLOSED,
        "OrderServiceTest.placesOrder()",
        Level.METHOD,
        "com.acme.OrderServiceTest",
        "placesOrder",
        "f7f6587682d0dbf8",
        LeakKind.STRAY_THREAD,
        "a thread",
        ReportEntry.Verdict.ALLOWED,
        "vendor client",
        List.of(new Fact("why", List.of("one", "two"))),
        "stop it",
        "first\nsecond",
        List.of(
            FRAME,
            new StackTraceElement("com.acme.B", "b", null, -1),
            new StackTraceElement("com.acme.C", "c", null, -2)),
        FRAME,
        List.of(thread),
        300,
        "0000000000000001",
        ReportEntry.Stopped.ALIVE);
  }
}
