package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.base.DiagnosticCommand;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Waker;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells which threads wait for another to initialise a class. Their state is {@code RUNNABLE} and
 * no lock is told of them; only what the JVM prints of its threads says so, all of one instant.
 */
public final class ClassWaits {

  private static final String INITIALIZER = "<clinit>";

  private static final Pattern HEADER =
      Pattern.compile("\".*\" #(\\d+) .*\\btid=0x\\p{XDigit}+ .*");
  private static final Pattern RUNS = Pattern.compile("\\s+at (.+)\\.<clinit>\\(.*");
  private static final Pattern WAITS =
      Pattern.compile("\\s+- waiting on the Class initialization monitor for (\\S+)");

  private ClassWaits() {}

  /**
   * What threads wait for in this way. The JVM is asked only where one of them is in a class's
   * initialiser, and another seems to run.
   *
   * @param threads threads as they were looked at
   * @return by the thread's id; the thread that initialises the class is one of those that were
   *     looked at, or is not told
   */
  public static Map<Long, Waker> of(List<ThreadRecord> threads) {
    return threads.stream().anyMatch(ClassWaits::initializes)
            && threads.stream().anyMatch(ClassWaits::seemsToRun)
        ? read(printed(), threads)
        : Map.of();
  }

  private static boolean initializes(ThreadRecord thread) {
    return !thread.virtual()
        && thread.stack().stream().anyMatch(it -> it.getMethodName().equals(INITIALIZER));
  }

  private static boolean seemsToRun(ThreadRecord thread) {
    return !thread.virtual()
        && thread.state() == Thread.State.RUNNABLE
        && !thread.stack().isEmpty()
        && !thread.stack().get(0).isNativeMethod();
  }

  /**
   * The same from what the JVM prints.
   *
   * @param printed as {@code Thread.print} gives it
   */
  static Map<Long, Waker> read(String printed, List<ThreadRecord> threads) {
    Map<Long, String> waits = new HashMap<>();
    Map<String, Set<Long>> runs = new HashMap<>();
    Long id = null;
    for (String line : printed.lines().toList()) {
      Matcher header = HEADER.matcher(line);
      Matcher waiting = WAITS.matcher(line);
      Matcher running = RUNS.matcher(line);
      if (header.matches()) {
        id = Long.valueOf(header.group(1));
      } else if (line.startsWith("\"")) {
        id = null;
      } else if (id != null && waiting.matches()) {
        waits.putIfAbsent(id, waiting.group(1));
      } else if (id != null && running.matches()) {
        runs.computeIfAbsent(running.group(1), type -> new HashSet<>()).add(id);
      }
    }
    Map<Long, Waker> wakers = new HashMap<>();
    for (ThreadRecord thread : threads) {
      String type = waits.get(thread.id());
      if (type != null && seemsToRun(thread)) {
        Set<Long> by = runs.getOrDefault(type, Set.of());
        wakers.put(thread.id(), new Waker(null, null, only(by, threads), type));
      }
    }
    return wakers;
  }

  private static @Nullable ThreadRecord only(Set<Long> ids, List<ThreadRecord> threads) {
    List<ThreadRecord> found = threads.stream().filter(it -> ids.contains(it.id())).toList();
    return ids.size() == 1 && found.size() == 1 ? found.get(0) : null;
  }

  private static String printed() {
    try {
      return DiagnosticCommand.threads();
    } catch (IOException unanswered) {
      return "";
    }
  }
}
