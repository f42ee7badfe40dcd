package dev.leakcheck.cli.reports;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Kind;
import dev.leakcheck.report.ReportEntry.Leak;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A leak like another, but for what is said of it. Not thread-safe. */
public final class LeakCopy {

  private final Leak original;
  private String fingerprint;
  private @Nullable String plainFingerprint;
  private Kind kind;
  private String title;
  private List<Fact> facts;
  private List<StackTraceElement> created;
  private @Nullable StackTraceElement creator;

  public LeakCopy(Leak original) {
    this.original = original;
    this.fingerprint = original.fingerprint();
    this.plainFingerprint = original.plainFingerprint();
    this.kind = original.kind();
    this.title = original.title();
    this.facts = original.facts();
    this.created = original.created();
    this.creator = original.creator();
  }

  public LeakCopy fingerprint(String value) {
    fingerprint = value;
    return this;
  }

  public LeakCopy plainFingerprint(@Nullable String value) {
    plainFingerprint = value;
    return this;
  }

  public LeakCopy kind(Kind value) {
    kind = value;
    return this;
  }

  public LeakCopy title(String value) {
    title = value;
    return this;
  }

  public LeakCopy facts(List<Fact> value) {
    facts = value;
    return this;
  }

  public LeakCopy created(List<StackTraceElement> value) {
    created = value;
    return this;
  }

  public LeakCopy creator(StackTraceElement value) {
    creator = value;
    return this;
  }

  public Leak leak() {
    return new Leak(
        original.at(),
        original.scope(),
        original.level(),
        original.type(),
        original.method(),
        fingerprint,
        kind,
        title,
        original.verdict(),
        original.reason(),
        facts,
        original.fix(),
        original.message(),
        created,
        creator,
        original.threads(),
        original.threadCount(),
        plainFingerprint,
        original.stopped());
  }
}
