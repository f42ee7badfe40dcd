package dev.leakcheck.proof.walk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Thread.print} prints of each thread, as far as it tells whether a thread moved
 * between two prints, and who holds the monitor that one wants: it prints all of them at one
 * instant. Of two threads that seem to have one id neither counts: a name can hold anything.
 * Nobody's code runs for it. Immutable.
 */
public final class PrintedThreads {

  private static final long NOBODY = -1;

  private static final Pattern HEAD =
      Pattern.compile("\"(.*)\" #(\\d{1,18}) (?:\\[[^]]*] )?.*?(cpu=\\S+)? .*");
  private static final Pattern LOCK =
      Pattern.compile(
          "\\s*- (waiting on|waiting to lock|waiting to re-lock in wait\\(\\)) <([^>]*)> \\(a (\\S+).*\\)");
  private static final Pattern LOCKED = Pattern.compile("\\s*- locked <([^>]*)> \\(a .*\\)");
  private static final Pattern CPU = Pattern.compile("\\bcpu=(\\S+)");

  /** A thread as it was printed: all that does not change while it waits. */
  private record Printed(String name, String cpu, String text, @Nullable String lockType) {}

  private final Map<Long, Printed> threads = new HashMap<>();

  /** Who holds the monitor that a thread wants; nobody if it is not printed, or not of one. */
  private final Map<Long, Long> owners = new HashMap<>();

  /**
   * Reads what was printed.
   *
   * @param print what the JVM printed
   */
  public PrintedThreads(String print) {
    Set<Long> twice = new HashSet<>();
    Map<Long, String> wanted = new HashMap<>();
    Map<String, Set<Long>> holders = new HashMap<>();
    long id = -1;
    String name = "";
    String cpu = "";
    StringBuilder text = new StringBuilder();
    String lock = null;
    Set<String> released = new HashSet<>();
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
        released.clear();
      } else if (id >= 0) { // deadlocks are told once more at the end
        Matcher waits = LOCK.matcher(line);
        Matcher holds = LOCKED.matcher(line);
        if (waits.matches()) {
          released.add(waits.group(2));
          if (lock == null) {
            lock = waits.group(3);
            if (!waits.group(1).equals("waiting on")) {
              wanted.put(id, waits.group(2));
            }
          }
        } else if (holds.matches() && !released.contains(holds.group(1))) {
          // What one waits on is printed as locked too, by the frames that had locked it.
          holders.computeIfAbsent(holds.group(1), address -> new HashSet<>()).add(id);
        }
        text.append(line.replaceAll("<0x[0-9a-f]+>", "")).append('\n');
      }
    }
    threads.keySet().removeAll(twice);
    threads.keySet().forEach(each -> owners.put(each, owner(wanted.get(each), holders)));
  }

  private long owner(@Nullable String monitor, Map<String, Set<Long>> holders) {
    Set<Long> known = monitor == null ? Set.of() : holders.getOrDefault(monitor, Set.of());
    long owner = known.size() == 1 ? known.iterator().next() : NOBODY;
    return threads.containsKey(owner) ? owner : NOBODY;
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
   * The threads that did not move from then on until these were printed. Before Java 24 one that
   * wants a monitor wakes now and then, and takes some time of the processor for that. It did not
   * move if the thread that holds the monitor did not, or if they are in a circle.
   *
   * @param before what was printed then
   * @param slept whether the system had a thread asleep, as far as that is told
   * @return what is known of each, by its id
   */
  public Map<Long, Waiter> since(PrintedThreads before, LongPredicate slept) {
    Map<Long, Waiter> waiters = new HashMap<>();
    Map<Long, Waiter> blocked = new HashMap<>();
    threads.forEach(
        (id, thread) -> {
          long owner = before.owner(id) == owner(id) ? owner(id) : NOBODY;
          Waiter waiter = new Waiter(thread.lockType, owner);
          if (!thread.cpu.isEmpty() && thread.equals(before.threads.get(id)) && slept.test(id)) {
            waiters.put(id, waiter);
          } else if (owner != NOBODY) {
            blocked.put(id, waiter);
          }
        });
    boolean fewer = true;
    while (fewer) {
      Set<Long> still = new HashSet<>(waiters.keySet());
      still.addAll(blocked.keySet());
      fewer = blocked.values().removeIf(waiter -> !still.contains(waiter.owner()));
    }
    waiters.putAll(blocked);
    return waiters;
  }

  private long owner(long id) {
    return Objects.requireNonNullElse(owners.get(id), NOBODY);
  }
}
