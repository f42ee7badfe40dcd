package dev.leakcheck.engine.scope;

import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.recorder.JvmReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a scope is checked: what stands behind the options that users and test frameworks set.
 *
 * @param name as messages call the scope
 * @param settle how long a check waits at the most
 * @param allowances what the user accepts
 * @param parent the scope around it, or null
 * @param isBrief whether executors are not listed when it opens, as they were for one around it
 * @param isByEntry whether only code that enters the scope works for it
 * @param isUnattributed whether only what was made for several scopes at once is judged
 * @param isFollowed whether a scope around it is checked later and waits for what is ending
 * @param isAroundTests whether tests run in it whose {@linkplain TestTimes times} are told
 * @param agent whether an agent is used
 * @param others somebody else's objects; a {@code Class} stands for its static fields
 * @param closedLater objects that somebody closes after this scope is checked
 * @param proof whether threads of findings are put to a proof
 * @param isStopped whether what a check at the end of the scope finds is stopped
 * @param deadline when somebody looks at what hangs, or null for never
 * @param known leaks that the baseline accepts
 * @param report where checks are recorded
 */
public record ScopeOptions(
    String name,
    Duration settle,
    List<Allowance> allowances,
    @Nullable Scope parent,
    boolean isBrief,
    boolean isByEntry,
    boolean isUnattributed,
    boolean isFollowed,
    boolean isAroundTests,
    AgentUse agent,
    Supplier<? extends Collection<?>> others,
    Supplier<? extends Collection<?>> closedLater,
    ProofUse proof,
    boolean isStopped,
    @Nullable Duration deadline,
    KnownLeaks known,
    JvmReport report) {

  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);

  /** Whether an agent is used that records what is made. */
  public enum AgentUse {
    /** If the JVM was started with it. */
    AUTO,
    /** Loaded into the running JVM unless it was started with it. */
    ATTACH,
    /** Not even if the JVM was started with it. */
    OFF
  }

  public ScopeOptions {
    allowances = List.copyOf(allowances);
  }

  /** Options with nothing but these set. */
  public static ScopeOptions of(
      String name,
      Duration settle,
      AgentUse agent,
      ProofUse proof,
      KnownLeaks known,
      JvmReport report) {
    return new ScopeOptions(
        name, settle, List.of(), null, false, false, false, false, false, agent, List::of, List::of,
        proof, false, null, known, report);
  }

  /** A copy with a name. */
  public ScopeOptions named(String other) {
    Objects.requireNonNull(other, "name");
    return with(change -> change.name = other);
  }

  /**
   * A copy with a settle time.
   *
   * @throws IllegalArgumentException if it is negative or longer than an hour
   */
  public ScopeOptions settling(Duration time) {
    if (time.isNegative() || time.compareTo(LONGEST_SETTLE) > 0) {
      throw new IllegalArgumentException("settle must be between 0 and 1 hour, but is " + time);
    }
    return with(change -> change.settle = time);
  }

  /** A copy that accepts leaks, besides those that are accepted already. */
  public ScopeOptions allowing(Allowance allowance) {
    Objects.requireNonNull(allowance, "allowance");
    return with(change -> change.allow(List.of(allowance)));
  }

  /** A copy in which something is changed. */
  public ScopeOptions with(Consumer<Change> change) {
    Change changed = new Change(this);
    change.accept(changed);
    return changed.options();
  }

  /** The same name, settle time and allowances, for a scope that nobody else has to do with. */
  public ScopeOptions alone() {
    ScopeOptions alone = of(name, settle, agent, proof, known, report);
    return alone.with(change -> change.allow(allowances));
  }

  /** What a copy is made of. Used by one thread. */
  public static final class Change {
    public String name;
    public Duration settle;
    public @Nullable Scope parent;
    public boolean brief;
    public boolean byEntry;
    public boolean unattributed;
    public boolean followed;
    public boolean aroundTests;
    public Supplier<? extends Collection<?>> others;
    public Supplier<? extends Collection<?>> closedLater;
    public boolean stopped;
    public @Nullable Duration deadline;
    private List<Allowance> allowances;
    private final ScopeOptions from;

    private Change(ScopeOptions from) {
      this.from = from;
      this.name = from.name;
      this.settle = from.settle;
      this.allowances = from.allowances;
      this.parent = from.parent;
      this.brief = from.isBrief;
      this.byEntry = from.isByEntry;
      this.unattributed = from.isUnattributed;
      this.followed = from.isFollowed;
      this.aroundTests = from.isAroundTests;
      this.others = from.others;
      this.closedLater = from.closedLater;
      this.stopped = from.isStopped;
      this.deadline = from.deadline;
    }

    private void allow(List<Allowance> more) {
      allowances = new ArrayList<>(allowances);
      allowances.addAll(more);
    }

    private ScopeOptions options() {
      return new ScopeOptions(
          name,
          settle,
          allowances,
          parent,
          brief,
          byEntry,
          unattributed,
          followed,
          aroundTests,
          from.agent,
          others,
          closedLater,
          from.proof,
          stopped,
          deadline,
          from.known,
          from.report);
    }
  }
}
