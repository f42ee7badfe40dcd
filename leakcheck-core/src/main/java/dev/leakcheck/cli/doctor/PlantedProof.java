package dev.leakcheck.cli.doctor;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Proof;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Plants two threads that wait: one that nobody can wake, which has to be proved, and one whose
 * queue somebody could fill, which must not be. With the agent the same of virtual threads.
 */
final class PlantedProof {

  private static final String FORGOTTEN = "forgotten";
  private static final String HELD = "held";

  /** A static field of the JDK leads to it: what LeakCheck's own classes hold does not count. */
  private static final String KEY = "planted.queue";

  /** All is as it should be. What is said otherwise is why that is not known. */
  static final String RIGHT = "";

  /** The same, of virtual threads as well. */
  static final String RIGHT_OF_VIRTUAL = "also of virtual threads";

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
  String look(Tier tier) throws Exception {
    String said = ofPlatform();
    if (!said.equals(RIGHT) || tier != Tier.AGENT || !Jdk21.isHere()) {
      return said;
    }
    String also = ofVirtual();
    return also.equals(RIGHT) ? RIGHT_OF_VIRTUAL : also;
  }

  private String ofPlatform() throws Exception {
    try {
      List<Finding> findings = check(this::plant);
      return judge(proof(findings, FORGOTTEN), proof(findings, HELD));
    } finally {
      System.getProperties().remove(KEY);
      scene.end();
    }
  }

  /** One after the other, as two that wait at one place would be one finding. */
  private String ofVirtual() throws Exception {
    BlockingQueue<Object> held = new LinkedBlockingQueue<>();
    try {
      leave(new LinkedBlockingQueue<>()); // with an agent the JVM holds one that loads a class
      List<Finding> forgotten = check(() -> leave(new LinkedBlockingQueue<>()));
      System.getProperties().put(KEY, held);
      return judge(proof(forgotten, ""), proof(check(() -> leave(held)), ""));
    } finally {
      System.getProperties().remove(KEY);
      held.add("");
    }
  }

  private List<Finding> check(Scene.Body plants) throws Exception {
    TestScope scope = TestScope.open(TestOptions.of(options).byEntry());
    try {
      TestScope.Entry entry = scope.enter();
      try {
        plants.run();
      } finally {
        entry.close();
      }
      return scope.findings().list();
    } finally {
      scope.end();
    }
  }

  /** Has a virtual thread wait. Nothing here may hold that any more. */
  private static void leave(BlockingQueue<Object> queue) throws Exception {
    Scene.awaitParked(Jdk21.startVirtual(Scene.quietly(queue::take)));
  }

  private void plant() {
    BlockingQueue<Object> held = new LinkedBlockingQueue<>();
    System.getProperties().put(KEY, held);
    scene.stuck(HELD, held::take);
    BlockingQueue<Object> forgotten = new LinkedBlockingQueue<>();
    scene.stuck(FORGOTTEN, forgotten::take);
  }

  /** What is said of the thread of a name. */
  private static @Nullable Proof proof(List<Finding> findings, String name) {
    return findings.stream()
        .filter(finding -> finding.threads().stream().anyMatch(t -> t.name().equals(name)))
        .findFirst()
        .map(Finding::proof)
        .orElse(null);
  }

  private static String judge(@Nullable Proof forgotten, @Nullable Proof held) {
    if (forgotten instanceof Proof.Reachable) {
      return WRONG + "a thread that nobody can wake is said to be reachable";
    }
    if (held instanceof Proof.Proved) {
      return WRONG + "a thread that somebody can wake is said to be stuck for good";
    }
    return forgotten instanceof Proof.Proved && held instanceof Proof.Reachable
        ? RIGHT
        : whyNot(forgotten instanceof Proof.Proved ? held : forgotten);
  }

  private static String whyNot(@Nullable Proof proof) {
    return proof instanceof Proof.Unknown unknown ? unknown.reason() : "it was not asked";
  }
}
