package dev.leakcheck.integration;

import dev.leakcheck.GrowthOptions;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.growth.GrowthPlan;
import dev.leakcheck.growth.Repetitions;
import dev.leakcheck.hang.HangWatch;
import dev.leakcheck.model.Findings;
import dev.leakcheck.wiring.ThisJvm;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The span of a test, a class or a run, for the framework that runs it: the framework says when the
 * user's own code runs and on which thread, and what else goes on at the same time. Thread-safe.
 */
public final class TestScope {

  private final Engine engine = ThisJvm.engine();
  private final Scope scope;

  private TestScope(Scope scope) {
    this.scope = scope;
  }

  /**
   * Opens a scope on the current thread.
   *
   * @param options how it is checked
   * @return the scope; to be {@linkplain #end() ended} whatever happens
   */
  public static TestScope open(TestOptions options) {
    Scope scope = ThisJvm.engine().open(options.options());
    InstalledProbes.ofJvm().addTo(scope);
    return new TestScope(scope);
  }

  /**
   * Lists the executors that exist now, so that {@linkplain TestOptions#brief() brief} scopes that
   * open later know them. To be called before the first scope and after a fixture was set up.
   */
  public static void listExecutors() {
    ThisJvm.engine().tier().listExecutors();
  }

  /** A time in which what is made belongs to no scope. */
  public interface Pause extends AutoCloseable {
    /** Ends the pause. A second call does nothing. */
    @Override
    void close();
  }

  /** Looks once, some time later, at what hangs. */
  public interface Watch extends AutoCloseable {
    /** Calls it off, or does nothing if it has looked already. */
    @Override
    void close();

    /**
     * Looks at once, before the code is interrupted: if there is no deadlock, at what its thread
     * and those of the scope are doing. Logged as a deadlock is. Does nothing if one was seen
     * already, or if the watch is closed.
     */
    void lookNow();

    /**
     * What was seen, for a failure to be attached to as suppressed.
     *
     * @return empty if it has not looked, or has seen nothing
     */
    Optional<Throwable> seen();
  }

  /** A time in which the current thread works for a scope. */
  public interface Entry extends AutoCloseable {
    /** Ends it, on the thread that began it. */
    @Override
    void close();
  }

  /**
   * Makes the scope answer for what an object's fields hold, as {@link
   * dev.leakcheck.LeakScope#watch} does.
   *
   * @param owner such as a test instance
   * @return this scope
   */
  public TestScope watch(Object owner) {
    scope.watch(Objects.requireNonNull(owner, "owner"));
    return this;
  }

  /**
   * Makes the scope answer for what an object's fields hold, as {@link #watch} does, now that the
   * object was built in it. If that initialised a class whose static fields a scope around this one
   * watches, what the initialiser made is that scope's.
   *
   * @param instance such as a test instance
   * @return this scope
   */
  public TestScope built(Object instance) {
    engine.built(scope, Objects.requireNonNull(instance, "instance"));
    return this;
  }

  /**
   * Says that nobody uses a watched object when this scope has ended, as is so of an instance for
   * one test. What is in a queue of such an object is told only where another thread than the
   * scope's own may have put it there, or may have been meant to take it.
   *
   * @param instance an object that is watched
   * @return this scope
   */
  public TestScope passes(Object instance) {
    scope.watched().passes(Objects.requireNonNull(instance, "instance"));
    return this;
  }

  /**
   * Says that another object is built in this scope, whose class a scope beside those around it
   * watches: that of a nested test class, say.
   *
   * @param around the scope that answers for that class
   * @return this scope
   */
  public TestScope builds(TestScope around) {
    scope.mayInitialize(around.scope);
    return this;
  }

  /**
   * Makes the scope answer for what the static fields that a class itself declares hold. The class
   * is not initialised by that: as long as nobody else does, they hold nothing.
   *
   * @param owner such as a test class
   * @return this scope
   */
  public TestScope watchStatics(Class<?> owner) {
    scope.watchStatics(Objects.requireNonNull(owner, "owner"));
    return this;
  }

  /**
   * Looks again at what the watched objects lead to. A lock that nothing led to before, and that is
   * held now, is somebody else's: nobody can tell whether it was held when the scope opened. To be
   * called before a test's own code begins.
   *
   * @return this scope
   */
  public TestScope rewatch() {
    scope.rewatch();
    return this;
  }

  /**
   * Makes the scope answer for what a probe shows open from now on. Those that {@link
   * java.util.ServiceLoader} finds are asked anyway. Giving the same one again does nothing.
   *
   * @param probe the probe; it is asked at once, and one that cannot be asked, or whose kind can be
   *     no name or is one of LeakCheck's, is told in the coverage
   * @return this scope
   */
  public TestScope probe(LeakProbe probe) {
    InstalledProbes.of(Objects.requireNonNull(probe, "probe")).addTo(scope);
    return this;
  }

  /**
   * The current thread works for this scope until the entry is closed: what it makes, and what is
   * made by threads that it starts, is this scope's, as far as an agent records it. Without an
   * agent this does nothing.
   *
   * @return the entry
   */
  public Entry enter() {
    return scope.enter()::close;
  }

  /**
   * Says that the framework may call code of the user's from now on that gives tests their
   * arguments, while no code of this scope's runs: what that makes on the current thread is this
   * scope's, as the stack tells. Without an agent this does nothing.
   *
   * @param classes the test class, and those whose methods it has
   * @return this scope
   */
  public TestScope givesArguments(Collection<Class<?>> classes) {
    engine.givesArguments(scope, List.copyOf(classes));
    return this;
  }

