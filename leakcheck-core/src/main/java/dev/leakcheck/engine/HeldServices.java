package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.JdkServices;
import dev.leakcheck.capture.objects.JdkServices.Sort;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Threads and executors of the JDK's own services that others hold, where no service leads to its
 * threads: of the new ones as many of each name, the oldest first, as others hold services of that
 * sort that they did not hold when the scope opened.
 */
final class HeldServices {

  /** What tells one service's thread from another's. */
  private static final Pattern NUMBER = Pattern.compile("\\d+$");

  private HeldServices() {}

  /**
   * The new threads that are theirs.
   *
   * @param others what others hold
   */
  static List<Thread> threads(Check check, Collection<?> others) {
    Map<Sort, Integer> held = count(check, others);
    if (held.isEmpty()) {
      return List.of();
    }
    List<Thread> came = new ArrayList<>(LiveThreads.all());
    came.removeIf(
        thread -> {
          long id = LiveThreads.id(thread);
          return !check.newcomers().isNewPlatform(id) || !check.isOurs(id);
        });
    came.sort(Comparator.comparingLong(LiveThreads::id));
    Map<String, Integer> taken = new HashMap<>();
    List<Thread> theirs = new ArrayList<>();
    Map<Long, ThreadRecord> records = byId(LiveThreads.describe(came));
    for (Thread thread : came) {
      ThreadRecord record = records.get(LiveThreads.id(thread));
      Sort sort = record == null ? null : sortOf(thread, record);
      if (sort != null) {
        String name = NUMBER.matcher(thread.getName()).replaceFirst("");
        if (taken.merge(sort == Sort.CHANNEL_GROUP ? "" : name, 1, Integer::sum)
            <= held.getOrDefault(sort, 0)) {
          theirs.add(thread);
        }
      }
    }
    return theirs;
  }

  /**
   * The executors that are theirs.
   *
   * @param others what others hold
   * @param executors new executors
   * @param threads what their workers are doing
   */
  static List<String> executors(
      Check check,
      Collection<?> others,
      Collection<ExecutorRecord> executors,
      Collection<ThreadRecord> threads) {
    int held = count(check, others).getOrDefault(Sort.CHANNEL_GROUP, 0);
    if (held == 0) {
      return List.of();
    }
    Map<Long, ThreadRecord> byId = byId(threads);
    return executors.stream()
        .filter(executor -> !executor.threads().isEmpty())
        .filter(
            executor ->
                executor.threads().stream().map(byId::get).allMatch(HeldServices::isOfGroup))
        .sorted(Comparator.comparing(executor -> executor.threads().get(0)))
        .limit(held)
        .map(ExecutorRecord::id)
        .toList();
  }

  private static Map<Long, ThreadRecord> byId(Collection<ThreadRecord> threads) {
    Map<Long, ThreadRecord> byId = new HashMap<>();
    threads.forEach(thread -> byId.put(thread.id(), thread));
    return byId;
  }

  private static Map<Sort, Integer> count(Check check, Collection<?> others) {
    Map<Sort, Integer> held = new EnumMap<>(Sort.class);
    for (Object other : others) {
      Sort sort = JdkServices.sortOf(other);
      if (sort != null
          && JdkServices.isHidden(other)
          && !JdkServices.hasEnded(other)
          && !check.scope().isOlder(other)) {
        held.merge(sort, 1, Integer::sum);
      }
    }
    return held;
  }

  /** Any thread may have any name: it has to run the JDK's code as well. */
  private static @Nullable Sort sortOf(Thread thread, ThreadRecord record) {
    Sort named = JdkServices.sortByName(thread);
    if (named == null) {
      return isOfGroup(record) && !WorkerStacks.isPoolWorker(record.stack())
          ? Sort.CHANNEL_GROUP
          : null;
    }
    return switch (named) {
      case HTTP_SERVER ->
          record.type().equals(CauseWriter.TIMER)
                  || Stacks.runs(record.stack(), "sun.net.httpserver.")
              ? named
              : null;
      case WATCH_SERVICE -> Stacks.runs(record.stack(), "sun.nio.fs.") ? named : null;
      case JMX_CONNECTOR -> Stacks.runs(record.stack(), "com.sun.jmx.remote.") ? named : null;
      case CHANNEL_GROUP -> named;
    };
  }

  private static boolean isOfGroup(@Nullable ThreadRecord thread) {
    return thread != null
        && thread.stack().stream()
            .map(StackTraceElement::getClassName)
            .anyMatch(
                type ->
                    type.startsWith("sun.nio.ch.AsynchronousChannelGroupImpl")
                        || (type.startsWith("sun.nio.ch.") && type.endsWith("$EventHandlerTask")));
  }
}
