package vendor.stuck;

import dev.leakcheck.Planted;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.heap.HeapProof;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A JVM of its own with threads at random, platform or virtual ones, that wait for things at
 * random, which statics, sleepers, references and each other hold at random. Some have a lock or a
 * monitor meanwhile that others want, some are joined, and some wait for a limited time. The plan
 * knows who can be woken: a thing that is held, the thread that waits for it, and so what that
 * thread holds. One dump answers for some rounds, which share nothing. Prints what differs, wakes
 * whatever can be reached, prints who moved though that was proved impossible, and counts.
 */
public final class RandomChild {

  private static final int THINGS = 24;

  /** They want the lock of a thread before them, or its end. */
  private static final int FOLLOWERS = 8;

  /** So many rounds are planted before it is asked: asking costs as much for one as for all. */
  private static final int AT_ONCE = 8;

  /** Nobody moved for so long: then it is assumed that nobody will. */
  private static final int CALM_MILLIS = 20;

  /** Before that, dumps lack the stacks of virtual threads. */
  private static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 22;

  private static boolean virtual;

  static final List<Object> HELD = new ArrayList<>();

  /** Those that wait no longer. */
  private static final Set<Waiter> WOKEN = ConcurrentHashMap.newKeySet();

  private RandomChild() {}

  /** A thread, by its number or that of what it waits for. */
  private record Waiter(int round, int number) {
    @Override
    public String toString() {
      return "round " + round + " waits-" + number;
    }
  }

  /** Of one round: which thread leads to which. */
  private static final class Plan {
    final int round;
    final BitSet held = new BitSet();
    final Map<Integer, BitSet> after = new HashMap<>();

    /** The threads, by their ids. */
    final Map<Long, Integer> waiting = new HashMap<>();

    Plan(int round) {
      this.round = round;
    }

    void leads(int from, int to) {
      after.computeIfAbsent(from, number -> new BitSet()).set(to);
    }

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

  /** What a thread has while it waits: a lock or the monitor of this object. */
  private static final class Guard {
    final ReentrantLock lock;
    final CountDownLatch taken = new CountDownLatch(1);

    Guard(boolean isLock) {
      lock = isLock ? new ReentrantLock() : null;
    }

