package dev.leakcheck.cli.doctor;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Plants two threads that wait: one that nobody can wake, which has to be proved, and one whose
 * queue somebody could fill, which must not be.
 */
final class PlantedProof {

  private static final String FORGOTTEN = "forgotten";
  private static final String HELD = "held";

  /** A static field of the JDK leads to it: what LeakCheck's own classes hold does not count. */
  private static final String KEY = "planted.queue";

  /** All is as it should be. What is said otherwise is why that is not known. */
  static final String RIGHT = "";

  /** What a trouble begins with. */
  static final String WRONG = "WRONG: ";

  private final LeakCheckOptions options;
  private final Scene scene;

  PlantedProof(ScheduledExecutorService fixture) {
    this.options =
        LeakCheckOptions.of(
                LeakCheckSettings.from(
                    key ->
                        key.equals(LeakCheckSettings.PROOF)
                            ? Optional.of(LeakCheckSettings.Proof.ON.name())
                            : Optional.empty()))
            .settle(Duration.ZERO)
            .named("proof");
    this.scene = new Scene(fixture);
  }

  /** Plants them and tells what is said of them. */
  String look() {
    TestScope scope = TestScope.open(TestOptions.of(options).byEntry());
    try {
      TestScope.Entry entry = scope.enter();
      try {
        plant();
      } finally {
        entry.close();
      }
      return judge(scope.findings().list());
    } finally {
      scope.end();
      System.getProperties().remove(KEY);
      scene.end();
    }
  }

  private void plant() {
    BlockingQueue<Object> held = new LinkedBlockingQueue<>();
    System.getProperties().put(KEY, held);
    scene.stuck(HELD, held::take);
    BlockingQueue<Object> forgotten = new LinkedBlockingQueue<>();
    scene.stuck(FORGOTTEN, forgotten::take);
  }

  private static String judge(List<Finding> findings) {
    List<String> open = new ArrayList<>();
    for (String name : List.of(FORGOTTEN, HELD)) {
      boolean isForgotten = name.equals(FORGOTTEN);
      Proof proof =
          findings.stream()
              .filter(finding -> finding.threads().stream().anyMatch(t -> t.name().equals(name)))
              .findFirst()
              .map(Finding::proof)
              .orElse(null);
      if (proof instanceof Proof.Unknown unknown) {
        open.add(unknown.reason());
      } else if (proof == null) {
        open.add("it was not asked");
      } else if (isForgotten != proof instanceof Proof.Proved) {
        return WRONG
            + (isForgotten
                ? "a thread that nobody can wake is said to be reachable"
                : "a thread that somebody can wake is said to be stuck for good");
      }
    }
    return open.isEmpty() ? RIGHT : open.get(0);
  }
}
