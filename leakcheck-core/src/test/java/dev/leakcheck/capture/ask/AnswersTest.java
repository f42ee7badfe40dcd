package dev.leakcheck.capture.ask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.ask.Answers.Row;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.model.QueueRecord;
import java.lang.ref.SoftReference;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class AnswersTest {

  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean found;

  @AfterEach
  void release() throws InterruptedException {
    released.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  static List<Object> askedObjects() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(0, 1, 7, TimeUnit.SECONDS, new SynchronousQueue<>());
    List<Object> objects =
        new ArrayList<>(
            List.of(
                pool,
                new ForkJoinPool(1),
                Executors.newSingleThreadExecutor(),
                new LinkedBlockingQueue<>(),
                new LinkedTransferQueue<>(),
                new SynchronousQueue<>(),
                new ArrayBlockingQueue<>(1),
                new LinkedBlockingDeque<>(),
                new PriorityBlockingQueue<>(),
                new DelayQueue<>(),
                new ScheduledThreadPoolExecutor(0).getQueue(),
                new ReentrantLock(),
                new ReentrantReadWriteLock(),
                new StampedLock(),
                new CyclicBarrier(1),
                new Thread(() -> {}),
                new ArrayList<>(),
                new HashMap<>(),
                new TreeMap<>(),
                new PriorityQueue<>(),
                new CopyOnWriteArrayList<>(),
                new ConcurrentSkipListMap<>(),
                new ConcurrentHashMap<>().keySet(0),
                List.of(1),
                Map.of(1, 2),
                Collections.singletonMap(1, 2),
                new Properties(),
                new AtomicReference<>(),
                new AtomicReferenceArray<>(1),
                Optional.empty(),
                new SoftReference<>(pool),
                CompletableFuture.completedFuture(pool)));
    FutureTask<?> ended = new FutureTask<>(() -> null);
    ended.run();
    objects.add(ended);
    objects.add(Executors.unconfigurableExecutorService(pool));
    return objects;
  }

  @Test
  void everyMethodThatMayBeCalledIsTheJdksOwn() throws Exception {
    for (Row row : Answers.all()) {
      assertThat(row.reason()).isNotBlank();
      Class<?> type = classOf(row.type());
      if (type != null) {
        assertThat(List.of(type.getMethods()))
            .as(row.toString())
            .filteredOn(method -> method.getName().equals(row.method()))
            .allMatch(method -> method.getDeclaringClass().getModule() == Object.class.getModule())
            .isNotEmpty();
      }
    }
  }

  /** What a class inherits does no harm if that calls what it overrides. */
  @Test
  void whatAMethodCallsOnItsObjectIsNotTheUsersEither() throws Exception {
    for (Row row : Answers.all()) {
      Class<?> type = classOf(row.type());
      if (type != null && Modifier.isPublic(type.getModifiers())) {
        Method method = find(type, row.method());
        if (method.getDeclaringClass() == type) {
          assertThat(new SelfCalls(type).of(method))
              .as(row.toString())
              .isSubsetOf(new HashSet<>(row.calls()));
        }
      }
    }
  }

  @Test
  void aMethodThatWouldCallAnOverrideIsNotCalled() {
    Object queue =
        new PriorityBlockingQueue<>() {
          @Override
          public Object[] toArray() {
            throw new AssertionError("called");
          }
        };
    Object exception =
        new FileSystemException("file") {
          @Override
          public String getReason() {
            throw new AssertionError("called");
          }
        };

    assertThat(Answers.cost(queue, "size")).isEqualTo(Cost.LOCK);
    assertThat(Answers.cost(queue, "iterator")).isNull();
    assertThat(Answers.cost(new PriorityBlockingQueue<>() {}, "iterator")).isEqualTo(Cost.LOCK);
    assertThat(Answers.cost(exception, "getMessage")).isNull();
    assertThat(Answers.cost(new FileSystemException("file") {}, "getMessage")).isNotNull();
  }

  /** Some are of other JDKs. */
  private static Class<?> classOf(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      assertThat(name).containsAnyOf("Executors$", "Virtual", "ThreadPerTask");
      return null;
    }
  }

  /** What is said to take no lock is called while somebody holds the object's monitor. */
  @ParameterizedTest
  @MethodSource("askedObjects")
  void whatIsFreeAnswersWhileTheMonitorIsHeld(Object object) throws Exception {
    hold(
        () -> {
          synchronized (object) {
            await();
          }
        });
    askAllThatIsFree(object);
  }

  private static void askAllThatIsFree(Object object) throws Exception {
    for (Row row : Answers.all()) {
      if (Answers.isFree(object, row.method()) && declares(object, row)) {
        Method method = find(object, row.method());
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = argument(method.getParameterTypes()[i]);
        }
        if (method.canAccess(object)) {
          method.invoke(object, arguments);
        }
      }
    }
  }

  private static Object argument(Class<?> type) {
    if (type == BiConsumer.class) {
      return (BiConsumer<Object, Object>) (key, value) -> {};
    }
    if (type == Thread.class) {
      return Thread.currentThread();
    }
    return type == TimeUnit.class ? TimeUnit.SECONDS : null;
  }

  private static boolean declares(Object object, Row row) throws Exception {
    Class<?> type = classOf(row.type());
    return type != null && type.isInstance(object);
  }

  private static Method find(Object object, String name) {
    return find(object.getClass(), name);
  }

  private static Method find(Class<?> type, String name) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name) && !method.isBridge())
        .min(Comparator.comparingInt(Method::getParameterCount))
        .orElseThrow(() -> new AssertionError(name + " of " + type));
  }

  @Test
  void aPoolWhoseMainLockIsHeldIsStillDescribed() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 7, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
          @Override
          protected void terminated() {
            held.countDown();
            AnswersTest.this.await();
          }
        };
    hold(pool::shutdown, held);

    assertThat(ExecutorProbe.isShutdown(pool)).isTrue();
    assertThat(ExecutorProbe.state(pool))
        .satisfies(
            state -> {
              assertThat(state.shutdown()).isTrue();
              assertThat(state.terminated()).isFalse();
              assertThat(state.coreSize()).isEqualTo(1);
              assertThat(state.keepAliveMillis()).isEqualTo(7_000);
              assertThat(state.active()).isEqualTo(-1);
              assertThat(state.completed()).isEqualTo(-1);
            });

    release();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ExecutorProbe.state(pool).terminated()).isTrue();
    awaitAnswer(() -> ExecutorProbe.state(pool).active(), 0);
  }

  /** Holds both its locks within {@code contains}. */
  private final class Blocking {
    final CountDownLatch asked = new CountDownLatch(1);

    @Override
    public boolean equals(Object other) {
      asked.countDown();
      await();
      return false;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  @Test
  void theSizeOfALinkedQueueIsKnownWhileBothItsLocksAreHeld() throws Exception {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>(List.of("one", "two"));
    Blocking blocking = new Blocking();
    hold(() -> found = queue.contains(blocking), blocking.asked);

    assertThat(QueueProbe.size(queue)).isEqualTo(2);
    assertThat(QueueProbe.record(queue, "here", 0))
        .satisfies(
            record -> {
              assertThat(record.size()).isEqualTo(2);
              assertThat(record.elementTypes()).isEmpty();
            });
    assertThat(QueueProbe.whyUnknown(queue)).isEqualTo("thread \"holder\" holds its lock");

    release();
    awaitAnswer(() -> QueueProbe.record(queue, "here", 0).elementTypes().size(), 1);
  }

  static List<BlockingQueue<Object>> lockingQueues() {
    return List.of(
        new ArrayBlockingQueue<>(10),
        new LinkedBlockingDeque<>(),
        new PriorityBlockingQueue<>(11, (one, other) -> 0));
  }

  @ParameterizedTest
  @MethodSource("lockingQueues")
  void aQueueWhoseLockIsHeldIsNotWaitedFor(BlockingQueue<Object> queue) throws Exception {
    queue.add("one");
    Blocking blocking = new Blocking();
    hold(() -> found = queue.contains(blocking), blocking.asked);

    int size = QueueProbe.size(queue);
    assertThat(size).isIn(1, QueueProbe.UNKNOWN);
    QueueRecord record = QueueProbe.record(queue, "here", 0);
    if (size == QueueProbe.UNKNOWN) {
      assertThat(record).isNull();
    } else {
      assertThat(record.elementTypes()).isEmpty();
    }
    assertThat(QueueProbe.whyUnknown(queue)).isEqualTo("thread \"holder\" holds its lock");

    release();
    assertThat(found).isFalse();
    awaitAnswer(() -> QueueProbe.size(queue), 1);
  }

  @Test
  void aDelayQueueTellsItsSize() {
    BlockingQueue<Delayed> queue = new DelayQueue<>();

    assertThat(QueueProbe.size(queue)).isZero();
  }

  @Test
  void aMethodThatAClassOverridesIsNeverCalled() {
    AtomicInteger calls = new AtomicInteger();
    BlockingQueue<Object> queue =
        new LinkedBlockingQueue<>() {
          @Override
          public int size() {
            return calls.incrementAndGet();
          }
        };
    ThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public boolean isShutdown() {
            calls.incrementAndGet();
            return super.isShutdown();
          }
        };

    assertThat(QueueProbe.size(queue)).isEqualTo(QueueProbe.UNKNOWN);
    assertThat(QueueProbe.whyUnknown(queue)).isEqualTo("only queues of the JDK are asked");
    assertThat(ExecutorProbe.isShutdown(pool)).isNull();
    assertThat(ExecutorProbe.state(pool)).isNull();
    assertThat(calls).hasValue(0);
  }

  @Test
  void aSubclassThatOverridesNothingAnswersAsTheJdkDoes() {
    ThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(3) {};

    assertThat(ExecutorProbe.isShutdown(pool)).isFalse();
    pool.shutdown();
    assertThat(ExecutorProbe.isShutdown(pool)).isTrue();
    assertThat(QueueProbe.size(new LinkedBlockingQueue<>(List.of(1)) {})).isEqualTo(1);
  }

  @Test
  void aProxyIsNeverCalled() {
    AtomicInteger calls = new AtomicInteger();
    Object proxy =
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ExecutorService.class, BlockingQueue.class},
            (self, method, arguments) -> calls.incrementAndGet());

    assertThat(ExecutorProbe.isShutdown((ExecutorService) proxy)).isNull();
    assertThat(QueueProbe.size((BlockingQueue<?>) proxy)).isEqualTo(QueueProbe.UNKNOWN);
    assertThat(calls).hasValue(0);
  }

  @Test
  void aWrapperOfTheJdkAnswersForWhatItWraps() {
    for (ExecutorService executor :
        List.of(
            Executors.newSingleThreadExecutor(),
            Executors.newSingleThreadScheduledExecutor(),
            Executors.unconfigurableExecutorService(Executors.newCachedThreadPool()))) {
      assertThat(ExecutorProbe.isShutdown(executor)).isFalse();
      executor.shutdown();
      assertThat(ExecutorProbe.isShutdown(executor)).isTrue();
      assertThat(ExecutorProbe.state(executor).terminated()).isTrue();
    }
  }

  @Test
  void theCostsAreTheListsOwn() {
    assertThat(Answers.cost(new LinkedBlockingQueue<>(), "size")).isEqualTo(Cost.NONE);
    assertThat(Answers.cost(new ArrayBlockingQueue<>(1), "size")).isEqualTo(Cost.LOCK);
    assertThat(Answers.cost(new Object(), "size")).isNull();
    assertThat(Answers.cost(new ArrayList<>(), "size")).isNull();
  }

  private void hold(Runnable holds) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    hold(
        () -> {
          begun.countDown();
          holds.run();
        },
        begun);
    while (threads.get(0).getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private void hold(Runnable holds, CountDownLatch held) throws InterruptedException {
    Thread holder = new Thread(holds, "holder");
    threads.add(holder);
    holder.start();
    held.await();
  }

  private void await() {
    boolean done = false;
    while (!done) {
      try {
        released.await();
        done = true;
      } catch (InterruptedException e) {
        LockSupport.parkNanos(1);
      }
    }
  }

  private static void awaitAnswer(IntSupplier question, int answer) {
    while (question.getAsInt() != answer) {
      Thread.onSpinWait();
    }
    assertThat(question.getAsInt()).isEqualTo(answer);
  }
}