  /**
   * Whether an agent tells what this scope's own threads make from what others make at the same
   * time, so that scopes may overlap.
   *
   * @return false if things are told apart by time only
   */
  public boolean isExact() {
    return engine.isExact(scope);
  }

  /**
   * Says that code runs at the same time as this scope's which enters no scope, such as tests that
   * are not checked. What is made by threads that entered no scope themselves, nor were started by
   * one that did, is then this scope's, with a note that it may be others'. Only where the scope
   * {@linkplain #isExact() is exact}; otherwise this does nothing.
   *
   * @return this scope
   */
  public TestScope besideOthers() {
    scope.besideOthers();
    return this;
  }

  /**
   * Has somebody look, some time later, whether the current thread or threads of this scope are in
   * a deadlock. If so, it is logged at once as {@link dev.leakcheck.LeakCheckOptions#deadline}
   * says. The framework knows how long the current thread's code may take.
   *
   * @param name what runs, for the message
   * @param after the time from now
   * @param overlapped whether other code runs at the same time, whose threads cannot be told from
   *     this scope's: only what the current thread is stuck in counts then
   * @return the watch, to be closed when that code has ended
   */
  public Watch watchForDeadlock(String name, Duration after, BooleanSupplier overlapped) {
    HangWatch watch = ThisJvm.hangs().ofDeadlocks(scope, name, after, overlapped);
    return new Watch() {
      @Override
      public void close() {
        watch.close();
      }

      @Override
      public void lookNow() {
        watch.lookNow();
      }

      @Override
      public Optional<Throwable> seen() {
        return watch.seen();
      }
    };
  }

  /**
   * Pauses every scope of the JVM: threads and executors that are made until the pause is closed
   * belong to none. What the watched objects' fields hold already stays this scope's. Meant for
   * code that is neither the test's nor its fixture's. Where an agent tells who made everything, no
   * pause is needed, and this does nothing.
   *
   * @return the pause
   */
  public Pause pause() {
    return pause(List.of());
  }

  /**
   * Pauses every scope of the JVM, as {@link #pause()} does, where more objects than those that the
   * scope watches may hold what the user's code has made.
   *
   * @param owners such as the instances of a test whose class is checked and not each test
   * @return the pause
   */
  public Pause pause(Collection<?> owners) {
    return engine.pause(scope, List.copyOf(owners))::close;
  }

  /**
   * Checks the scope when the test has run, without ending it. What it finds is stopped where
   * {@code leakcheck.afterwards=stop} says so.
   *
   * @return what was left behind
   */
  public Findings findings() {
    return engine.check(scope);
  }

  /**
   * Checks the scope as {@link #findings()} does, unless other code turns out to run at the same
   * time, whose threads cannot be told from this scope's.
   *
   * @param overlapped whether such code has begun; it has to say so before that code runs, since it
   *     is asked while the check waits and once more when everything was gathered
   * @return what was left behind; empty if the check was given up, and then nothing counts as
   *     reported
   */
  public Optional<Findings> findingsUnless(BooleanSupplier overlapped) {
    return engine.check(scope, Objects.requireNonNull(overlapped, "overlapped"));
  }

  /**
   * Checks only the executors and queues that fields of the watched objects themselves hold. This
   * is right even while other code runs at the same time, whose threads cannot be told from this
   * scope's. What it finds counts as reported, as for {@link #findings()}.
   *
   * @return what was left behind in fields
   */
  public Findings findingsInFields() {
    return engine.checkFields(scope);
  }

  /**
   * Runs code again and again and tells what grows, as {@link LeakCheck#growth} does, with this
   * scope's name, settle time and allowances.
   *
   * @param options how to repeat and what to measure
   * @param overlapped whether other code runs at the same time, whose threads cannot be told from
   *     the body's: there is no verdict then
   * @param body the code
   * @return what grows
   * @throws Throwable what the code throws
   */
  public Findings growth(GrowthOptions options, BooleanSupplier overlapped, LeakCheck.Body body)
      throws Throwable {
    GrowthPlan plan = GrowthPlan.KEY.open(options);
    return Repetitions.run(
        engine, plan.checked(scope.options().alone()).unless(overlapped), body::run);
  }

  /**
   * The same span, watched objects included, with other options. What this scope reported is
   * another scope's for the new one.
   *
   * @param other the options
   * @return a scope with this one's baseline
   */
  public TestScope with(TestOptions other) {
    return new TestScope(scope.with(other.options()));
  }

  /**
   * Whether a check of this scope left threads that are ending to the scope around it, as {@link
   * TestOptions#followed()} lets it.
   *
   * @return false if it left none, or was not checked
   */
  public boolean hasEntrusted() {
    return engine.shared().entrusted().isAnyOf(scope);
  }

  /**
   * Ends the scope without checking it. What is left of it is for the scope around it to answer
   * for. Further calls do nothing.
   */
  public void end() {
    scope.end();
  }

  /**
   * Ends the scope without checking it, where what it was opened for never ran, such as a test that
   * is disabled after its instance was built. With an agent nobody answers for what is left of it,
   * but for what a class made when it was initialised. Without one this is {@link #end}. Further
   * calls do nothing.
   */
  public void abandon() {
    scope.abandon();
  }

  /**
   * How the scope is checked.
   *
   * @return the options
   */
  public TestOptions options() {
    return new TestOptions(scope.options());
  }

  /** When it was opened, in ms since 1970. */
  long openedMillis() {
    return scope.openedMillis();
  }

  /** What stands behind it. */
  Scope scope() {
    return scope;
  }
}
