package dev.leakcheck.cli.reports;

import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Equal stacks and texts as one object each: threads of one pool have the same stack, and tests
 * that leak the same have the same message. Not thread-safe.
 */
final class Shared {

  private static final int MAX = 20_000;

  private final Map<Object, Object> seen = new HashMap<>();

  Check check(Check check) {
    return new Check(
        check.scope(),
        check.level(),
        sharedOrNull(check.type()),
        check.method(),
        check.opened(),
        check.closed(),
        check.waited(),
        check.settledEarly(),
        check.failing(),
        check.accepted(),
        shared(check.coverage()),
        shared(check.leftAlone()));
  }

  Leak leak(Leak leak) {
    return new Leak(
        leak.at(),
        leak.scope(),
        leak.level(),
        sharedOrNull(leak.type()),
        leak.method(),
        shared(leak.fingerprint()),
        leak.kind(),
        shared(leak.title()),
        leak.verdict(),
        sharedOrNull(leak.reason()),
        shared(leak.facts()),
        shared(leak.fix()),
        shared(leak.message()),
        shared(leak.created()),
        leak.creator(),
        leak.threads().stream().map(this::thread).toList(),
        leak.threadCount(),
        sharedOrNull(leak.plainFingerprint()),
        leak.stopped());
  }

  private ThreadRecord thread(ThreadRecord thread) {
    return new ThreadRecord(
        thread.id(),
        thread.name(),
        thread.virtual(),
        thread.daemon(),
        thread.state(),
        shared(thread.type()),
        shared(thread.group()),
        shared(thread.stack()),
        thread.blocker(),
        sharedOrNull(thread.executor()));
  }

  private @Nullable String sharedOrNull(@Nullable String text) {
    return text == null ? null : shared(text);
  }

  @SuppressWarnings("unchecked") // equal lists hold equal elements, equal texts are texts
  private <T> T shared(T value) {
    if (seen.size() >= MAX) {
      seen.clear();
    }
    Object first = seen.putIfAbsent(value, value);
    return first == null ? value : (T) first;
  }
}
