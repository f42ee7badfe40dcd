package vendor.stuck;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Threads that wait, each with what is true of it. In a package of its own: what is LeakCheck's is
 * not followed. A thread is named after its case, and what must be proved begins with an
 * exclamation mark.
 */
final class StuckCases {

  static final BlockingQueue<Object> IN_A_STATIC = new LinkedBlockingQueue<>();
  static WeakReference<BlockingQueue<Object>> weakly;
  static Thread heldThread;
  static final CompletableFuture<Object> HELD_STAGE = new CompletableFuture<>();
  static Object staticMonitor = new Object();
  static final byte[] ARRAY = new byte[0];
  static Runnable lambda;
  static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();
  static Object resource = new Object();
  static Class<?> signed;
  static final Cleaner CLEANER = Cleaner.create();

  /** A class of its own for what is waited for, so that no other object is mistaken for it. */
  private static final class Gate {}

  @Retention(RetentionPolicy.RUNTIME)
  private @interface Noted {
    Inner inner() default @Inner;
  }

  @Retention(RetentionPolicy.RUNTIME)
  private @interface Inner {}

  @Noted
  private static class Reflected<T extends Comparable<T>> extends ArrayList<String>
      implements Supplier<List<T>> {
    private static final long serialVersionUID = 1;

    @Override
    public List<T> get() {
      return null;
    }
  }

  /** Whoever reads its queue, once the resource is gone, puts something. */
  private static final class Weakly extends WeakReference<Object> {
    final BlockingQueue<Object> ended = new LinkedBlockingQueue<>();

    Weakly() {
      super(resource, COLLECTED);
    }
  }

  private static final class Phantom extends PhantomReference<Object> {
    final BlockingQueue<Object> ended = new LinkedBlockingQueue<>();

    Phantom() {
      super(resource, COLLECTED);
    }
  }

  /** What hides a field of a JDK class has its name, and is another. */
  private static final class OwnQueue extends WeakReference<Object> {
    final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    OwnQueue() {
      super(resource, COLLECTED);
    }
  }

  private static final class OwnReferent extends PhantomReference<Object> {
    final BlockingQueue<Object> referent = new LinkedBlockingQueue<>();

    OwnReferent() {
      super(resource, COLLECTED);
    }
  }

  private static final class OwnId extends Thread {
    final long tid;
    final BlockingQueue<Object> mine = new LinkedBlockingQueue<>();

    OwnId(String name, Thread watched) {
      super(name);
      tid = watched.getId();
    }

