package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.Mocks;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Coverage;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Queues that go away with the test's instance, and that no other thread than the test's own can
 * have touched: what is in them was sent by nobody and is for nobody to receive, as in the test of
 * a queue. That is so of a queue if
 *
 * <ul>
 *   <li>only fields of an instance hold it that nobody uses when the scope has ended, and nobody
 *       else's objects lead to it,
 *   <li>no thread was started in the scope, and no task was given to the common pool,
 *   <li>and neither the scope's objects nor those around it lead to a thread or an executor that
 *       may have been given something to do.
 * </ul>
 *
 * <p>What mocks keep is as what those fields hold: a spy in one is a copy of a queue that the
 * mock's framework keeps.
 *
 * <p>Used by one thread.
 */
final class Untouched {

  private final Suspicion check;
  private final Scope scope;
  private @Nullable Boolean helpers;
  private boolean helped;

  Untouched(Suspicion check) {
    this.check = check;
    this.scope = check.scope();
  }

  boolean has(BlockingQueue<?> queue) {
    return has(queue, this::isHeldByPassing);
  }

  /** One that a mock keeps, such as the one that a spy was copied from. */
  boolean hasInMock(BlockingQueue<?> queue) {
    return has(queue, this::isHeldByMock);
  }

  private boolean has(BlockingQueue<?> queue, Predicate<BlockingQueue<?>> isHeld) {
    if (helped || scope.watched().passing().isEmpty() || !isHeld.test(queue)) {
      return false;
    }
    helped = hasHelpers() || !isAlone();
    if (!helped) {
      check.born().disown(queue);
    }
    return !helped;
  }

  /** One that holds no more than it was made with, before the test. */
  void madeWith(BlockingQueue<?> queue) {
    if (!scope.watched().passing().isEmpty() && isHeldByPassing(queue)) {
      check.born().disown(queue);
    }
  }

  /** Beside other code it cannot be told who started a thread. */
  private boolean isAlone() {
    if (!check.isFieldsOnly() || check.tier().isExact(scope)) {
      return check.newcomers().isAlone();
    }
    check.limitedBy(
        Coverage.limitedBy(
            Coverage.Limit.PARALLEL,
            "what queues in fields of the test hold: other code ran at the same time, so that"
                + " nothing tells whether anybody but the test put it there"));
    return true;
  }

  private boolean isHeldByPassing(BlockingQueue<?> queue) {
    return holds(ObjectGraph.direct(scope.watched().passing(), List.of()), queue)
        && isNobodyElses(queue);
  }

  private boolean isHeldByMock(BlockingQueue<?> queue) {
    List<Object> keepers = Mocks.keepers();
    return !keepers.isEmpty()
        && ObjectGraph.leadsTo(keepers, List.of(), List.of(), List.of(queue))
        && isNobodyElses(queue);
  }

  private boolean isNobodyElses(BlockingQueue<?> queue) {
    List<Object> passing = scope.watched().passing();
    List<Object> others = scope.instances();
    others.removeIf(other -> passing.stream().anyMatch(one -> one == other));
    return !holds(ObjectGraph.direct(others, scope.classes()), queue)
        && !holds(check.owners().tracked(), queue)
        && !check.isShared(queue)
        && !check.owners().isGivenToOthers(queue)
        && !check.born().isMadeElsewhere(queue);
  }

  private static boolean holds(Collection<Holding> holdings, BlockingQueue<?> queue) {
    return holdings.stream().anyMatch(held -> held.object() == queue);
  }

  private boolean hasHelpers() {
    Boolean known = helpers;
    if (known == null) {
      known = leadsToHelper(check.owners().reachable());
      for (Scope outer = scope.parent(); outer != null && !known; outer = outer.parent()) {
        known = leadsToHelper(ObjectGraph.reach(outer.instances(), outer.classes()));
      }
      helpers = known;
    }
    return known;
  }

  private boolean leadsToHelper(List<Holding> holdings) {
    return holdings.stream()
        .map(Holding::object)
        .anyMatch(
            held ->
                held instanceof Thread thread
                    ? LiveThreads.id(thread) != check.checkerId() && ThirdParties.isAlive(thread)
                    : held instanceof ExecutorService executor
                        && !CommonPool.is(executor)
                        && Boolean.FALSE.equals(ExecutorProbe.isShutdown(executor)));
  }
}
