package dev.leakcheck.proof.heap;

import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.walk.Compiled;
import dev.leakcheck.proof.walk.Liveness;
import dev.leakcheck.proof.walk.Question;
import dev.leakcheck.proof.walk.Waiter;
import java.io.IOException;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Asks for threads of this JVM whether anybody can ever wake them: dumps the heap, reads the dump
 * and deletes it. What it needs to know besides, in which wait each thread is and which methods are
 * compiled, is asked for before the dump and after it: what changed meanwhile counts as moving.
 * Thread-safe; one at a time.
 */
public final class HeapProof {

  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

  /** What it takes to write down a heap, in tenths of the heap. */
  private static final int FILE_TENTHS = 20;

  /** Objects that only a test framework holds, while a dump is taken: so the dump has them. */
  private static volatile Object @Nullable [] unused;

  private final HeapDumper dumper;

  /** With a way to dump. */
  public HeapProof(HeapDumper dumper) {
    this.dumper = dumper;
  }

  /**
   * Has what can be collected collected, and tells how much of the heap is used then.
   *
   * @return the bytes
   */
  public static long liveBytes() {
    // Cleaners end what was forgotten, such as a timer: they get their turn between the two.
    if (Garbage.collect()) {
      Garbage.collect();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /**
   * Asks.
   *
   * @param threads ids of platform threads
   * @param live about how much of the heap is used, in bytes
   * @param unusedObjects objects that a test framework still holds and nobody uses
   * @return the answer for each thread
   */
  public Map<Long, Proof> of(Set<Long> threads, long live, Collection<?> unusedObjects) {
    synchronized (HeapProof.class) {
      // A pending interrupt would spoil the writing; it is given back.
      boolean interrupted = Thread.interrupted();
      unused = unusedObjects.toArray();
      try {
        return ask(threads, live);
      } catch (OutOfMemoryError e) {
        return all(threads, "there is too little memory to read a heap dump");
      } catch (IOException | RuntimeException | Error e) {
        Fatal.rethrow(e);
        String reason = e instanceof IOException ? e.getMessage() : e.toString();
        return all(threads, Printable.escape(String.valueOf(reason)));
      } finally {
        unused = null;
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private Map<Long, Proof> ask(Set<Long> threads, long live) throws IOException {
    Map<Long, ThreadInfo> before = infos();
    String compiledBefore = codelist();
    long free = Runtime.getRuntime().maxMemory() - live;
    return dumper.dump(
        live / 10 * FILE_TENTHS,
        file -> {
          Map<Long, Waiter> waiters = same(before, infos());
          Map<Long, String> names = new HashMap<>();
          before.forEach((id, info) -> names.put(id, info.getThreadName()));
          Compiled compiled = Compiled.read(compiledBefore, codelist());
          if (compiled == null) {
            return all(threads, "this JVM does not tell which methods are compiled");
          }
          try (Heap heap = HeapReader.read(file, free / 10, read -> {})) {
            return answers(
                threads,
                Liveness.of(
                    heap,
                    new Question(
                        Optional.of(waiters),
                        compiled,
                        Jdk.threadId(Thread.currentThread()),
                        HeapProof.class.getName() + ".unused",
                        threads,
                        names)));
          }
        });
  }

  private static Map<Long, Proof> answers(Set<Long> threads, Iterable<Liveness.Answer> answers) {
    Map<Long, Proof> proofs =
        all(threads, "it moved, or is in no wait that is known to last until somebody ends it");
    answers.forEach(answer -> proofs.put(answer.id(), answer.proof()));
    return proofs;
  }

  private static Map<Long, Proof> all(Set<Long> threads, String reason) {
    Map<Long, Proof> proofs = new HashMap<>();
    threads.forEach(thread -> proofs.put(thread, new Proof.Unknown(reason)));
    return proofs;
  }

  private static Map<Long, ThreadInfo> infos() {
    Map<Long, ThreadInfo> infos = new HashMap<>();
    for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(false, false, 0)) {
      infos.put(info.getThreadId(), info);
    }
    return infos;
  }

  /** Threads that are in the wait that they were in. */
  private static Map<Long, Waiter> same(Map<Long, ThreadInfo> before, Map<Long, ThreadInfo> after) {
    Map<Long, Waiter> waiters = new HashMap<>();
    before.forEach(
        (id, info) -> {
          ThreadInfo later = after.get(id);
          if (later != null
              && info.getThreadState() == later.getThreadState()
              && info.getWaitedCount() == later.getWaitedCount()
              && info.getBlockedCount() == later.getBlockedCount()
              && info.getLockOwnerId() == later.getLockOwnerId()) {
            LockInfo lock = later.getLockInfo();
            waiters.put(
                id, new Waiter(lock == null ? null : lock.getClassName(), later.getLockOwnerId()));
          }
        });
    return waiters;
  }

  private static String codelist() throws IOException {
    try {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(new ObjectName(COMMANDS), "compilerCodelist", null, null));
    } catch (JMException | RuntimeException e) {
      throw new IOException("this JVM does not tell which methods are compiled (" + e + ")", e);
    }
  }
}
