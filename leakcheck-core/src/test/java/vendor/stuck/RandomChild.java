package vendor.stuck;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.heap.HeapProof;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A JVM of its own with threads at random, platform or virtual ones, that wait for things at
 * random, which statics, sleepers, references and each other hold at random. The plan knows who can
 * be woken: a thing that is held, the thread that waits for it, and so what that thread holds.
 * Prints what differs, and counts.
 */
public final class RandomChild {

  private static final int THINGS = 24;
  private static final int KINDS = 9;

  /** The last one is a monitor, for which a virtual thread is no question for the collector. */
  private static final int KINDS_FOR_VIRTUAL = KINDS - 1;

  /** Before that, dumps lack the stacks of virtual threads. */
  private static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 22;

  private static boolean virtual;

  static final List<Object> HELD = new ArrayList<>();

  private RandomChild() {}

  /** Something to wait for. */
  private interface Thing {
    void await() throws Exception;

    void wake();
  }

  /** Of one round: which thing leads to which, by numbers. */
  private static final class Plan {
    final BitSet held = new BitSet();
    final Map<Integer, BitSet> after = new HashMap<>();

    /** The threads, by their ids. */
    final Map<Long, Integer> waiting = new HashMap<>();

    BitSet reachable() {
      BitSet reached = (BitSet) held.clone();
      for (boolean more = true; more; ) {
        int before = reached.cardinality();
        after.forEach(
            (thing, then) -> {
              if (reached.get(thing)) {
                reached.or(then);
              }
            });
        more = reached.cardinality() > before;
      }
      return reached;
    }
  }

  /** Takes a number of rounds and a seed, and whether the threads are to be virtual. */
  public static void main(String[] args) throws Exception {
    Thread main = Thread.currentThread();
    Thread.setDefaultUncaughtExceptionHandler((ended, e) -> tell(ended == main, e));
    Random random = new Random(Long.parseLong(args[1]));
    virtual = args.length > 2;
    int[] counts = new int[3];
    if (virtual) { // with an agent the JVM holds those that load a class: these do so for the
      // others
      round(-1, random, new int[3]);
    }
    for (int round = 0; round < Integer.parseInt(args[0]); round++) {
      round(round, random, counts);
    }
    System.out.println("false " + counts[0] + " proved " + counts[1] + " of " + counts[2]);
    Runtime.getRuntime().halt(0);
  }

  /** Those that were interrupted are of no interest. */
  private static void tell(boolean wanted, Throwable e) {
    if (wanted) {
      e.printStackTrace();
    }
  }

  private static void round(int round, Random random, int[] counts) throws Exception {
    Plan plan = plant(random);
    settle();
    check(round, plan, counts);
    end();
  }

