package dev.leakcheck.proof.walk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Thread.print} prints of each thread, as far as it tells whether a thread moved
 * between two prints. Of two threads that seem to have one id neither counts: a name can hold
 * anything. Nobody's code runs for it. Immutable.
 */
public final class PrintedThreads {

  private static final Pattern HEAD =
      Pattern.compile("\"(.*)\" #(\\d{1,18}) (?:\\[[^]]*] )?.*?(cpu=\\S+)? .*");
  private static final Pattern LOCK =
      Pattern.compile(
          "\\s*- (?:waiting on|waiting to lock|waiting to re-lock in wait\\(\\)) <[^>]*> \\(a (\\S+).*\\)");
  private static final Pattern CPU = Pattern.compile("\\bcpu=(\\S+)");

  /** A thread as it was printed: all that does not change while it waits. */
  private record Printed(String name, String cpu, String text, @Nullable String lockType) {}

  private final Map<Long, Printed> threads = new HashMap<>();

  /**
   * Reads what was printed.
   *
   * @param print what the JVM printed
   */
  public PrintedThreads(String print) {
    Set<Long> twice = new HashSet<>();
    long id = -1;
    String name = "";
    String cpu = "";
    StringBuilder text = new StringBuilder();
    String lock = null;
    for (String line : (print + "\n\"").lines().toList()) {
      if (line.startsWith("\"")) {
        if (id >= 0 && threads.put(id, new Printed(name, cpu, text.toString(), lock)) != null) {
          twice.add(id);
        }
        Matcher head = HEAD.matcher(line);
        Matcher time = CPU.matcher(line);
        id = head.matches() ? Long.parseLong(head.group(2)) : -1;
        name = id < 0 ? "" : head.group(1);
        cpu = time.find() ? time.group(1) : "";
        text.setLength(0);
        lock = null;
      } else {
        Matcher waits = LOCK.matcher(line);
        if (lock == null && waits.matches()) {
          lock = waits.group(1);
        }
        text.append(line.replaceAll("<0x[0-9a-f]+>", "")).append('\n');
      }
    }
    threads.keySet().removeAll(twice);
  }

  /**
   * What each is called.
   *
   * @return the names, by the threads' ids
   */
  public Map<Long, String> names() {
    Map<Long, String> names = new HashMap<>();
    threads.forEach((id, thread) -> names.put(id, thread.name));
    return names;
  }

  /**
   * The threads that did not move from then on until these were printed.
   *
   * @param before what was printed then
   * @return what is known of each, by its id; nothing of who holds a lock
   */
  public Map<Long, Waiter> since(PrintedThreads before) {
    Map<Long, Waiter> waiters = new HashMap<>();
    threads.forEach(
        (id, thread) -> {
          if (!thread.cpu.isEmpty() && thread.equals(before.threads.get(id))) {
            waiters.put(id, new Waiter(thread.lockType, -1));
          }
        });
    return waiters;
  }
}
