package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What no scope answers for: what was made on purpose outside every scope, while scopes were
 * paused, and what belongs to a singleton. Thread-safe.
 */
public final class Outside {

  private record Span(long after, long upTo) {}

  /**
   * How many threads were made outside so far.
   *
   * @param created how many {@code Thread} objects
   * @param started how many platform threads were started
   */
  public record Made(long created, long started) {}

  private Made made = new Made(0, 0);

  private final List<Span> spans = new ArrayList<>();
  private final List<Span> tasks = new ArrayList<>();
  private final Set<Long> othersTasks = ConcurrentHashMap.newKeySet();
  private final Set<Long> threads = ConcurrentHashMap.newKeySet();
  private final Set<Long> inside = ConcurrentHashMap.newKeySet();
  private final Set<ProcessHandle> processes = ConcurrentHashMap.newKeySet();
  private final Set<String> executors = ConcurrentHashMap.newKeySet();
  private final Set<String> executorsInside = ConcurrentHashMap.newKeySet();

  /** Threads created between two readings are outside. */
  public synchronized void add(Reading from, Reading to) {
    made =
        new Made(
            made.created + to.created() - from.created(),
            made.started + to.started() - from.started());
    add(spans, from.lastId(), to.lastId());
  }

  /** Tasks with a number from one to below another that were scheduled are outside. */
  public synchronized void addTasks(long from, long to) {
    if (to > from) {
      add(tasks, from - 1, to - 1);
    }
  }

  /** The task with a number is another extension's. */
  public void addTask(long number) {
    othersTasks.add(number);
  }

  private static void add(List<Span> spans, long after, long upTo) {
    Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    if (last != null && last.upTo >= after) {
      spans.set(spans.size() - 1, new Span(last.after, Math.max(last.upTo, upTo)));
    } else {
      spans.add(new Span(after, upTo));
    }
  }

  /** How many threads were made between readings so far. */
  public synchronized Made made() {
    return made;
  }

  /** A thread that is somebody's, though it was created between two readings. */
  public void remove(long threadId) {
    inside.add(threadId);
  }

  /** A thread that is nobody's. */
  public void add(long threadId) {
    threads.add(threadId);
  }

  /** Processes that are outside. */
  public void add(Set<ProcessHandle> started) {
    processes.removeIf(process -> !process.isAlive());
    processes.addAll(started);
  }

  /** Whether a process was started outside. */
  public boolean contains(ProcessHandle process) {
    return processes.contains(process);
  }

  /** An executor that is outside. */
  public void add(String executor) {
    executors.add(executor);
  }

  /** An executor that is somebody's, though it was made while scopes were paused. */
  public void remove(String executor) {
    executorsInside.add(executor);
  }

  /** Whether a thread was created outside. */
  public synchronized boolean contains(long threadId) {
    if (inside.contains(threadId)) {
      return false;
    }
    if (threads.contains(threadId)) {
      return true;
    }
    return isIn(spans, threadId);
  }

  /** Whether the task with a number was scheduled outside, or is another extension's. */
  public synchronized boolean containsTask(long number) {
    return isIn(tasks, number) || othersTasks.contains(number);
  }

  private static boolean isIn(List<Span> spans, long number) {
    // Spans are in order: the newest are looked for most.
    for (int i = spans.size() - 1; i >= 0; i--) {
      Span span = spans.get(i);
      if (number > span.upTo) {
        return false;
      }
      if (number > span.after) {
        return true;
      }
    }
    return false;
  }

  /** Whether an executor was made outside, or may have been and is left alone for that. */
  public boolean contains(String executor) {
    return executors.contains(executor) && !executorsInside.contains(executor);
  }
}
