package dev.leakcheck.report;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many of what was found, in words. */
final class CountText {

  private CountText() {}

  /** Such as {@code 1 executor, 2 threads and 1 queue}. */
  static String of(List<Finding> findings) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    findings.forEach(finding -> counts.merge(noun(finding), number(finding), Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((noun, count) -> parts.add(count + " " + (count == 1 ? noun : plural(noun))));
    return parts.size() == 1
        ? parts.get(0)
        : String.join(", ", parts.subList(0, parts.size() - 1))
            + " and "
            + parts.get(parts.size() - 1);
  }

  private static String noun(Finding finding) {
    if (!(finding.kind() instanceof LeakKind kind)) {
      return finding.kind().id();
    }
    return switch (kind) {
      case UNCLOSED_EXECUTOR -> "executor";
      case UNCANCELLED_TIMER -> "timer";
      case DEADLOCK -> "deadlock";
      case UNCAUGHT_EXCEPTION -> "uncaught exception";
      case UNCLOSED_TASK_SCOPE -> "open task scope";
      case HELD_LOCK -> "held lock";
      case BUSY_COMMON_POOL -> "busy common pool";
      case LEFTOVER_TASK -> "task";
      case CHILD_PROCESS -> "child process";
      case SHUTDOWN_HOOK -> "shutdown hook";
      case THREAD_LOCAL_RESIDUE -> "thread-local value";
      case STRAY_INTERRUPT -> "interrupt";
      case GROWTH -> "growth";
      case LEFTOVER_QUEUE -> "queue";
      case STRAY_THREAD, STRAY_VIRTUAL_THREAD, STUCK_ON_QUEUE ->
          finding.threads().stream().allMatch(ThreadRecord::virtual) ? "virtual thread" : "thread";
    };
  }

  private static int number(Finding finding) {
    return !(finding.kind() instanceof LeakKind kind)
        ? 1
        : switch (kind) {
          case UNCLOSED_EXECUTOR -> Math.max(1, finding.executors().size());
          case STRAY_THREAD, STRAY_VIRTUAL_THREAD, STUCK_ON_QUEUE -> finding.threads().size();
          default -> 1;
        };
  }

  private static String plural(String noun) {
    return noun + (noun.endsWith("s") ? "es" : "s");
  }
}
