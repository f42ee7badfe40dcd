package dev.leakcheck.engine.tier;

import dev.leakcheck.agent.Attach;
import dev.leakcheck.capture.base.Initialized;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.ScopeOptions;
import dev.leakcheck.engine.scope.ScopeOptions.AgentUse;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.model.Coverage;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tier of this JVM. That is done when the first scope is opened and does not change, so
 * that all scopes are told by the same means. Thread-safe.
 *
 * <p>An agent that records all threads and executors tells what is new {@linkplain ByBirth by
 * birth}. With one that records less, and without one, that is told {@linkplain ByCount by count}.
 * What else an agent records, such as queues or locks, is {@linkplain Born asked for} on either
 * tier: of a partial agent there is as much as it recorded, of none there is nothing.
 */
public final class Tiers {

  private final Shared shared;
  private final Births births;
  private final ByCount byCount;
  private final ByBirth byBirth;
  private volatile @Nullable Decision decision;

  private record Decision(boolean records, boolean exact, Coverage coverage) {}

  /** Of the JVM that scopes look at. */
  public Tiers(Shared shared) {
    this.shared = shared;
    this.births = shared.births();
    this.byCount = new ByCount(shared, this::coverage);
    this.byBirth = new ByBirth(shared, this::coverage);
  }

  /** The tier of this JVM. */
  public Tier tier() {
    Decision made = decision;
    return (made == null ? recordsAll() : made.exact) ? byBirth : byCount;
  }

  /** Whether an agent records anything; what it does not is said in the coverage. */
  public boolean records() {
    Decision made = decision;
    return made == null ? recordsAny() : made.records;
  }

  /** Decides, as the first scope's settings say; later calls do nothing. */
  public void decide(AgentUse wanted) {
    if (decision == null) {
      synchronized (this) {
        if (decision == null) {
          decision = decision(wanted);
        }
      }
    }
  }

  private Decision decision(AgentUse wanted) {
    Coverage coverage = ofStatics(Initialized.isTold());
    if (wanted == AgentUse.OFF) {
      return new Decision(false, false, coverage);
    }
    if (wanted == AgentUse.ATTACH) {
      try {
        Attach.toThisJvm();
      } catch (Attach.RefusedException | RuntimeException | LinkageError e) {
        coverage =
            coverage.and(Coverage.limitedBy(Coverage.Limit.AGENT, String.valueOf(e.getMessage())));
      }
    }
    for (String refusal : births.refusals()) {
      coverage = coverage.and(Coverage.limitedBy(Coverage.Limit.AGENT, refusal));
    }
    return new Decision(recordsAny(), recordsAll(), coverage);
  }

  /** To read a static field may initialise its class, which is for nobody but its user to do. */
  static Coverage ofStatics(boolean told) {
    return told
        ? Coverage.FULL
        : Coverage.limitedBy(
            Coverage.Limit.FIELDS_UNREAD,
            "static fields were not read: this JVM does not tell which classes are initialised");
  }

  /** What the agent could not record. */
  private Coverage coverage() {
    Decision made = decision;
    return made == null ? Coverage.FULL : made.coverage;
  }

  private boolean recordsAny() {
    for (Part part : Part.values()) {
      if (births.records(part)) {
        return true;
      }
    }
    return false;
  }

  private boolean recordsAll() {
    return births.records(Part.THREADS)
        && births.records(Part.EXECUTORS)
        && (!Jdk.HAS_CONTAINERS || births.records(Part.VIRTUAL_THREADS));
  }

  /** A record of what the current thread makes from now on, or null if nothing is recorded. */
  public @Nullable BirthScope record(ScopeOptions options) {
    if (!records()) {
      return null;
    }
    Scope around = options.parent();
    return options.isByEntry()
        ? births.openByEntry(options.name(), around == null ? null : around.births())
        : births.open(options.name());
  }

  /** A record of whatever is made from now on, on any thread, or null if nothing is recorded. */
  public @Nullable BirthScope recordForAll(ScopeOptions options) {
    return records() ? births.openForAll(options.name()) : null;
  }

  /** What was recorded in a scope. */
  public Born born(Scope scope) {
    return new Born(shared.births(), shared.fieldsForAll(), scope);
  }
}
