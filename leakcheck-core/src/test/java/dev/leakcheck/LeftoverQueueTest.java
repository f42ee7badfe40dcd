package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeftoverQueueTest {

  @AutoClose private final Planted planted = new Planted();

  private static class Owner {
    final BlockingQueue<Object> inbox;

    Owner(BlockingQueue<Object> inbox) {
      this.inbox = inbox;
    }

    Owner() {
      this(new LinkedBlockingQueue<>());
    }
  }

  private static final class Inheriting extends Owner {}

  private static final class Statics {
    static final BlockingQueue<Object> SENT = new LinkedBlockingQueue<>();
  }

  @AfterEach
  void clear() {
    Statics.SENT.clear();
  }

  /** Its methods are the user's code: none of them may run. */
  private static final class Secret extends Untouchable implements Comparable<Secret> {
    @Override
    public int compareTo(Secret other) {
      return 0;
    }
  }

  static List<BlockingQueue<Object>> queues() {
    return List.of(
        new ArrayBlockingQueue<>(10),
        new LinkedBlockingQueue<>(),
        new LinkedBlockingDeque<>(),
        new PriorityBlockingQueue<>(),
        new LinkedTransferQueue<>());
  }

  @ParameterizedTest
  @MethodSource("queues")
  void queueInAFieldThatStillHoldsElementsIsFound(BlockingQueue<Object> queue) {
    Owner owner = new Owner(queue);
    LeakScope scope = Scopes.atOnce().watch(owner);
    queue.add("one");
    queue.add("two");

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.LEFTOVER_QUEUE);
    assertThat(finding.title())
        .isEqualTo(
            queue.getClass().getSimpleName() + " in field Owner.inbox still holds 2 elements");
    assertThat(finding.queue().size()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("queues")
  void queueThatWasEmptiedPasses(BlockingQueue<Object> queue) {
    Owner owner = new Owner(queue);
    LeakScope scope = Scopes.patient().watch(owner);
    queue.add("one");
    queue.poll();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void elementsThatWereThereWhenTheScopeOpenedPass() {
    Owner owner = new Owner();
    owner.inbox.add("fixture");
    LeakScope scope = Scopes.patient().watch(owner);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void elementsBesidesThoseThatWereThereAreFound() {
    Owner owner = new Owner();
    owner.inbox.add("fixture");
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.inbox.add("sent");

    Finding finding = only(scope.findings());

    assertThat(finding.queue().sizeAtOpen()).isEqualTo(1);
    assertThat(finding.fact("elements")).contains("2 × String (1 when the scope opened)");
  }

  @Test
  void queueInAFieldOfASuperclassIsFound() {
    Owner owner = new Inheriting();
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.inbox.add("one");

    assertThat(only(scope.findings()).title()).contains("field Owner.inbox");
  }

  @Test
  void queueInAStaticFieldIsFound() {
    LeakScope scope = Scopes.atOnce().watchStatics(Statics.class);
    Statics.SENT.add("one");

    assertThat(only(scope.findings()).title()).contains("static field Statics.SENT");
  }

  @Test
  void queueThatWasTrackedIsFound() {
    LeakScope scope = Scopes.atOnce();
    BlockingQueue<Object> queue = LeakCheck.track(new LinkedBlockingQueue<>());
    queue.add("one");

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.LEFTOVER_QUEUE);
    assertThat(finding.title()).contains("tracked LinkedBlockingQueue@");
  }

  @Test
  void queueThatWasTrackedBeforeTheScopeOpenedIsNotTheScopes() {
    BlockingQueue<Object> queue = LeakCheck.track(new LinkedBlockingQueue<>());
    LeakScope scope = Scopes.patient();
    queue.add("one");

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void queueThatNobodyToldOfPasses() {
    LeakScope scope = Scopes.patient().watch(planted.keep(new Owner()));
    BlockingQueue<Object> local = new LinkedBlockingQueue<>();
    local.add("one");

    assertThat(scope).hasNoLeaks();
    assertThat(local).hasSize(1);
  }

  @Test
  void synchronousQueueNeverHoldsAnything() {
    Owner owner = new Owner(new SynchronousQueue<>());
    LeakScope scope = Scopes.patient().watch(owner);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void waitsForAConsumerThatIsStillTaking() {
    Owner owner = new Owner();
    LeakScope scope = Scopes.patient().watch(owner);
    owner.inbox.add("one");
    planted.thread("slow consumer", owner.inbox::take);

    assertThat(scope).hasNoLeaks();
  }

  private static final class PoolOwner {
    final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    ExecutorService pool;
  }

  @Test
  void workQueueOfAnExecutorIsTheExecutorsMatter() {
    PoolOwner owner = new PoolOwner();
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.pool = planted.executor(new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, owner.work));
    planted.occupy(owner.pool, 1);
    owner.pool.execute(() -> {});

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void userCodeOfTheElementsNeverRuns() {
    Owner owner = new Owner(new PriorityBlockingQueue<>());
    LeakScope scope = Scopes.atOnce().watch(owner);
    owner.inbox.add(new Secret());
    owner.inbox.add(new Secret());

    Finding finding = only(scope.findings());

    assertThat(finding.fact("elements"))
        .contains("2 × LeftoverQueueTest$Secret (0 when the scope opened)");
  }

  @Test
  void longQueueIsCountedWholeAndTypedInPart() {
    Owner owner = new Owner();
    LeakScope scope = Scopes.atOnce().watch(owner);
    IntStream.range(0, 5_000).forEach(owner.inbox::add);

    Finding finding = only(scope.findings());

    assertThat(finding.queue().size()).isEqualTo(5_000);
    assertThat(finding.queue().elementTypes())
        .containsOnly(java.util.Map.entry("java.lang.Integer", 1_000));
    assertThat(finding.fact("elements"))
        .contains("5000, among them 1000 × Integer (0 when the scope opened)");
  }

  /** A queue that is not willing. */
  private static final class HostileQueue extends AbstractQueue<Object>
      implements BlockingQueue<Object> {

    @Override
    public boolean equals(Object other) {
      throw new AssertionError("equals was called");
    }

    @Override
    public int hashCode() {
      throw new AssertionError("hashCode was called");
    }

    @Override
    public String toString() {
      throw new AssertionError("toString was called");
    }

    @Override
    public int size() {
      throw new IllegalStateException("closed");
    }

    @Override
    public Iterator<Object> iterator() {
      throw new IllegalStateException("closed");
    }

    @Override
    public void put(Object element) {
      throw new IllegalStateException("closed");
    }

    @Override
    public boolean offer(Object element) {
      return false;
    }

    @Override
    public boolean offer(Object element, long timeout, TimeUnit unit) {
      return false;
    }

    @Override
    public Object take() {
      return null;
    }

    @Override
    public Object poll() {
      return null;
    }

    @Override
    public Object poll(long timeout, TimeUnit unit) {
      return null;
    }

    @Override
    public Object peek() {
      return null;
    }

    @Override
    public int remainingCapacity() {
      return 0;
    }

    @Override
    public int drainTo(Collection<? super Object> target) {
      return 0;
    }

    @Override
    public int drainTo(Collection<? super Object> target, int max) {
      return 0;
    }
  }

  @Test
  void queueThatFailsToAnswerPasses() {
    LeakScope scope = Scopes.patient().watch(planted.keep(new Owner(new HostileQueue())));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void queueThatWasReportedIsReportedAgainOnlyIfItGrew() {
    Owner owner = new Owner();
    LeakScope first = Scopes.atOnce().watch(owner);
    owner.inbox.add("one");
    assertThat(first).hasKinds(LeakKind.LEFTOVER_QUEUE);

    LeakScope second = Scopes.patient().watch(owner);
    assertThat(second).hasNoLeaks();
    assertThat(first).hasKinds(LeakKind.LEFTOVER_QUEUE);

    LeakScope third = Scopes.atOnce().watch(owner);
    owner.inbox.add("two");
    assertThat(third).hasKinds(LeakKind.LEFTOVER_QUEUE);
  }

  @Test
  void messageTellsTypesAndCountsAndNoValue() {
    Owner owner = new Owner();
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    scope.watch(owner);
    owner.inbox.add("a secret");
    owner.inbox.add("another");
    owner.inbox.add(42);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 queue behind (waited T)

            1) leftover-queue   LinkedBlockingQueue in field Owner.inbox still holds 3 elements
                 elements   1 × Integer, 2 × String (0 when the scope opened)
                 why        what is still in a queue at the end was put in and never taken out
                 fix        drain it into a list and assert that, or clear it when the test ends, once nobody puts into it any more
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_QUEUE, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