    void within(StuckCases.Waits waits) throws Exception {
      if (lock == null) {
        synchronized (this) {
          taken.countDown();
          waits.run();
        }
      } else {
        lock.lock();
        try {
          taken.countDown();
          waits.run();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** Takes a number of rounds and a seed, and whether the threads are to be virtual. */
  public static void main(String[] args) throws Exception {
    Thread main = Thread.currentThread();
    Thread.setDefaultUncaughtExceptionHandler((ended, e) -> tell(ended == main, e));
    Random random = new Random(Long.parseLong(args[1]));
    virtual = args.length > 2;
    int[] counts = new int[4];
    if (virtual) { // with an agent the JVM holds those that load a class: these do so for the
      // others
      rounds(-1, 0, random, new int[4]);
    }
    int all = Integer.parseInt(args[0]);
    for (int round = 0; round < all; round += AT_ONCE) {
      rounds(round, Math.min(round + AT_ONCE, all), random, counts);
    }
    System.out.println(
        "false " + counts[0] + " proved " + counts[1] + " of " + counts[2] + " woken " + counts[3]);
    Runtime.getRuntime().halt(0);
  }

  /** Those that were interrupted are of no interest. */
  private static void tell(boolean wanted, Throwable e) {
    if (wanted) {
      e.printStackTrace();
    }
  }

  private static void rounds(int from, int to, Random random, int[] counts) throws Exception {
    List<Plan> plans = new ArrayList<>();
    for (int round = from; round < to; round++) {
      plans.add(plant(round, random));
    }
    settle();
    WOKEN.clear();
    Set<Waiter> proved = check(plans, counts);
    wakeAll();
    settle();
    counts[3] += WOKEN.size();
    for (Waiter waiter : proved) {
      if (WOKEN.contains(waiter)) {
        counts[0]++;
        System.out.println(waiter + " was proved, and woken");
      }
    }
    end();
  }

  private static Plan plant(int round, Random random) {
    Plan plan = new Plan(round);
    RandomThing[] things = new RandomThing[THINGS];
    for (int i = 0; i < THINGS; i++) {
      things[i] = RandomThing.any(random, !virtual);
    }
    Guard[] guards = new Guard[THINGS];
    Thread[] threads = new Thread[THINGS + FOLLOWERS];
    for (int i = 0; i < THINGS; i++) {
      guards[i] = random.nextInt(4) == 0 ? new Guard(virtual || random.nextBoolean()) : null;
      boolean limited = random.nextInt(12) == 0;
      StuckCases.Waits waits = limited ? things[i]::awaitLong : things[i]::await;
      threads[i] =
          start(new Waiter(round, i), guarded(guards[i], waits), some(i, things, plan, random));
      plan.waiting.put(threads[i].getId(), i);
      if (limited) {
        plan.held.set(i);
      }
      if (random.nextInt(8) == 0) {
        plan.held.set(i);
        hold(things[i], random.nextInt(HAS_VIRTUAL ? 6 : 5));
      }
    }
    for (int i = THINGS; i < threads.length; i++) {
      int other = random.nextInt(i);
      plan.leads(other, i);
      plan.leads(i, other);
      StuckCases.Waits waits = follow(threads[other], other < THINGS ? guards[other] : null);
      threads[i] = start(new Waiter(round, i), waits, some(i, things, plan, random));
      plan.waiting.put(threads[i].getId(), i);
    }
    return plan;
  }

  private static StuckCases.Waits guarded(Guard guard, StuckCases.Waits waits) {
    return guard == null ? waits : () -> guard.within(waits);
  }

  /** Waits for a thread's lock, or its end if it has none. */
  private static StuckCases.Waits follow(Thread other, Guard guard) {
    if (guard == null) {
      return other::join;
    }
    Planted.await(guard.taken);
    return () -> guard.within(() -> {});
  }

  private static List<RandomThing> some(
      int thread, RandomThing[] things, Plan plan, Random random) {
    List<RandomThing> some = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      int other = random.nextInt(THINGS);
      plan.leads(thread, other);
      some.add(things[other]);
    }
    return some;
  }

  private static Thread start(Waiter waiter, StuckCases.Waits waits, List<RandomThing> holds) {
    StuckCases.Waits all =
        () -> {
          try {
            waits.run();
          } finally {
            WOKEN.add(waiter);
            for (RandomThing each : holds) {
              each.wake();
            }
          }
        };
    return virtual
        ? VirtualCases.start(all::run)
        : StuckCases.start("waits-" + waiter.number(), all);
  }

  private static void hold(RandomThing thing, int how) {
    switch (how) {
      case 0 -> HELD.add(thing);
      case 1 -> HELD.add(new WeakReference<>(thing)); // who waits for it keeps it
      case 2 -> HELD.add(new SoftReference<>(thing));
      case 3 -> StuckCases.start("round-sleeper", () -> sleepAndWake(thing));
      case 4 -> {
        ThreadLocal<RandomThing> local = new ThreadLocal<>();
        StuckCases.start(
            "round-sleeper",
            () -> {
              local.set(thing);
              try {
                new LinkedBlockingQueue<>().poll(RandomThing.LONG, TimeUnit.SECONDS);
              } finally {
                local.get().wake();
              }
            });
      }
      default -> VirtualCases.start(() -> sleepAndWake(thing));
    }
  }

  private static void sleepAndWake(RandomThing thing) throws Exception {
    try {
      Thread.sleep(TimeUnit.SECONDS.toMillis(RandomThing.LONG));
    } finally {
      thing.wake();
    }
  }

  /** Until all wait, and nobody was woken for a while. */
  private static void settle() throws InterruptedException {
    int woken;
    do {
      woken = WOKEN.size();
      Thread.sleep(CALM_MILLIS);
    } while (WOKEN.size() != woken || !isSettled());
  }

  private static boolean isSettled() {
    return threads().stream()
        .map(Thread::getState)
        .allMatch(
            state ->
                state == Thread.State.WAITING
                    || state == Thread.State.TIMED_WAITING
                    || state == Thread.State.BLOCKED);
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

  private static Map<Long, Proof> ask(Set<Long> waiting) {
    if (!virtual) {
      return new HeapProof(new HeapDumper())
          .of(new HeapProof.Asked(waiting), Garbage.liveBytes())
          .proofs();
    }
    List<Thread> threads = threads();
    threads.removeIf(thread -> !waiting.contains(thread.getId()));
    return VirtualCases.ask(threads);
  }

  /** Tells which are proved. */
  private static Set<Waiter> check(List<Plan> plans, int[] counts) {
    Set<Long> waiting = new HashSet<>();
    plans.forEach(plan -> waiting.addAll(plan.waiting.keySet()));
    Map<Long, Proof> proofs = ask(waiting);
    Set<Waiter> all = new HashSet<>();
    for (Plan plan : plans) {
      BitSet reachable = plan.reachable();
      plan.waiting.forEach(
          (id, number) -> {
            Waiter waiter = new Waiter(plan.round, number);
            boolean mayBeWoken = reachable.get(number);
            boolean proved = proofs.get(id) instanceof Proof.Proved;
            if (proved) {
              all.add(waiter);
            }
            counts[0] += proved && mayBeWoken ? 1 : 0;
            counts[1] += proved && !mayBeWoken ? 1 : 0;
            counts[2] += mayBeWoken ? 0 : 1;
            if (proved == mayBeWoken) {
              System.out.println(waiter + " " + proofs.get(id));
            }
          });
    }
    return all;
  }

  /** What is held, and whoever moves by himself sooner or later, and so what these wake. */
  private static void wakeAll() throws Exception {
    for (Object held : HELD) {
      Object thing = held instanceof Reference<?> reference ? reference.get() : held;
      if (thing != null) {
        ((RandomThing) thing).wake();
      }
    }
    for (Thread thread : threads()) {
      if (thread.getState() == Thread.State.TIMED_WAITING) {
        thread.interrupt();
      }
    }
  }

  private static void end() throws InterruptedException {
    HELD.clear();
    List<Thread> threads = threads();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