  private static Plan plant(Random random) {
    Plan plan = new Plan();
    Thing[] things = new Thing[THINGS];
    for (int i = 0; i < THINGS; i++) {
      things[i] = thing(random.nextInt(virtual ? KINDS_FOR_VIRTUAL : KINDS));
    }
    for (int i = 0; i < THINGS; i++) {
      BitSet then = new BitSet();
      List<Thing> holds = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        int other = random.nextInt(THINGS);
        then.set(other);
        holds.add(things[other]);
      }
      plan.after.put(i, then);
      plan.waiting.put(start("waits-" + i, things[i], holds), i);
      if (random.nextInt(8) == 0) {
        plan.held.set(i);
        hold(things[i], random.nextInt(HAS_VIRTUAL ? 6 : 5));
      }
    }
    return plan;
  }

  /** Tells the id: nothing here may hold the thread. */
  private static long start(String name, Thing thing, List<Thing> holds) {
    StuckCases.Waits waits =
        () -> {
          try {
            thing.await();
          } finally {
            holds.forEach(Thing::wake);
          }
        };
    return (virtual ? VirtualCases.start(waits::run) : StuckCases.start(name, waits)).getId();
  }

  private static void hold(Thing thing, int how) {
    switch (how) {
      case 0 -> HELD.add(thing);
      case 1 -> HELD.add(new WeakReference<>(anchored(thing)));
      case 2 -> HELD.add(new SoftReference<>(thing));
      case 3 ->
          StuckCases.start(
              "round-sleeper",
              () -> {
                Thread.sleep(1_000_000);
                thing.wake();
              });
      case 4 -> {
        ThreadLocal<Object> local = new ThreadLocal<>();
        StuckCases.start(
            "round-sleeper",
            () -> {
              local.set(thing);
              new LinkedBlockingQueue<>().poll(1_000_000, TimeUnit.SECONDS);
              ((Thing) local.get()).wake();
            });
      }
      default ->
          VirtualCases.start(
              () -> {
                Thread.sleep(1_000_000);
                thing.wake();
              });
    }
  }

  /** The waiting thread itself keeps the thing alive. */
  private static Thing anchored(Thing thing) {
    return thing;
  }

  private static Thing thing(int kind) {
    switch (kind) {
      case 0:
        return new Queue(new LinkedBlockingQueue<>());
      case 1:
        return new Queue(new ArrayBlockingQueue<>(1));
      case 2:
        return new Queue(new SynchronousQueue<>());
      case 3:
        CountDownLatch latch = new CountDownLatch(1);
        return thing(latch::await, latch::countDown);
      case 4:
        Semaphore semaphore = new Semaphore(0);
        return thing(semaphore::acquire, semaphore::release);
      case 5:
        CompletableFuture<Object> future = new CompletableFuture<>();
        return thing(future::get, () -> future.complete(""));
      case 6:
        Exchanger<Object> exchanger = new Exchanger<>();
        return thing(() -> exchanger.exchange(""), () -> {});
      case 7:
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        return thing(
            () -> {
              lock.lock();
              condition.await();
            },
            () -> {});
      default:
        Object monitor = new Object();
        return thing(
            () -> {
              synchronized (monitor) {
                monitor.wait();
              }
            },
            () -> {
              synchronized (monitor) {
                monitor.notifyAll();
              }
            });
    }
  }

  private record Queue(BlockingQueue<Object> queue) implements Thing {
    @Override
    public void await() throws Exception {
      queue.take();
    }

    @Override
    public void wake() {
      queue.offer("");
    }
  }

  private static Thing thing(StuckCases.Waits waits, Runnable wakes) {
    return new Thing() {
      @Override
      public void await() throws Exception {
        waits.run();
      }

      @Override
      public void wake() {
        wakes.run();
      }
    };
  }

  private static void settle() throws InterruptedException {
    while (!isSettled()) {
      Thread.sleep(5);
    }
  }

  private static boolean isSettled() {
    return threads().stream()
        .allMatch(
            thread ->
                thread.getState() == Thread.State.WAITING
                    || thread.getState() == Thread.State.TIMED_WAITING);
  }

  /** All that were started here and live. */
  private static List<Thread> threads() {
    List<Thread> threads = new ArrayList<>(VirtualThreads.all().orElse(List.of()));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("waits-.*|round-sleeper")) {
        threads.add(thread);
      }
    }
    return threads;
  }

  private static Map<Long, Proof> ask(Plan plan) {
    if (!virtual) {
      return new HeapProof(new HeapDumper())
          .of(new HeapProof.Asked(plan.waiting.keySet()), Garbage.liveBytes())
          .proofs();
    }
    List<Thread> threads = threads();
    threads.removeIf(thread -> !plan.waiting.containsKey(thread.getId()));
    return VirtualCases.ask(threads);
  }

  private static void check(int round, Plan plan, int[] counts) {
    BitSet reachable = plan.reachable();
    Map<Long, Proof> proofs = ask(plan);
    plan.waiting.forEach(
        (id, thing) -> {
          boolean mayBeWoken = reachable.get(thing);
          boolean proved = proofs.get(id) instanceof Proof.Proved;
          counts[0] += proved && mayBeWoken ? 1 : 0;
          counts[1] += proved && !mayBeWoken ? 1 : 0;
          counts[2] += mayBeWoken ? 0 : 1;
          if (proved == mayBeWoken) {
            System.out.println("round " + round + " waits-" + thing + " " + proofs.get(id));
          }
        });
  }

  private static void end() throws InterruptedException {
    HELD.clear();
    for (Thread thread : threads()) {
      thread.interrupt();
      thread.join();
    }
  }
}
