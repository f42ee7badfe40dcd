package dev.leakcheck.bench;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.heap.HeapProof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.virtual.VirtualProof;
import dev.leakcheck.proof.walk.Compiled;
import dev.leakcheck.proof.walk.Liveness;
import dev.leakcheck.proof.walk.Question;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;

/**
 * How long it takes to tell of a thread that waits whether anybody can wake it, in a JVM with a
 * heap of some size. Prints milliseconds as properties, medians of what was measured after a first
 * time:
 *
 * <ul>
 *   <li>{@code answer}: all of it, as a check that fails asks
 *   <li>{@code dump}: to have the JVM write a heap dump
 *   <li>{@code solve}: to read that dump and answer
 *   <li>{@code netbeans}: for NetBeans' reader to read it and tell the nearest root of the thread
 *   <li>{@code file}, {@code index}: how large the dump is, and what of it memory holds, in MB
 * </ul>
 */
final class ProofTimes {

  private static final double MB = 1 << 20;

  /** So often in a row the reference handler is seen to wait. */
  private static final int IDLE_LOOKS = 5;

  /** What has a finalizer takes more than one. */
  private static final int COLLECTIONS = 4;

  private ProofTimes() {}

  /**
   * Measures.
   *
   * @param args {@code heap}, how many MB live, and how often; or {@code virtual}, how many threads
   *     wait, and how often
   */
  public static void main(String[] args) throws Exception {
    int size = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    if (args[0].equals("heap")) {
      heap(size, rounds);
    } else {
      virtual(size, rounds);
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void heap(int megabytes, int rounds) throws Exception {
    // A static field of the JDK leads to it, as LeakCheck's own classes are not followed.
    System.getProperties().put("bench.filler", filler(megabytes));
    long id = startForgotten();
    Map<String, List<Double>> times = new HashMap<>();
    for (int round = 0; round <= rounds; round++) {
      awaitUnmapped();
      long begin = System.nanoTime();
      Proof proof =
          new HeapProof(new HeapDumper())
              .of(new HeapProof.Asked(Set.of(id)), Garbage.liveBytes())
              .proofs()
              .get(id);
      note("answer", begin, times);
      if (!(proof instanceof Proof.Proved)) {
        throw new IllegalStateException("not proved: " + proof);
      }
      long dumping = System.nanoTime();
      new HeapDumper()
          .dump(
              Garbage.liveBytes(),
              (file, memory) -> {
                note("dump", dumping, times);
                times.put("file", List.of(Files.size(file) / MB));
                read(file, times);
                readByNetBeans(file, times);
                return "";
              });
    }
    print(times);
  }

  private static void read(Path file, Map<String, List<Double>> times) throws IOException {
    long begin = System.nanoTime();
    try (Heap heap = HeapReader.read(file, Long.MAX_VALUE, read -> {})) {
      Question question =
          new Question(Optional.empty(), Set.of(), Compiled.read(""), -1, "", Set.of(), Map.of());
      if (Liveness.of(heap, question).isEmpty()) {
        throw new IllegalStateException("no thread that waits was found");
      }
      note("solve", begin, times);
      times.put("index", List.of(heap.indexBytes() / MB));
    }
  }

  /** It tells the nearest root of an object, which is a part of the question. */
  private static void readByNetBeans(Path file, Map<String, List<Double>> times)
      throws IOException {
    long begin = System.nanoTime();
    org.netbeans.lib.profiler.heap.Heap heap = HeapFactory.createHeap(file.toFile());
    JavaClass threads = heap.getJavaClassByName("java.lang.Thread");
    for (Object thread : threads.getInstances()) {
      ((Instance) thread).getNearestGCRootPointer();
    }
    note("netbeans", begin, times);
    deleteBeside(file);
  }

  /**
   * NetBeans' reader maps files, which the JDK's reference handler unmaps once they are collected:
   * while that is at work nobody knows what it holds.
   */
  private static void awaitUnmapped() throws InterruptedException {
    Thread handler =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("Reference Handler"))
            .findFirst()
            .orElseThrow();
    for (int collections = 0; collections < COLLECTIONS; collections++) {
      System.gc();
      for (int idle = 0; idle < IDLE_LOOKS; ) {
        Thread.sleep(10);
        StackTraceElement[] stack = handler.getStackTrace();
        boolean waits =
            stack.length > 0 && stack[0].getMethodName().equals("waitForReferencePendingList");
        idle = waits ? idle + 1 : 0;
      }
    }
  }

  /** It leaves files of its own. */
  private static void deleteBeside(Path file) throws IOException {
    try (Stream<Path> left = Files.walk(Objects.requireNonNull(file.getParent()))) {
      left.sorted(Comparator.reverseOrder())
          .filter(path -> !file.startsWith(path))
          .map(Path::toFile)
          .forEach(File::delete);
    }
  }

  /** Many small objects, as programs have them: a third of them are arrays of bytes. */
  private static List<Object> filler(int megabytes) {
    List<Object> filler = new ArrayList<>();
    for (int i = 0; i < megabytes * 8_000; i++) {
      filler.add(Map.entry("order " + i, new int[] {i}));
    }
    return filler;
  }

  /** The id of a thread whose queue nobody has. */
  private static long startForgotten() {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    Thread thread = new Thread(() -> take(queue), "forgotten");
    thread.setDaemon(true);
    thread.start();
    awaitParked(thread);
    return Jdk.threadId(thread);
  }

  private static void take(BlockingQueue<Object> queue) {
    try {
      queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void virtual(int count, int rounds) {
    Map<String, List<Double>> times = new HashMap<>();
    for (int round = 0; round <= rounds; round++) {
      List<Thread> threads = startVirtual(count);
      long begin = System.nanoTime();
      Map<Long, Proof> answers =
          new VirtualProof(new HeapDumper())
              .of(threads, Garbage.liveBytes(), Duration.ofSeconds(10));
      note("answer", begin, times);
      long proved = answers.values().stream().filter(Proof.Proved.class::isInstance).count();
      if (proved < count - 1) { // the first may have loaded a class, which holds it
        throw new IllegalStateException(proved + " proved of " + count);
      }
    }
    print(times);
  }

  private static List<Thread> startVirtual(int count) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
      threads.add(Virtual.start(() -> take(queue)));
    }
    threads.forEach(ProofTimes::awaitParked);
    return threads;
  }

  private static void note(String what, long begin, Map<String, List<Double>> times) {
    times.computeIfAbsent(what, w -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e6);
  }

  /** The first of several was not warm. */
  private static void print(Map<String, List<Double>> times) {
    times.forEach(
        (what, all) -> {
          List<Double> warm = new ArrayList<>(all.subList(all.size() > 1 ? 1 : 0, all.size()));
          Collections.sort(warm);
          System.out.printf(Locale.ROOT, "%s=%.3f%n", what, warm.get(warm.size() / 2));
        });
  }
}
