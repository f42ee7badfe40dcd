package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What was seen of a test or class that was about to exceed its time limit. Lives in the context's
 * store, so that it can be attached to JUnit's own failure, even where the thread that hangs never
 * comes back. Thread-safe.
 */
final class HangWatches implements Closing {

  private static final String KEY = "hangs";

  private final ExtensionContext context;
  private final List<TestScope.Watch> watches = new ArrayList<>();

  private HangWatches(ExtensionContext context) {
    this.context = context;
  }

  static void add(ExtensionContext context, TestScope.Watch watch) {
    MethodCheck check = MethodCheck.find(context);
    if (check != null) {
      check.add(watch);
      return;
    }
    HangWatches all;
    synchronized (HangWatches.class) {
      ExtensionContext.Store store = context.getStore(Session.NAMESPACE);
      HangWatches known = store.get(KEY, HangWatches.class);
      if (known == null || known.context != context) {
        known = new HangWatches(context);
        store.put(KEY, known);
      }
      all = known;
    }
    synchronized (all) {
      all.watches.add(watch);
    }
  }

  /** The code of a context is about to be interrupted: what hangs in it can still be seen. */
  static void lookNow(ExtensionContext context) {
    MethodCheck check = MethodCheck.find(context);
    if (check != null) {
      check.watches().forEach(TestScope.Watch::lookNow);
    }
    HangWatches all = context.getStore(Session.NAMESPACE).get(KEY, HangWatches.class);
    if (all != null) {
      all.watched().forEach(TestScope.Watch::lookNow);
    }
  }

  private synchronized List<TestScope.Watch> watched() {
    return List.copyOf(watches);
  }

  @Override
  public void close() {
    Guard.run(null, this::attachAll);
  }

  private void attachAll() {
    attach(watched(), context, false);
  }

  /**
   * Calls watches off and attaches what they saw to the failure of a context.
   *
   * @param known whether the failure tells of it otherwise
   */
  static void attach(List<TestScope.Watch> watches, ExtensionContext context, boolean known) {
    for (TestScope.Watch watch : watches) {
      watch.close();
      if (!known) {
        watch
            .seen()
            .ifPresent(
                hang ->
                    context
                        .getExecutionException()
                        .ifPresent(failure -> failure.addSuppressed(hang)));
      }
    }
  }
}
