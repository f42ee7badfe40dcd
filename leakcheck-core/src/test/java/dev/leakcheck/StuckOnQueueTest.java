package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StuckOnQueueTest {

  @AutoClose private final Planted planted = new Planted();

  /** An operation that does not come back. */
  @FunctionalInterface
  interface Operation {
    void on(BlockingQueue<Object> queue) throws InterruptedException;
  }

  private static final class Owner {
    BlockingQueue<Object> queue;

    Owner(BlockingQueue<Object> queue) {
      this.queue = queue;
    }

    void consume() throws InterruptedException {
      while (true) {
        queue.take();
      }
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static BlockingQueue<Object> delayQueue() {
    return (BlockingQueue) new DelayQueue<Delayed>();
  }

  private static BlockingQueue<Object> full(BlockingQueue<Object> queue) {
    queue.add("something");
    return queue;
  }

  private static Arguments consumer(
      String what, Supplier<BlockingQueue<Object>> queue, Operation operation) {
    return arguments(what, "consumer", queue, operation);
  }

  private static Arguments producer(
      String what, Supplier<BlockingQueue<Object>> queue, Operation operation) {
    return arguments(what, "producer", queue, operation);
  }

  private static void pollForEver(BlockingQueue<Object> queue) throws InterruptedException {
    while (queue.poll(1, TimeUnit.HOURS) == null) {
      continue;
    }
  }

  private static void offerForEver(BlockingQueue<Object> queue) throws InterruptedException {
    while (!queue.offer("more", 1, TimeUnit.HOURS)) {
      continue;
    }
  }

  private static LinkedBlockingDeque<Object> deque(BlockingQueue<Object> queue) {
    return (LinkedBlockingDeque<Object>) queue;
  }

  private static LinkedTransferQueue<Object> transfer(BlockingQueue<Object> queue) {
    return (LinkedTransferQueue<Object>) queue;
  }

  static Stream<Arguments> waits() {
    Supplier<BlockingQueue<Object>> fullArray = () -> full(new ArrayBlockingQueue<>(1));
    Supplier<BlockingQueue<Object>> fullLinked = () -> full(new LinkedBlockingQueue<>(1));
    Supplier<BlockingQueue<Object>> fullDeque = () -> full(new LinkedBlockingDeque<>(1));
    Supplier<BlockingQueue<Object>> unfair = SynchronousQueue::new;
    Supplier<BlockingQueue<Object>> fair = () -> new SynchronousQueue<>(true);
    return Stream.of(
        consumer(
            "ArrayBlockingQueue.take()", () -> new ArrayBlockingQueue<>(1), BlockingQueue::take),
        consumer(
            "ArrayBlockingQueue.poll()",
            () -> new ArrayBlockingQueue<>(1),
            StuckOnQueueTest::pollForEver),
        producer("ArrayBlockingQueue.put()", fullArray, queue -> queue.put("more")),
        producer("ArrayBlockingQueue.offer()", fullArray, StuckOnQueueTest::offerForEver),
        consumer("LinkedBlockingQueue.take()", LinkedBlockingQueue::new, BlockingQueue::take),
        consumer(
            "LinkedBlockingQueue.poll()", LinkedBlockingQueue::new, StuckOnQueueTest::pollForEver),
        producer("LinkedBlockingQueue.put()", fullLinked, queue -> queue.put("more")),
        producer("LinkedBlockingQueue.offer()", fullLinked, StuckOnQueueTest::offerForEver),
        consumer("LinkedBlockingDeque.take()", LinkedBlockingDeque::new, BlockingQueue::take),
        consumer(
            "LinkedBlockingDeque.takeFirst()", LinkedBlockingDeque::new, q -> deque(q).takeFirst()),
        consumer(
            "LinkedBlockingDeque.takeLast()", LinkedBlockingDeque::new, q -> deque(q).takeLast()),
        consumer(
            "LinkedBlockingDeque.poll()", LinkedBlockingDeque::new, StuckOnQueueTest::pollForEver),
        consumer(
            "LinkedBlockingDeque.pollLast()",
            LinkedBlockingDeque::new,
            q -> deque(q).pollLast(1, TimeUnit.HOURS)),
        producer("LinkedBlockingDeque.put()", fullDeque, queue -> queue.put("more")),
        producer("LinkedBlockingDeque.putFirst()", fullDeque, q -> deque(q).putFirst("more")),
        producer("LinkedBlockingDeque.putLast()", fullDeque, q -> deque(q).putLast("more")),
        producer("LinkedBlockingDeque.offer()", fullDeque, StuckOnQueueTest::offerForEver),
        producer(
            "LinkedBlockingDeque.offerFirst()",
            fullDeque,
            q -> deque(q).offerFirst("more", 1, TimeUnit.HOURS)),
        consumer("PriorityBlockingQueue.take()", PriorityBlockingQueue::new, BlockingQueue::take),
        consumer(
            "PriorityBlockingQueue.poll()",
            PriorityBlockingQueue::new,
            StuckOnQueueTest::pollForEver),
        consumer("DelayQueue.take()", StuckOnQueueTest::delayQueue, BlockingQueue::take),
        consumer("DelayQueue.poll()", StuckOnQueueTest::delayQueue, StuckOnQueueTest::pollForEver),
        consumer("SynchronousQueue.take()", unfair, BlockingQueue::take),
        consumer("SynchronousQueue.poll()", unfair, StuckOnQueueTest::pollForEver),
        producer("SynchronousQueue.put()", unfair, queue -> queue.put("more")),
        producer("SynchronousQueue.offer()", unfair, StuckOnQueueTest::offerForEver),
        consumer("SynchronousQueue.take()", fair, BlockingQueue::take),
        consumer("SynchronousQueue.poll()", fair, StuckOnQueueTest::pollForEver),
        producer("SynchronousQueue.put()", fair, queue -> queue.put("more")),
        producer("SynchronousQueue.offer()", fair, StuckOnQueueTest::offerForEver),
        consumer("LinkedTransferQueue.take()", LinkedTransferQueue::new, BlockingQueue::take),
        consumer(
            "LinkedTransferQueue.poll()", LinkedTransferQueue::new, StuckOnQueueTest::pollForEver),
        producer(
            "LinkedTransferQueue.transfer()",
            LinkedTransferQueue::new,
            q -> transfer(q).transfer("more")),
        producer(
            "LinkedTransferQueue.tryTransfer()",
            LinkedTransferQueue::new,
            q -> transfer(q).tryTransfer("more", 1, TimeUnit.HOURS)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void platformThreadIsFoundWithItsSideAndItsQueue(
      String what, String side, Supplier<BlockingQueue<Object>> queue, Operation operation) {
    Owner owner = new Owner(queue.get());
    LeakScope scope = Scopes.atOnce().watch(owner);
    Thread thread = planted.thread("stuck", () -> operation.on(owner.queue));
    Planted.awaitWaitingIn(thread, owner.queue.getClass());

    assertStuck(only(withoutLeftovers(scope)), what, side);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void virtualThreadIsFoundWithItsSideAndItsQueue(
      String what, String side, Supplier<BlockingQueue<Object>> queue, Operation operation) {
    Jdk21.assume();
    Owner owner = new Owner(queue.get());
    LeakScope scope = Scopes.atOnce().watch(owner);
    Thread thread = planted.virtual("stuck", () -> operation.on(owner.queue));
    Planted.awaitWaitingIn(thread, owner.queue.getClass());

    Finding finding = only(withoutLeftovers(scope));

    assertStuck(finding, what, side);
    assertThat(finding.threads().get(0).virtual()).isTrue();
  }

  /** What a producer on a transfer queue waits with is also left over. */
  private static dev.leakcheck.model.Findings withoutLeftovers(LeakScope scope) {
    dev.leakcheck.model.Findings all = scope.findings();
    return new dev.leakcheck.model.Findings(
        all.scope(),
        all.list().stream().filter(f -> f.kind() != LeakKind.LEFTOVER_QUEUE).toList(),
        all.waited(),
        all.settledEarly(),
        all.benign(),
        all.allowed(),
        all.unusedAllowances(),
        all.coverage(),
        all.recorded(),
        all.statics(),
        all.expired());
  }

  private static void assertStuck(Finding finding, String what, String side) {
    assertThat(finding.kind()).isEqualTo(LeakKind.STUCK_ON_QUEUE);
    assertThat(finding.fact("waits in").orElseThrow()).startsWith(what);
    assertThat(finding.fact("side").orElseThrow()).startsWith(side);
    assertThat(finding.fact("queue").orElseThrow()).contains("field Owner.queue");
  }

  @Test
  void consumerThatGotItsLastElementPasses() {
    Owner owner = new Owner(new ArrayBlockingQueue<>(1));
    LeakScope scope = Scopes.patient().watch(owner);
    planted.thread("consumer", owner.queue::take);
    owner.queue.add("something");

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void idleWorkerOfAnExecutorIsNotStuckOnTheWorkQueue() {
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(1));
    LeakScope scope = Scopes.atOnce();
    CountDownLatch done = new CountDownLatch(1);
    pool.execute(done::countDown);
    Planted.await(done);

    assertThat(scope.findings().list())
        .extracting(Finding::kind)
        .doesNotContain(LeakKind.STUCK_ON_QUEUE);
  }

  @Test
  void consumersAtTheSamePlaceAreOneFinding() {
    Owner owner = new Owner(new LinkedBlockingQueue<>());
    LeakScope scope = Scopes.atOnce().watch(owner);
    for (int i = 1; i <= 7; i++) {
      Thread thread = planted.thread("consumer-" + i, owner.queue::take);
      Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);
    }

    Finding finding = only(scope.findings());

    assertThat(finding.threads()).hasSize(7);
    assertThat(finding.title()).isEqualTo("7 threads wait in LinkedBlockingQueue.take()");
  }

  @Test
  void producerAndConsumerAreTwoFindings() {
    BlockingQueue<Object> empty = new ArrayBlockingQueue<>(1);
    BlockingQueue<Object> full = full(new ArrayBlockingQueue<>(1));
    LeakScope scope = Scopes.atOnce();
    Planted.awaitWaitingIn(planted.thread("consumer", empty::take), ArrayBlockingQueue.class);
    Planted.awaitWaitingIn(
        planted.thread("producer", () -> full.put("more")), ArrayBlockingQueue.class);

    assertThat(scope).hasKinds(LeakKind.STUCK_ON_QUEUE, LeakKind.STUCK_ON_QUEUE);
  }

  @Test
  void queueThatNoFieldHoldsIsNotGuessed() {
    BlockingQueue<Object> hidden = new LinkedBlockingQueue<>();
    LeakScope scope = Scopes.atOnce().watch(planted.keep(new Owner(new ArrayBlockingQueue<>(1))));
    Planted.awaitWaitingIn(planted.thread("consumer", hidden::take), LinkedBlockingQueue.class);

    assertThat(only(scope.findings()).fact("queue").orElseThrow())
        .startsWith(
            "not one that a field of the test or of what is around it leads to (fields were followed");
  }

  private static final class TwoQueues {
    final BlockingQueue<Object> first = new LinkedBlockingQueue<>();
    final BlockingQueue<Object> second = new LinkedBlockingQueue<>();
  }

  @Test
  void queueThatMayBeEitherOfTwoIsToldSo() {
    TwoQueues owner = new TwoQueues();
    LeakScope scope = Scopes.atOnce().watch(owner);
    Planted.awaitWaitingIn(
        planted.thread("consumer", () -> owner.first.take()), LinkedBlockingQueue.class);

    assertThat(only(scope.findings()).fact("queue"))
        .contains(
            "perhaps one of field TwoQueues.first, field TwoQueues.second: no other that a field leads to fits");
  }

  @Test
  void sizesOfAFullQueueAreTold() {
    Owner owner = new Owner(new ArrayBlockingQueue<>(2, false, List.of("a", "b")));
    LeakScope scope = Scopes.atOnce().watch(owner);
    Planted.awaitWaitingIn(
        planted.thread("producer", () -> owner.queue.put("c")), ArrayBlockingQueue.class);

    assertThat(only(scope.findings()).fact("queue").orElseThrow()).contains("2 elements of 2");
  }

  @Test
  void messageTellsTheOperationTheSideAndTheQueue() {
    Owner owner = new Owner(new LinkedBlockingQueue<>());
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    scope.watch(owner);
    Thread thread = planted.thread("order-consumer-7", owner::consume);
    Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 thread behind (waited T)

            1) stuck-on-queue   thread "order-consumer-7" waits in LinkedBlockingQueue.take()
                 thread     order-consumer-7 (not daemon: it keeps the JVM alive)
                 waits in   LinkedBlockingQueue.take()
                              at dev.leakcheck.StuckOnQueueTest$Owner.consume(StuckOnQueueTest.java:LINE)
                              at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 side       consumer: it waits for an element that nobody puts
                 queue      perhaps field Owner.queue, 0 elements: no other that a field leads to fits
                 why        nothing but an element, a taker or an interrupt ends this wait
                 fix        interrupt the consumer when its owner stops (keep the Thread, or run it in an executor and call shutdownNow()), or send it an end marker
                 allow      @AllowLeaks(kind = LeakKind.STUCK_ON_QUEUE, thread = "order-consumer-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  /** Has a queue of its own, where no field leads. */
  private static final class Other {
    void consume() throws InterruptedException {
      new LinkedBlockingQueue<String>().take();
    }
  }

  @Test
  void queueThatTheThreadsCodeDoesNotKnowIsNotGuessed() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE);
    scope.watch(planted.keep(new Owner(new LinkedBlockingQueue<>())));
    Other other = new Other();
    Thread thread = planted.thread("order-consumer-8", other::consume);
    Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);

    assertThat(only(scope.findings()).fact("queue"))
        .contains(
            "not known: field Owner.queue would fit, but the thread runs no code of what holds it");
  }

  @Test
  void aWaitWithATimeLimitIsNotToldAsEndless() {
    Owner owner = new Owner(new LinkedBlockingQueue<>());
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("ExporterTest.exports()"));
    scope.watch(owner);
    Thread thread = planted.thread("exporter-1", () -> pollForEver(owner.queue));
    Planted.awaitWaitingIn(thread, LinkedBlockingQueue.class);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: ExporterTest.exports() left 1 thread behind (waited T)

            1) stuck-on-queue   thread "exporter-1" waits in LinkedBlockingQueue.poll()
                 thread     exporter-1 (not daemon: it keeps the JVM alive)
                 waits in   LinkedBlockingQueue.poll(), with a time limit
                              at dev.leakcheck.StuckOnQueueTest.pollForEver(StuckOnQueueTest.java:LINE)
                              at dev.leakcheck.StuckOnQueueTest.lambda$aWaitWithATimeLimitIsNotToldAsEndless$N(StuckOnQueueTest.java:LINE)
                              at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 side       consumer: it waits for an element, for so long at the most
                 queue      perhaps field Owner.queue, 0 elements: no other that a field leads to fits
                 why        it was still alive when the wait was over; its wait has a limit, so that it may still end by itself, given a longer settle time
                 fix        interrupt the consumer when its owner stops (keep the Thread, or run it in an executor and call shutdownNow()), or send it an end marker
                 allow      @AllowLeaks(kind = LeakKind.STUCK_ON_QUEUE, thread = "exporter-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void aProducersWaitWithATimeLimitIsNotToldAsEndlessEither() {
    BlockingQueue<Object> full = full(new ArrayBlockingQueue<>(1));
    LeakScope scope = Scopes.atOnce();
    Planted.awaitWaitingIn(
        planted.thread("producer", () -> offerForEver(full)), ArrayBlockingQueue.class);

    Finding finding = only(scope.findings());
    assertThat(finding.fact("side"))
        .contains("producer: it waits for room, or for a taker, for so long at the most");
    assertThat(finding.fact("why").orElse(""))
        .endsWith("so that it may still end by itself, given a longer settle time");
  }
}
