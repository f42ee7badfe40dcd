package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.VirtualThreads;
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
 * alive is the JDK's {@link Registry}, which merely lists it. So the threads are taken out of it,
 * garbage is collected, and what is gone then was in nobody's reach. What is still there is put
 * back.
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

  private VirtualProof() {}

  /**
   * Asks. The caller may hold none of the threads any more when this is called, but for the list.
   *
   * @param threads virtual threads; emptied
   * @param patience for how long to wait for another question to be over
   * @param large whether a heap that is not small is looked through as well
   * @return an answer for each thread, by its id
   */
  public static Map<Long, Answer> ask(List<Thread> threads, Duration patience, boolean large) {
    Map<Long, Answer> answers = new HashMap<>();
    List<Withheld> asked = begin(threads, answers);
    if (asked.isEmpty()) {
      return answers;
    }
    String refused = "other threads were asked about at the same time";
    if (tryLock(patience)) {
      try {
        refused = askAbout(asked, large, answers);
      } finally {
        ONE_AT_A_TIME.unlock();
      }
    }
    for (Withheld each : asked) {
      answers.putIfAbsent(each.id(), Answer.unknown(refused));
    }
    return answers;
  }

  private static boolean tryLock(Duration patience) {
    try {
      return ONE_AT_A_TIME.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** In a method of its own: no variable of the one that collects may hold a thread. */
  private static List<Withheld> begin(List<Thread> threads, Map<Long, Answer> answers) {
    List<Withheld> asked = new ArrayList<>();
    String never = whyNever();
    for (Thread thread : threads) {
      String why = never == null ? Askable.whyNot(thread) : never;
      if (why == null) {
        asked.add(new Withheld(thread));
      } else {
        answers.put(Jdk.threadId(thread), Answer.unknown(why));
      }
    }
    threads.clear();
    return asked;
  }

  private static @Nullable String whyNever() {
    if (!Registry.jvm().isConnected()) {
      return "without the agent the JDK's list of virtual threads cannot be taken apart";
    }
    return VirtualThreads.tracksAll() ? null : "jdk.trackAllThreads=false: the JDK lists none";
  }

  /** Answers what it can; returns why the rest is not known. */
  private static String askAbout(
      List<Withheld> asked, boolean large, Map<Long, Answer> answers) {
    Set<Long> ids = new HashSet<>();
    asked.forEach(each -> ids.add(each.id()));
    HeapPaths.Found paths = HeapPaths.leadingTo(ids, large ? HeapPaths.LARGE : HeapPaths.SMALL);
    if (paths.refused() != null) {
      return paths.refused();
    }
    List<Withheld> left = new ArrayList<>();
    for (Withheld each : asked) {
      if (paths.alive().contains(each.id())) {
        answers.put(each.id(), Answer.ALIVE);
      } else if (paths.weak().contains(each.id())) {
        answers.put(each.id(), Answer.WEAK);
      } else {
        left.add(each);
      }
    }
    boolean collected = left.isEmpty() || collectWithout(left);
    for (Withheld each : left) {
      if (each.hasEnded()) {
        answers.put(each.id(), Answer.unknown("it has ended meanwhile"));
      } else if (each.refersTo(null)) {
        answers.put(each.id(), Answer.PROVED);
      } else if (collected) {
        answers.put(each.id(), Answer.HELD);
      }
    }
    return "no garbage collection could be had";
  }

  private static boolean collectWithout(List<Withheld> threads) {
    Registry registry = Registry.jvm();
    try {
      registry.withhold(List.copyOf(threads));
      return Garbage.collect();
    } finally {
      registry.putBack();
    }
  }
}
