package dev.leakcheck.engine;

import dev.leakcheck.capture.base.ClassInitializer;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.ScopeOptions;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.scope.TestTimes;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.Pause;
import dev.leakcheck.engine.tier.Tier;
import dev.leakcheck.engine.tier.Tiers;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Snapshot;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens scopes and puts them through the {@link Pipeline}. One per JVM. Thread-safe. */
public final class Engine {

  private final Shared shared;
  private final Tiers tiers;
  private final Inspectors inspectors;
  private final Reporting reporting;
  private final Pipeline pipeline;

  /**
   * An engine.
   *
   * @param dumper takes thread dumps
   * @param inspectors look for what is not simply left alive
   */
  public Engine(ThreadDumper dumper, List<Inspector> inspectors) {
    this(dumper, inspectors, Prover.NONE, (scope, failure) -> {});
  }

  /**
   * An engine that asks whether threads can ever be woken.
   *
   * @param dumper takes thread dumps
   * @param inspectors look for what is not simply left alive
   * @param prover is asked of what fails
   * @param lost is told which check came to no verdict, and why
   */
  public Engine(
      ThreadDumper dumper,
      List<Inspector> inspectors,
      Prover prover,
      BiConsumer<String, Throwable> lost) {
    this.shared = new Shared(dumper);
    this.tiers = new Tiers(shared);
    this.inspectors = new Inspectors(inspectors);
    this.reporting = new Reporting(shared, tiers);
    this.pipeline = new Pipeline(shared, this.inspectors, reporting, prover, lost);
  }

  /** Opens a scope on this thread. */
  public Scope open(ScopeOptions options) {
    tiers.decide(options.agent());
    return open(options, tiers.record(options));
  }

  /** Opens a scope for whatever is made from now on, on any thread. */
  public Scope openForAll(ScopeOptions options) {
    tiers.decide(options.agent());
    return open(options, tiers.recordForAll(options));
  }

  private Scope open(ScopeOptions options, @Nullable BirthScope record) {
    if (!options.isBrief()) {
      tier().listExecutors();
    }
    return open(options, tier().baseline(), record);
  }

  /** Opens a scope on this thread that looks at whatever was tracked, be it before or later. */
  public Scope openForGrowth(ScopeOptions options) {
    tiers.decide(options.agent());
    tier().listExecutors();
    return open(options, tier().baseline().withAllTracked(), tiers.record(options));
  }

  private Scope open(ScopeOptions options, Baseline baseline, @Nullable BirthScope record) {
    return Scope.open(
        shared,
        options,
        baseline,
        record,
        inspectors.opening(new Inspector.Opening(options, record, tier())));
  }

  /**
   * Code of some classes, and what that leads to, may give a scope's tests arguments from now on.
   */
  public void givesArguments(Scope scope, Collection<Class<?>> classes) {
    BirthScope record = scope.births();
    if (record != null) {
      record.givesArguments(classes.stream().map(Class::getName).collect(Collectors.toSet()));
    }
  }

  /** Makes a scope answer for an object that was built in it. */
  public void built(Scope scope, Object object) {
    if (isAnyIn(scope.initializedBy(object))) {
      tier().leaveToOuter(scope, object);
      inspectors.leaveToOuter(scope);
    }
    scope.watch(object);
  }

  private static boolean isAnyIn(List<Class<?>> initialized) {
    for (Class<?> type : initialized) {
      if (ClassInitializer.isIn(type)) {
        return true;
      }
    }
    return false;
  }

  /** Checks a scope at its end. */
  public Findings check(Scope scope) {
    return check(scope, () -> false).orElseThrow();
  }

  /** Checks a scope that goes on: nothing is stopped. */
  public Findings checkOnTheWay(Scope scope) {
    return check(scope, false, false, () -> false).orElseThrow();
  }

  /** Checks what fields of the scope's objects hold, which is right even while other code runs. */
  public Findings checkFields(Scope scope) {
    return check(scope, true, true, () -> false).orElseThrow();
  }

  /**
   * Checks a scope at its end; empty if it gave up, since other code turned out to run meanwhile.
   */
  public Optional<Findings> check(Scope scope, BooleanSupplier overlapped) {
    return check(scope, false, true, overlapped);
  }

  private Optional<Findings> check(
      Scope scope, boolean fieldsOnly, boolean atEnd, BooleanSupplier overlapped) {
    return pipeline.run(new Suspicion(this, scope, fieldsOnly, atEnd), overlapped);
  }

  /** Gathers what is there now, without waiting for it to end. */
  public Evidences look(Suspicion check) {
    return Evidences.collect(check, inspectors, tier().dump(check.suspects()::isNewVirtual));
  }

  /** Waits for what may end; null if other code turned out to run meanwhile. */
  public Settling.@Nullable Outcome settle(Suspicion check, BooleanSupplier overlapped) {
    return Settling.await(check, inspectors, overlapped);
  }

  /** Nothing was left behind. */
  public Findings nothing(Scope scope, Coverage coverage) {
    return reporting.nothing(scope, coverage);
  }

  /** Remembers what somebody else found, and tells it as {@link #check} does. */
  public Findings report(
      Suspicion check, Settling.Outcome left, List<Symptom> symptoms, List<Finding> findings) {
    return reporting.report(check, left, symptoms, findings);
  }

  /** A test or a class of tests that runs from now on. */
  public TestTimes.Running running() {
    return shared.testTimes().begin(() -> tier().reading());
  }

  /** How this JVM tells what is new. */
  public Tier tier() {
    return tiers.tier();
  }

  /**
   * Whether what a scope's own threads make is told from what others make at the same time.
   *
   * @return false if things are told apart by time only
   */
  public boolean isExact(Scope scope) {
    return tier().isExact(scope);
  }

  /** Pauses every scope of the JVM, unless a scope is told by who made things. */
  public Pause pause(Scope scope, Collection<?> owners) {
    return tier().pause(scope, owners);
  }

  /** What an agent recorded in a scope. */
  public Born born(Scope scope) {
    return tiers.born(scope);
  }

  /** What all scopes have in common. */
  public Shared shared() {
    return shared;
  }

  /** Looks at all that is alive now. */
  public Snapshot snapshot() {
    return Snapshots.take(shared.dumper());
  }
}
