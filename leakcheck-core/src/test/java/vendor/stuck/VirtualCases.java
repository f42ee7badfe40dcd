package vendor.stuck;

import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.virtual.VirtualProof;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** A JVM of its own, with the agent: virtual threads that wait, and what is proved of them. */
public final class VirtualCases {

  private static final BlockingQueue<String> STATIC = new LinkedBlockingQueue<>();
  private static final Object[] KEPT = new Object[20];
  private static final Object RESOURCE = new Object();
  private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();
  private static int kept;

  private VirtualCases() {}

  /** Has threads started and awaits that they wait; nothing of it stays on this thread's stack. */
  private interface Case {
    List<Thread> start() throws Exception;
  }

  /** Code that may throw anything. */
  public interface Body {
    void run() throws Exception;
  }

  public static Thread start(Body body) {
    return Jdk21.startVirtual(
        "",
        () -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  public static Thread waiting(Body body) {
    Thread thread = start(body);
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING
        && thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    return thread;
  }

  private static Map<String, Case> cases() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("queue", () -> List.of(waiting(() -> new LinkedBlockingQueue<String>().take())));
    cases.put("hand-over", () -> List.of(waiting(() -> new SynchronousQueue<String>().put(""))));
    cases.put("latch", () -> List.of(waiting(() -> new CountDownLatch(1).await())));
    cases.put("semaphore", () -> List.of(waiting(() -> new Semaphore(0).acquire())));
    cases.put("future", () -> List.of(waiting(() -> new CompletableFuture<String>().join())));
    cases.put("exchanger", () -> List.of(waiting(() -> new Exchanger<String>().exchange(""))));
    cases.put("condition", () -> List.of(waiting(VirtualCases::awaitCondition)));
    cases.put("each-other", VirtualCases::eachOther);
    cases.put("join-of-stuck", VirtualCases::joinOfStuck);
    cases.put("static", () -> List.of(waiting(STATIC::take)));
    cases.put("weak-queue", () -> List.of(onKept(queue -> new WeakReference<>(queue))));
    cases.put("soft-queue", () -> List.of(onKept(queue -> new SoftReference<>(queue))));
    cases.put("finalizable", () -> List.of(onKept(VirtualCases::unreachable)));
    cases.put("weak-thread", VirtualCases::weakThread);
    cases.put("fed-by-platform", VirtualCases::fedByPlatform);
    cases.put("fed-by-virtual", VirtualCases::fedByVirtual);
    cases.put(
        "timed", () -> List.of(waiting(() -> new Semaphore(0).tryAcquire(1, TimeUnit.HOURS))));
    cases.put("sleeping", () -> List.of(waiting(() -> Thread.sleep(3_600_000))));
    cases.put("bare-park", () -> List.of(waiting(LockSupport::park)));
    cases.put("object-wait", () -> List.of(waiting(VirtualCases::waitInMonitor)));
    cases.put("worker", VirtualCases::worker);
    cases.put("reads-references", () -> List.of(waiting(() -> new ReferenceQueue<>().remove())));
    cases.put("reference-with-queue", () -> List.of(waiting(VirtualCases::awaitCollection)));
    return cases;
  }

  private static void awaitCondition() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    lock.newCondition().await();
  }

  private static void waitInMonitor() throws InterruptedException {
    Object monitor = new Object();
    synchronized (monitor) {
      monitor.wait();
    }
  }

  /** Whoever reads its queue, once the object is gone, puts something. */
  private static final class Ending extends WeakReference<Object> {
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    Ending() {
      super(RESOURCE, COLLECTED);
    }
  }

  private static void awaitCollection() throws InterruptedException {
    Ending reference = new Ending();
    reference.ended.take();
    Reference.reachabilityFence(reference);
  }

  private static List<Thread> eachOther() {
    BlockingQueue<String> one = new LinkedBlockingQueue<>();
    BlockingQueue<String> other = new LinkedBlockingQueue<>();
    return List.of(waiting(() -> other.add(one.take())), waiting(() -> one.add(other.take())));
  }

  private static List<Thread> joinOfStuck() {
    Thread stuck = waiting(() -> new CountDownLatch(1).await());
    return List.of(stuck, waiting(stuck::join));
  }

  /** Takes from a queue that only what is made of it leads to. */
  private static Thread onKept(Function<BlockingQueue<String>, Object> holder) {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    KEPT[kept++] = holder.apply(queue);
    return waiting(queue::take);
  }

  private static Object unreachable(BlockingQueue<String> queue) {
    new Finalizable(queue);
    return "";
  }

  /** Would wake the thread when it is collected. */
  private static final class Finalizable {
    private final BlockingQueue<String> queue;

    Finalizable(BlockingQueue<String> queue) {
      this.queue = queue;
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"})
    protected void finalize() {
      queue.add("");
    }
  }

  private static List<Thread> weakThread() {
    Thread thread = waiting(() -> new LinkedBlockingQueue<String>().take());
    KEPT[kept++] = new WeakReference<>(thread);
    return List.of(thread);
  }

  private static List<Thread> fedByPlatform() {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    Thread feeder = new Thread(() -> feed(queue), "feeder");
    feeder.setDaemon(true);
    feeder.start();
    return List.of(waiting(queue::take));
  }

  private static List<Thread> fedByVirtual() {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    start(() -> feed(queue));
    return List.of(waiting(queue::take));
  }

  private static void feed(BlockingQueue<String> queue) {
    try {
      Thread.sleep(3_600_000);
    } catch (InterruptedException e) {
      return;
    }
    queue.add("");
  }

  private static List<Thread> worker() {
    ExecutorService executor = Jdk21.virtualThreadPerTask();
    KEPT[kept++] = executor;
    List<Thread> threads = new ArrayList<>();
    CountDownLatch started = new CountDownLatch(1);
    executor.execute(
        () -> {
          threads.add(Thread.currentThread());
          started.countDown();
          new LinkedBlockingQueue<>(1).poll();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try {
      started.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    while (threads.get(0).getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return List.copyOf(threads);
  }

  /** Takes the cases, or none for all. All are asked about at once. */
  public static void main(String[] args) throws Exception {
    List<Thread> threads = new ArrayList<>();
    // An agent has the JVM hold each thread that loads a class: these have done so for the others.
    plant(List.of(args), new LinkedHashMap<>(), threads);
    threads.clear();
    Map<Long, String> names = new LinkedHashMap<>();
    plant(List.of(args), names, threads);
    Map<Long, Proof> answers = ask(threads);
    names.forEach((id, name) -> System.out.println(name + " " + told(answers.get(id))));
    Runtime.getRuntime().halt(0);
  }

  static Map<Long, Proof> ask(List<Thread> threads) {
    return new VirtualProof(new HeapDumper())
        .of(threads, Garbage.liveBytes(), Duration.ofSeconds(10));
  }

  private static String told(Proof proof) {
    if (proof instanceof Proof.Reachable reachable) {
      return "reachable from " + reachable.path().steps().get(0);
    }
    return proof instanceof Proof.Unknown unknown ? "unknown: " + unknown.reason() : "proved";
  }

  private static void plant(List<String> wanted, Map<Long, String> names, List<Thread> threads)
      throws Exception {
    for (Map.Entry<String, Case> each : cases().entrySet()) {
      if (wanted.isEmpty() || wanted.contains(each.getKey())) {
        for (Thread thread : each.getValue().start()) {
          names.put(LiveThreads.id(thread), each.getKey());
          threads.add(thread);
        }
      }
    }
  }
}
