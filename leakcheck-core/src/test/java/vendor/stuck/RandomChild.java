package vendor.stuck;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
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
 * A JVM of its own with threads at random that wait for things at random, which statics, sleepers,
 * references and each other hold at random. The plan knows who can be woken: a thing that is held,
 * the thread that waits for it, and so what that thread holds. Prints what differs, and counts.
 */
public final class RandomChild {

  private static final int THINGS = 24;

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

  /** Takes a number of rounds and a seed. */
  public static void main(String[] args) throws Exception {
    Random random = new Random(Long.parseLong(args[1]));
    int rounds = Integer.parseInt(args[0]);
    int[] counts = new int[3];
    for (int round = 0; round < rounds; round++) {
      Plan plan = plant(random);
      settle();
      check(round, plan.reachable(), counts);
      end();
    }
    System.out.println("false " + counts[0] + " proved " + counts[1] + " of " + counts[2]);
    Runtime.getRuntime().halt(0);
  }

  private static Plan plant(Random random) {
    Plan plan = new Plan();
    Thing[] things = new Thing[THINGS];
    for (int i = 0; i < THINGS; i++) {
      things[i] = thing(random.nextInt(9));
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
      start("waits-" + i, things[i], holds);
      if (random.nextInt(8) == 0) {
        plan.held.set(i);
        hold(things[i], random.nextInt(5));
      }
    }
    return plan;
  }

  private static void start(String name, Thing thing, List<Thing> holds) {
    StuckCases.start(
        name,
        () -> {
          try {
            thing.await();
          } finally {
            holds.forEach(Thing::wake);
          }
        });
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
      default -> {
        ThreadLocal<Object> local = new ThreadLocal<>();
        StuckCases.start(
            "round-sleeper",
            () -> {
              local.set(thing);
              new LinkedBlockingQueue<>().poll(1_000_000, TimeUnit.SECONDS);
              ((Thing) local.get()).wake();
            });
      }
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
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().matches("waits-.*|round-sleeper"))
        .allMatch(
            entry ->
                entry.getKey().getState() == Thread.State.WAITING
                    || entry.getKey().getState() == Thread.State.TIMED_WAITING);
  }

  private static Map<Long, String> names() {
    Map<Long, String> names = new HashMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("waits-")) {
        names.put(thread.getId(), thread.getName());
      }
    }
    return names;
  }

  private static void check(int round, BitSet reachable, int[] counts) {
    Map<Long, String> names = names();
    Map<Long, Proof> proofs =
        new HeapProof(new HeapDumper())
            .of(new HeapProof.Asked(names.keySet()), Garbage.liveBytes())
            .proofs();
    names.forEach(
        (id, name) -> {
          boolean mayBeWoken = reachable.get(Integer.parseInt(name.substring(6)));
          boolean proved = proofs.get(id) instanceof Proof.Proved;
          counts[0] += proved && mayBeWoken ? 1 : 0;
          counts[1] += proved && !mayBeWoken ? 1 : 0;
          counts[2] += mayBeWoken ? 0 : 1;
          if (proved == mayBeWoken) {
            System.out.println("round " + round + " " + name + " " + proofs.get(id));
          }
        });
  }

  private static void end() throws InterruptedException {
    HELD.clear();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("waits-.*|round-sleeper")) {
        thread.setUncaughtExceptionHandler((ended, e) -> {});
        thread.interrupt();
        thread.join();
      }
    }
  }
}
