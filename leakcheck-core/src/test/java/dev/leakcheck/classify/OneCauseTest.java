package dev.leakcheck.classify;

import static dev.leakcheck.classify.Scene.QUEUE;
import static dev.leakcheck.classify.Scene.queue;
import static dev.leakcheck.classify.Scene.taker;
import static dev.leakcheck.classify.Scene.thread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import org.junit.jupiter.api.Test;

/** A queue that is not empty since its producer is stuck is told with the producer. */
class OneCauseTest {

  private static final QueueRecord FULL = queue(0x1a, "field OrderTest.inbox", 2, 0);
  private static final QueueRecord NOT_FULL = queue(0x1a, "field OrderTest.inbox", 2, 8);

  private static ThreadRecord producer(long id, String name) {
    return thread(
        id,
        name,
        "jdk.internal.misc.Unsafe.park:1",
        "java.util.concurrent.locks.LockSupport.park:2",
        QUEUE + ".put:3",
        "com.acme.Mailbox.send:30");
  }

  private static Scene scene(QueueRecord leftover, QueueRecord waitedOn) {
    return new Scene()
        .with(producer(7, "sender"))
        .waitingOn(7, waitedOn)
        .inSight(leftover)
        .leftover(leftover);
  }

  @Test
  void producerThatWaitsForRoomExplainsWhatIsInItsQueue() {
    Finding finding = scene(FULL, FULL).finding();

    assertThat(finding.kind()).isEqualTo(LeakKind.STUCK_ON_QUEUE);
    assertThat(finding.fact("elements")).contains("2 × OrderEvent (0 when the scope opened)");
  }

  @Test
  void producersThatWaitForTakersExplainWhatTheyHand() {
    Scene scene = scene(NOT_FULL, NOT_FULL).with(producer(8, "sender")).waitingOn(8, NOT_FULL);

    assertThat(scene.findings()).extracting(Finding::kind).containsExactly(LeakKind.STUCK_ON_QUEUE);
  }

  @Test
  void whatMoreIsInTheQueueIsTold() {
    assertBoth(scene(NOT_FULL, NOT_FULL));
  }

  @Test
  void otherQueueIsTold() {
    assertBoth(scene(FULL, queue(0x1b, "field OrderTest.outbox", 2, 0)));
  }

  @Test
  void queueThatIsOnlyGuessedIsTold() {
    assertBoth(new Scene().with(producer(7, "sender")).inSight(FULL).leftover(FULL));
  }

  @Test
  void queueOfAConsumerIsTold() {
    assertBoth(new Scene().with(taker(7, "mail-1")).waitingOn(7, FULL).leftover(FULL));
  }

  @Test
  void queueIsToldIfTheProducerIsAccepted() {
    assertBoth(scene(FULL, FULL).accepting(finding -> finding.kind() == LeakKind.STUCK_ON_QUEUE));
  }

  private static void assertBoth(Scene scene) {
    assertThat(scene.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(LeakKind.STUCK_ON_QUEUE, LeakKind.LEFTOVER_QUEUE);
  }
}