    @Override
    public void run() {
      try {
        mine.take();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class OwnHolder extends Thread {
    final Thread holder;
    final BlockingQueue<Object> feeds;

    OwnHolder(Thread holder, BlockingQueue<Object> feeds) {
      super("feeding sleeper");
      this.holder = holder;
      this.feeds = feeds;
    }

    @Override
    public void run() {
      try {
        new LinkedBlockingQueue<>().poll(1_000_000, java.util.concurrent.TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      feeds.add("fed");
    }
  }

  static final List<Object> KEPT = new ArrayList<>();

  private static final ClassValue<BlockingQueue<Object>> BY_CLASS =
      new ClassValue<>() {
        @Override
        protected BlockingQueue<Object> computeValue(Class<?> type) {
          return new LinkedBlockingQueue<>();
        }
      };

  private StuckCases() {}

  interface Waits {
    void run() throws Exception;
  }

  static Thread start(String name, Waits waits) {
    Thread thread =
        new Thread(
            () -> {
              try {
                waits.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Plants all of them; true is what must be proved. */
  static Map<String, Boolean> plant() {
    forgotten();
    held();
    Map<String, Boolean> expected = new TreeMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("!")) {
        expected.put(thread.getName(), true);
      } else if (thread.getName().startsWith("?")) {
        expected.put(thread.getName(), false);
      }
    }
    return expected;
  }

  private static void forgotten() {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    start("!take", queue::take);
    CountDownLatch latch = new CountDownLatch(1);
    start("!latch", latch::await);
    Semaphore semaphore = new Semaphore(0);
    start("!semaphore", semaphore::acquire);
    Exchanger<Object> exchanger = new Exchanger<>();
    start("!exchanger", () -> exchanger.exchange(new Object()));
    CompletableFuture<Object> future = new CompletableFuture<>();
    start("!future", future::get);
    stages();
    SynchronousQueue<Object> synchronous = new SynchronousQueue<>();
    start("!put", () -> synchronous.put(new Object()));
    BlockingQueue<Object> left = new ArrayBlockingQueue<>(1);
    BlockingQueue<Object> right = new ArrayBlockingQueue<>(1);
    start("!cycle-1", () -> right.put(left.take()));
    start("!cycle-2", () -> left.put(right.take()));
    Gate gate = new Gate();
    start(
        "!monitor",
        () -> {
          synchronized (gate) {
            gate.wait();
          }
        });
    Object plain = new Object();
    start(
        "!monitor-of-a-common-class",
        () -> {
          synchronized (plain) {
            plain.wait();
          }
        });
    BlockingQueue<Object> never = new LinkedBlockingQueue<>();
    Thread stuck = start("!joined", never::take);
    start("!join", stuck::join);
    ReentrantLock lock = new ReentrantLock();
    CountDownLatch locked = new CountDownLatch(1);
    BlockingQueue<Object> inside = new LinkedBlockingQueue<>();
    start(
        "!holds-lock",
        () -> {
          lock.lock();
          locked.countDown();
          inside.take();
        });
    await(locked);
    start("!wants-lock", lock::lock);
    Object monitor = new Object();
    CountDownLatch entered = new CountDownLatch(1);
    BlockingQueue<Object> within = new LinkedBlockingQueue<>();
    start(
        "!holds-monitor",
        () -> {
          synchronized (monitor) {
            entered.countDown();
            within.take();
          }
        });
    await(entered);
    start(
        "!wants-monitor",
        () -> {
          synchronized (monitor) {
            monitor.notifyAll();
          }
        });
    Object first = new Object();
    Object second = new Object();
    CyclicBarrier both = new CyclicBarrier(2);
    start("!deadlock-1", () -> enterBoth(first, second, both));
    start("!deadlock-2", () -> enterBoth(second, first, both));
    BlockingQueue<Object> same = new LinkedBlockingQueue<>();
    start("!same-queue-1", same::take);
    start("!same-queue-2", same::take);
    CompletableFuture<Object> awaited = new CompletableFuture<>();
    start("!same-future-1", awaited::get);
    start("!same-future-2", awaited::get);
    CountDownLatch counted = new CountDownLatch(1);
    CompletableFuture<Object> completed = new CompletableFuture<>();
    start(
        "!circle-latch",
        () -> {
          counted.await();
          completed.complete("");
        });
    start(
        "!circle-future",
        () -> {
          completed.get();
          counted.countDown();
        });
    ThreadFactory named = task -> daemon("!idle-worker", task);
    ExecutorService pool = Executors.newFixedThreadPool(1, named);
    CompletableFuture.runAsync(() -> {}, pool).join();
  }

  /** Stages that nobody can complete, some of which have something to run next. */
  private static void stages() {
    start(
        "!stages",
        () -> {
          CompletableFuture<Object> first = new CompletableFuture<>();
          CompletableFuture<Object> second = new CompletableFuture<>();
          CompletableFuture<Void> last =
              first.thenApply(new Approval()).thenAcceptBoth(second, new Shipping());
          CompletableFuture<Object> done = CompletableFuture.completedFuture("");
          done.thenApply(value -> value);
          last.get();
          first.complete("");
          Reference.reachabilityFence(second);
          Reference.reachabilityFence(done);
        });
    start("?held-stage", () -> HELD_STAGE.thenApply(new Approval()).get());
  }

  private static final class Approval implements Function<Object, Object> {
    @Override
    public Object apply(Object order) {
      return order;
    }
  }

  private static final class Shipping implements BiConsumer<Object, Object> {
    @Override
    public void accept(Object order, Object address) {}
  }

  private static void enterBoth(Object first, Object second, CyclicBarrier both) throws Exception {
    synchronized (first) {
      both.await();
      synchronized (second) {
        second.notifyAll();
      }
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static void held() {
    start("?static", IN_A_STATIC::take);
    BlockingQueue<Object> weak = new LinkedBlockingQueue<>();
    weakly = new WeakReference<>(weak);
    start("?weak", weak::take);
    BlockingQueue<Object> cleaned = new LinkedBlockingQueue<>();
    CLEANER.register(resource, () -> cleaned.add(""));
    start("?fed-by-a-cleaner", cleaned::take);
    CountDownLatch mine = new CountDownLatch(1);
    heldThread = start("?static-thread", mine::await);
    BlockingQueue<Object> fed = new LinkedBlockingQueue<>();
    start("?fed-by-a-sleeper", fed::take);
    start(
        "sleeper",
        () -> {
          Thread.sleep(1_000_000);
          fed.put("");
        });
    Object common = staticMonitor;
    start(
        "?static-monitor",
        () -> {
          synchronized (common) {
            common.wait();
          }
        });
    start(
        "?monitor-of-a-class",
        () -> {
          synchronized (StuckCases.class) {
            StuckCases.class.wait();
          }
        });
    BlockingQueue<Object> timed = new LinkedBlockingQueue<>();
    Thread sleeper = start("other-sleeper", () -> Thread.sleep(1_000_000));
    start("?joins-a-sleeper", sleeper::join);
    start("?timed", () -> timed.poll(1_000_000, java.util.concurrent.TimeUnit.SECONDS));
    start("?parks-itself", () -> LockSupport.park());
    start("?class-value", () -> BY_CLASS.get(StuckCases.class).take());
    ThreadLocal<Object> local = new ThreadLocal<>();
    BlockingQueue<Object> ofLocal = new LinkedBlockingQueue<>();
    start("?in-a-thread-local", ofLocal::take);
    start(
        "local-holder",
        () -> {
          local.set(ofLocal);
          Thread.sleep(1_000_000);
        });
    collected();
    hiddenFields();
    commonMonitors();
    virtual();
    // Held by one that is held itself: the walk goes on through what it reaches.
    BlockingQueue<Object> second = new LinkedBlockingQueue<>();
    start("?held-by-one-that-is-held", second::take);
    start(
        "?static-too",
        () -> {
          Object got = IN_A_STATIC.take();
          second.put(got);
        });
    Object owned = new Object();
    CountDownLatch entered = new CountDownLatch(1);
    start(
        "holds-for-a-while",
        () -> {
          synchronized (owned) {
            entered.countDown();
            Thread.sleep(1_000_000);
          }
        });
    await(entered);
    start(
        "?wants-what-a-sleeper-holds",
        () -> {
          synchronized (owned) {
            owned.notifyAll();
          }
        });
  }

  /** The waiting thread alone holds the reference, and the collector puts it into its queue. */
  private static void collected() {
    start(
        "?weak-reference-with-a-queue",
        () -> {
          Weakly reference = new Weakly();
          reference.ended.take();
          Reference.reachabilityFence(reference);
        });
    start(
        "?phantom-reference-with-a-queue",
        () -> {
          Phantom reference = new Phantom();
          reference.ended.take();
          Reference.reachabilityFence(reference);
        });
  }

  private static void hiddenFields() {
    start(
        "?weak-reference-with-a-queue-of-its-own",
        () -> {
          OwnQueue reference = new OwnQueue();
          reference.queue.take();
          Reference.reachabilityFence(reference);
        });
    OwnReferent phantom = new OwnReferent();
    KEPT.add(phantom);
    start("?phantom-reference-with-a-referent-of-its-own", phantom.referent::take);
    Thread held = start("?watched", IN_A_STATIC::take);
    daemon(new OwnId("!own-id", held)).start();
    BlockingQueue<Object> fed = new LinkedBlockingQueue<>();
    start("?fed-by-a-thread-with-a-holder", fed::take);
    daemon(new OwnHolder(start("?held-as-holder", new LinkedBlockingQueue<>()::take), fed)).start();
  }

  private static Thread daemon(Thread thread) {
    thread.setDaemon(true);
    return thread;
  }

  /** Objects whose class a dump calls otherwise, that it does not follow, or anybody can get. */
  private static void commonMonitors() {
    lambda = () -> resource = new Object();
    waitFor("?monitor-of-an-array", ARRAY);
    waitFor("?monitor-of-a-lambda", lambda);
    ofClasses();
    start(
        "?monitor-of-an-interned-string",
        () -> {
          Object interned = ("order " + ARRAY.length).intern();
          synchronized (interned) {
            interned.wait();
          }
        });
  }

  /** What a class leads to by fields that a dump does not have: anybody is given the same. */
  private static void ofClasses() {
    try {
      Noted noted = Reflected.class.getAnnotation(Noted.class);
      waitFor("?monitor-of-an-annotation", noted);
      waitFor("?monitor-of-an-annotation-in-one", noted.inner());
      waitFor(
          "?monitor-of-a-jdk-annotation", FunctionalInterface.class.getAnnotation(Retention.class));
      waitFor("?monitor-of-a-generic-superclass", Reflected.class.getGenericSuperclass());
      waitFor(
          "?monitor-of-an-argument-of-a-type",
          ((ParameterizedType) Reflected.class.getGenericInterfaces()[0])
              .getActualTypeArguments()[0]);
      waitFor("?monitor-of-a-type-variable", Reflected.class.getTypeParameters()[0]);
      waitFor("?monitor-of-a-jdk-type-variable", Map.class.getTypeParameters()[0]);
      waitFor("?monitor-of-a-module", Map.class.getModule());
      waitFor("?monitor-of-a-module-nobody-else-has", moduleOfItsOwn().getModule());
      signed = signed();
      waitFor("?monitor-of-a-signer", signed.getSigners()[0]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    // Made anew at each call: nobody else has it.
    waitFor("!monitor-of-an-annotated-type", Reflected.class.getAnnotatedSuperclass());
  }

  private static Class<?> moduleOfItsOwn() {
    return Proxy.newProxyInstance(
            StuckCases.class.getClassLoader(),
            new Class<?>[] {Noted.class},
            (proxy, method, arguments) -> null)
        .getClass();
  }

  private static Class<?> signed() throws IOException {
    return new ClassLoader(null) {
      Class<?> make() throws IOException {
        byte[] code;
        try (InputStream in = Gate.class.getResourceAsStream("StuckCases$Gate.class")) {
          code = in.readAllBytes();
        }
        Class<?> made = defineClass(null, code, 0, code.length);
        setSigners(made, new Object[] {new Gate()});
        return made;
      }
    }.make();
  }

  private static void waitFor(String name, Object monitor) {
    start(
        name,
        () -> {
          synchronized (monitor) {
            monitor.wait();
          }
        });
  }

  /** Found by name, since this is compiled for Java 17. */
  private static void startVirtual(Waits waits) {
    try {
      Thread.class
          .getMethod("startVirtualThread", Runnable.class)
          .invoke(
              null,
              (Runnable)
                  () -> {
                    try {
                      waits.run();
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  });
    } catch (ReflectiveOperationException before21) {
      start("sleeper", waits);
    }
  }

  private static void virtual() {
    BlockingQueue<Object> fed = new LinkedBlockingQueue<>();
    start("?fed-by-a-virtual-sleeper", fed::take);
    CountDownLatch sleeps = new CountDownLatch(2);
    startVirtual(
        () -> {
          sleeps.countDown();
          Thread.sleep(1_000_000);
          fed.put("");
        });
    BlockingQueue<Object> passed = new LinkedBlockingQueue<>();
    BlockingQueue<Object> never = IN_A_STATIC;
    start("?passed-by-a-virtual-waiter", passed::take);
    startVirtual(
        () -> {
          sleeps.countDown();
          passed.put(never.take());
        });
    await(sleeps);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until every planted thread waits. */
  static List<Thread> settled() throws InterruptedException {
    while (true) {
      List<Thread> planted = new ArrayList<>();
      boolean all = true;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().matches("[!?].*|.*sleeper|.*holder|holds-.*")) {
          planted.add(thread);
          all &=
              thread.getState() != Thread.State.RUNNABLE && thread.getState() != Thread.State.NEW;
        }
      }
      if (all) {
        return planted;
      }
      Thread.sleep(10);
    }
  }
}
