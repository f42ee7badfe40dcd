package dev.leakcheck.cli.reports;

import dev.leakcheck.model.Kind;
import dev.leakcheck.report.ReportEntry.Leak;

/** What the leaks of one group have in common. */
record Cause(Kind kind, String fingerprint) {

  static Cause of(Leak leak) {
    return new Cause(leak.kind(), leak.fingerprint());
  }
}
