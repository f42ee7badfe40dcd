package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.threads.VirtualRegistry;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.capture.threads.Withheld;
import dev.leakcheck.model.HeapPath;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.walk.VirtualPaths;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Proves that nobody alive can ever wake a virtual thread.
 *
 * <p>To wake one takes a reference to it, and so does every waiter's node of {@code
 * java.util.concurrent}. A virtual thread is no root for the collector. What keeps a forgotten one
 * alive is the JDK's {@link VirtualRegistry}, which merely lists it. So the threads are taken out
 * of it, garbage is collected, and what is gone then was in nobody's reach. What is still there is
 * put back.
 *
 * <p>Before that a dump of the heap tells which threads something alive leads to: of these nothing
 * more is asked. It counts weak references as well, which the collector would clear though somebody
 * may have woken the thread through them. The collector has the last word, since it knows what a
 * dump does not show.
 *
 * <p>What is proved is gone: its {@code finally} blocks never run. They never would have. Whoever
 * asks has written down before what there is to say of the thread. Thread-safe.
 */
public final class VirtualProof {

  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  private static final String TAKEN =
      "so the garbage collector has taken it away: its finally blocks do not run";

  /** An agent has the JVM remember each thread that loads a class, for as long as it lives. */
  private static final String HELD =
      "the collector left it where it is: compiled code holds it, or the JVM itself, as it does with"
          + " a thread that has loaded a class";

  private final HeapDumper dumper;

  /** With a way to dump. */
  public VirtualProof(HeapDumper dumper) {
    this.dumper = dumper;
  }

  /**
   * Asks. The caller may hold none of the threads any more when this is called, but for the list,
   * and must not be interrupted.
   *
   * @param threads virtual threads; emptied
   * @param live about how much of the heap is used, in bytes
   * @param patience for how long to wait for another question to be over
   * @return an answer for each thread, by its id
   */
  public Map<Long, Proof> of(List<Thread> threads, long live, Duration patience) {
    Map<Long, Proof> answers = new HashMap<>();
    List<Withheld> asked = begin(threads, answers);
    if (asked.isEmpty()) {
      return answers;
    }
    String refused = "other threads were asked about at the same time";
    try {
      if (ONE_AT_A_TIME.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          refused = askAbout(asked, live, answers);
        } catch (IOException | RuntimeException | Error e) {
          Fatal.rethrow(e);
          refused = Printable.escape(String.valueOf(e.getMessage()));
        } finally {
          ONE_AT_A_TIME.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Withheld each : asked) {
      answers.putIfAbsent(each.id(), new Proof.Unknown(refused));
    }
    return answers;
  }

  /** In a method of its own: no variable of the one that collects may hold a thread. */
  private static List<Withheld> begin(List<Thread> threads, Map<Long, Proof> answers) {
    List<Withheld> asked = new ArrayList<>();
    String never = whyNever();
    for (Thread thread : threads) {
      String why = never == null ? Askable.whyNot(thread) : never;
      if (why == null) {
        asked.add(new Withheld(thread));
      } else {
        answers.put(Jdk.threadId(thread), new Proof.Unknown(why));
      }
    }
    threads.clear();
    return asked;
  }

  /**
   * Why the collector can be asked about no virtual thread of this JVM.
   *
   * @return what follows "because", or null if it can be
   */
  static @Nullable String whyNever() {
    if (!VirtualRegistry.jvm().isConnected()) {
      return "it takes the agent to ask about a virtual thread";
    }
    return VirtualThreads.tracksAll()
        ? null
        : "with jdk.trackAllThreads=false the JDK lists no virtual threads";
  }

  /** Answers what it can; returns why the rest is not known. */
  private String askAbout(List<Withheld> asked, long live, Map<Long, Proof> answers)
      throws IOException {
    Set<Long> ids = new HashSet<>();
    asked.forEach(each -> ids.add(each.id()));
    VirtualPaths.Found found = paths(ids, live);
    List<Withheld> left = new ArrayList<>();
    for (Withheld each : asked) {
      HeapPath path = found.paths().get(each.id());
      if (path == null) {
        left.add(each);
      } else {
        answers.put(each.id(), new Proof.Reachable(path));
      }
    }
    if (found.blind()) {
      return "this JDK does not write the stacks of virtual threads into a heap dump";
    }
    if (left.isEmpty() || !collectWithout(left)) {
      return "no garbage collection could be had";
    }
    for (Withheld each : left) {
      if (each.hasEnded()) {
        answers.put(each.id(), new Proof.Unknown("it has ended meanwhile"));
      } else if (each.refersTo(null)) {
        answers.put(each.id(), new Proof.Proved(Set.of(TAKEN)));
      } else {
        answers.put(each.id(), new Proof.Unknown(HELD));
      }
    }
    return "";
  }

  private VirtualPaths.Found paths(Set<Long> ids, long live) throws IOException {
    return dumper.dump(
        live,
        (file, memory) -> {
          try (Heap heap = HeapReader.read(file, memory, read -> {})) {
            return VirtualPaths.to(ids, heap);
          }
        });
  }

  private static boolean collectWithout(List<Withheld> threads) {
    VirtualRegistry registry = VirtualRegistry.jvm();
    try {
      registry.withhold(List.copyOf(threads));
      return Garbage.collect();
    } finally {
      registry.putBack();
    }
  }
}
