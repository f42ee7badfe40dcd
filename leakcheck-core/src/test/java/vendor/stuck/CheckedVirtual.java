package vendor.stuck;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A JVM of its own in which a test leaves a virtual thread that waits for a queue. Prints what is
 * told, with the proof if there is one, whether the thread is still listed, and what the scope
 * around is left with.
 */
public final class CheckedVirtual {

  private static final Object[] KEPT = new Object[1];

  private CheckedVirtual() {}

  /** Takes who knows the queue. */
  public static void main(String[] args) throws Exception {
    // An agent has the JVM hold each thread that loads a class: the first has done so.
    check(args[0]);
    check(args[0]).forEach(System.out::println);
    Runtime.getRuntime().halt(0);
  }

  private static List<String> check(String knownBy) throws Exception {
    TestScope around = TestScope.open(options("around").byEntry());
    TestScope scope = TestScope.open(options("OrdersTest.places()").byEntry().within(around));
    try (TestScope.Entry entry = scope.enter()) {
      leave(knownBy);
    }
    Findings findings = scope.findings();
    scope.end();
    Findings outer = around.findings();
    around.end();
    return List.of(
        findings.list().stream().map(CheckedVirtual::told).toList().toString(),
        isListed() ? "still listed" : "gone",
        outer.list().toString());
  }

  private static TestOptions options(String name) {
    return TestOptions.of(LeakCheckOptions.defaults()).named(name).settle(Duration.ofMillis(600));
  }

  private static void leave(String knownBy) {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    switch (knownBy) {
      case "nobody", "monitor" -> {}
      case "field" -> KEPT[0] = queue;
      case "weak" -> KEPT[0] = new WeakReference<>(queue);
      default -> throw new IllegalArgumentException(knownBy);
    }
    Thread thread =
        Jdk21.startVirtual(
            "reader",
            () -> {
              try {
                if (knownBy.equals("monitor")) {
                  awaitForEver(queue);
                }
                queue.take();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static void awaitForEver(Object monitor) throws InterruptedException {
    synchronized (monitor) {
      while (true) {
        monitor.wait();
      }
    }
  }

  private static String told(Finding finding) {
    return finding.kind().id()
        + " "
        + finding
            .fact("proof")
            .map(text -> text.lines().limit(3).toList().toString())
            .orElse("without a word");
  }

  private static boolean isListed() {
    return VirtualThreads.all().map(all -> all.size() > 1).orElse(true); // but for the first
  }
}
