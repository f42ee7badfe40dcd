package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Waker;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is new in a scope and was not filtered away.
 *
 * @param threads threads that the scope did not open with
 * @param somebodyMoves whether one of them does something, and may wake others
 * @param executors executors that the scope did not open with, and that are not known to have
 *     stopped
 * @param leftovers queues that hold more than when the scope opened
 * @param queues every queue that was found, to name the one that a thread waits on
 * @param threadHolders who holds a thread, by thread id
 * @param executorHolders who holds an executor, by executor id
 * @param origins where things were made, as far as that was recorded
 * @param waitsOn the very queue that a thread waits on, by thread id, where that is known for sure;
 *     empty where it has to be guessed from {@code queues}
 * @param wakers what is known of the thing that a thread waits for, by thread id
 * @param leftBy the scope that left a thread to this one, since it was ending, by thread id
 * @param madeWhile what ran while a thread was made, by thread id; empty where the scope is not
 *     around tests
 * @param symptoms what went wrong besides
 * @param scope name of the scope, or empty
 * @param means what can be advised here
 * @param code what is known of the code that threads run
 */
public record Evidence(
    List<ThreadRecord> threads,
    boolean somebodyMoves,
    List<ExecutorRecord> executors,
    List<QueueRecord> leftovers,
    List<QueueRecord> queues,
    Map<Long, Holder> threadHolders,
    Map<String, Holder> executorHolders,
    Origins origins,
    Map<Long, QueueRecord> waitsOn,
    Map<Long, Waker> wakers,
    Map<Long, LeftBy> leftBy,
    Map<Long, MadeWhile> madeWhile,
    List<Symptom> symptoms,
    String scope,
    Means means,
    Code code) {

  /**
   * What there is to close things with, and what the JDK does wrong. What this JVM does not have is
   * not advised.
   *
   * @param closesExecutors whether an executor can be closed, as from Java 19 on
   * @param closesFields whether JUnit closes a field that is marked so, as from 5.11 on
   * @param losesUnparks whether the JDK may lose what wakes a parked virtual thread
   */
  public record Means(boolean closesExecutors, boolean closesFields, boolean losesUnparks) {

    /** There is nothing. */
    public static final Means NONE = new Means(false, false, false);
  }

  /**
   * What the classes of stacks tell.
   *
   * @param librarys names of classes that are libraries'
   * @param stopping threads that are in a call which is there to stop something: by class and
   *     method, such as {@code com.acme.OrderService.close}
   * @param stops methods that stop objects of libraries' classes which the tests' code names: by
   *     class
   */
  public record Code(
      Set<String> librarys, Map<String, ThreadRecord> stopping, Map<String, String> stops) {

    /** Nothing is known. */
    public static final Code NONE = new Code(Set.of(), Map.of(), Map.of());

    /** Copies the collections. */
    public Code {
      librarys = Set.copyOf(librarys);
      stopping = Map.copyOf(stopping);
      stops = Map.copyOf(stops);
    }

    /** The innermost frame that is the user's. */
    Optional<StackTraceElement> users(ThreadRecord thread) {
      return Stacks.own(thread.stack()).stream()
          .filter(frame -> !librarys.contains(frame.getClassName()))
          .findFirst();
    }
  }

  /**
   * Which scope left a thread to the one around it.
   *
   * @param scope its name
   * @param told whether the thread's executor was told to stop, and not only nobody knows that of
   *     the thread
   */
  public record LeftBy(String scope, boolean told) {}

  /** Where things were made. Empty where nothing is recorded. */
  public record Origins(
      Map<Long, Origin> threads, Map<String, Origin> executors, Map<Integer, Origin> queues) {

    /** Nothing was recorded. */
    public static final Origins NONE = new Origins(Map.of(), Map.of(), Map.of());

    /**
     * Copies the maps.
     *
     * @param threads by thread id
     * @param executors by executor id
     * @param queues by the queue's identity hash code
     */
    public Origins {
      threads = Map.copyOf(threads);
      executors = Map.copyOf(executors);
      queues = Map.copyOf(queues);
    }
  }

  /** Nothing is new. */
  public static final Evidence NONE = of(List.of());

  /**
   * Symptoms of which nothing else is known.
   *
   * @param symptoms what went wrong
   * @return the evidence
   */
  public static Evidence of(List<Symptom> symptoms) {
    return new Evidence(
        List.of(),
        false,
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Origins.NONE,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        symptoms,
        "",
        Means.NONE,
        Code.NONE);
  }

  /** Copies the collections. */
  public Evidence {
    threads = List.copyOf(threads);
    executors = List.copyOf(executors);
    leftovers = List.copyOf(leftovers);
    queues = List.copyOf(queues);
    threadHolders = Map.copyOf(threadHolders);
    executorHolders = Map.copyOf(executorHolders);
    waitsOn = Map.copyOf(waitsOn);
    wakers = Map.copyOf(wakers);
    leftBy = Map.copyOf(leftBy);
    madeWhile = Map.copyOf(madeWhile);
    symptoms = List.copyOf(symptoms);
  }

  /** Whether a thread was left as one whose executor was told to stop. */
  boolean isTold(long thread) {
    LeftBy left = leftBy.get(thread);
    return left != null && left.told();
  }

  /**
   * Whether a thread does something, and may wake others.
   *
   * @param threads threads that are left
   * @return false if all of them wait until they are woken
   */
  public static boolean isAnyMoving(Collection<ThreadRecord> threads) {
    return threads.stream().anyMatch(Waiting::moves);
  }

  /**
   * Whether there is nothing to explain.
   *
   * @return true if nothing is new
   */
  public boolean isEmpty() {
    return threads.isEmpty() && executors.isEmpty() && leftovers.isEmpty() && symptoms.isEmpty();
  }
}
