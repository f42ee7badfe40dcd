package dev.leakcheck.engine.tier;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.agent.Attach;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.model.Coverage;
import org.jspecify.annotations.Nullable;

/**
 * Whether this JVM's scopes use an agent. That is decided when the first of them is opened and does
 * not change, so that all are told by the same means. Thread-safe.
 */
public final class Agency {

  private final Births births;
  private volatile @Nullable Decision decision;

  private record Decision(boolean used, boolean exact, Coverage coverage) {}

  public Agency(Births births) {
    this.births = births;
  }

  /** Decides, as the first scope's settings say; later calls do nothing. */
  public void decide(LeakCheckSettings.Agent wanted) {
    if (decision == null) {
      synchronized (this) {
        if (decision == null) {
          decision = decision(wanted);
        }
      }
    }
  }

  private Decision decision(LeakCheckSettings.Agent wanted) {
    if (wanted == LeakCheckSettings.Agent.OFF) {
      return new Decision(false, false, Coverage.FULL);
    }
    Coverage coverage = Coverage.FULL;
    if (wanted == LeakCheckSettings.Agent.ATTACH) {
      try {
        Attach.toThisJvm();
      } catch (Attach.RefusedException | RuntimeException | LinkageError e) {
        coverage = Coverage.limitedBy(Coverage.Limit.AGENT, String.valueOf(e.getMessage()));
      }
    }
    for (String refusal : births.refusals()) {
      coverage = coverage.and(Coverage.limitedBy(Coverage.Limit.AGENT, refusal));
    }
    return new Decision(recordsAny(), recordsAll(), coverage);
  }

  /** Whether anything is recorded. */
  public boolean isUsed() {
    Decision made = decision;
    return made == null ? recordsAny() : made.used;
  }

  /** Whether threads and executors are recorded, so that nothing has to be told by time. */
  public boolean isExact() {
    Decision made = decision;
    return made == null ? recordsAll() : made.exact;
  }

  /** What the agent could not record. */
  public Coverage coverage() {
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
}
