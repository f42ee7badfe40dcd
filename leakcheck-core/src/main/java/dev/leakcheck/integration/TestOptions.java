package dev.leakcheck.integration;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.ScopeOptions;
import dev.leakcheck.model.Allowance;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How a {@link TestScope} is checked: what a user sets, and what only a test framework knows.
 * Immutable and thread-safe: each method returns a changed copy.
 */
public final class TestOptions {

  private final ScopeOptions options;

  TestOptions(ScopeOptions options) {
    this.options = options;
  }

  /**
   * What a user sets: settle time, allowances, baseline, report; but for the deadline, since a
   * framework {@linkplain TestScope#watchForDeadlock says itself} how long code may take.
   *
   * @param options the user's options
   * @return options of a scope that is told by time and is inside no other
   */
  public static TestOptions of(LeakCheckOptions options) {
    return new TestOptions(Key.OPTIONS.open(options));
  }

  /**
   * Names the scope as messages call it.
   *
   * @param name such as {@code OrderServiceTest.placesOrder()}
   * @return changed options
   */
  public TestOptions named(String name) {
    return new TestOptions(options.named(name));
  }

  /**
   * Sets how long a check waits at the most for threads to end and for executors to be shut down.
   * It returns as soon as nothing is left to wait for.
   *
   * @param settle the time; zero to accuse at once
   * @return changed options
   * @throws IllegalArgumentException if it is negative or longer than an hour
   */
  public TestOptions settle(Duration settle) {
    return new TestOptions(options.settling(settle));
  }

  /**
   * Accepts leaks, besides those that are accepted already.
   *
   * @param allowance what is accepted and why
   * @return changed options
   */
  public TestOptions allow(Allowance allowance) {
    return new TestOptions(options.allowing(allowance));
  }

  /**
   * Puts the scope inside another: what the outer scope's objects hold is for the outer scope to
   * answer for.
   *
   * @param outer the outer scope
   * @return changed options
   */
  public TestOptions within(TestScope outer) {
    Objects.requireNonNull(outer, "outer");
    return new TestOptions(options.with(change -> change.parent = outer.scope()));
  }

  /**
   * Makes the scope cost microseconds if it starts no thread: executors are not listed when it
   * opens. One that is older and has had no thread so far is then taken for the scope's when it
   * gets its first. Meant for a scope inside one that is not brief.
   *
   * @return changed options
   */
  public TestOptions brief() {
    return new TestOptions(options.with(change -> change.brief = true));
  }

  /**
   * Leaves out what the thread that opens the scope does, except between {@link TestScope#enter()}
   * and its end. Meant for frameworks, whose threads run other code in between. Threads can be told
   * apart like that only where an agent records what they make; without one a scope sees all that
   * is made in its time.
   *
   * @return changed options
   */
  public TestOptions byEntry() {
    return new TestOptions(options.with(change -> change.byEntry = true));
  }

  /**
   * Judges only what was made by threads that worked for several scopes at once, so that none of
   * these answers for it. Meant for frameworks, on a scope around the others that {@linkplain
   * TestScope#isExact() is exact}.
   *
   * @return changed options
   */
  public TestOptions unattributed() {
    return new TestOptions(options.with(change -> change.unattributed = true));
  }

  /**
   * Says that the scope around this one is checked as well, later, and without being brief. Threads
   * whose executor was told to stop, and that have only to end, are left to that check then: no
   * test waits for them, and if they do not end, what that check finds names this scope.
   *
   * @return changed options
   */
  public TestOptions followed() {
    return new TestOptions(options.with(change -> change.followed = true));
  }

  /**
   * Says that tests ran in the scope whose {@link TestTime}s were told: what is left of it is told
   * with the test in whose time its first thread was made. Not meant for the scope of a test.
   *
   * @return changed options
   */
  public TestOptions aroundTests() {
    return new TestOptions(options.with(change -> change.aroundTests = true));
  }

  /**
   * Leaves alone what somebody else's objects hold. Meant for frameworks, which know of more owners
   * than the test.
   *
   * @param owners gives the objects; a {@code Class} among them stands for its static fields. Asked
   *     only when something is about to be accused
   * @return changed options
   */
  public TestOptions heldByOthers(Supplier<? extends Collection<?>> owners) {
    Objects.requireNonNull(owners, "owners");
    return new TestOptions(options.with(change -> change.others = owners));
  }

  /**
   * Leaves to the scopes around this one what objects hold that are closed after this check, such
   * as resources that a framework closes when all tests of a class have run.
   *
   * @param closed gives the objects that will be closed. Asked only when something is about to be
   *     accused
   * @return changed options
   */
  public TestOptions closedLater(Supplier<? extends Collection<?>> closed) {
    Objects.requireNonNull(closed, "closed");
    return new TestOptions(options.with(change -> change.closedLater = closed));
  }

  /** What stands behind them. */
  ScopeOptions options() {
    return options;
  }
}
