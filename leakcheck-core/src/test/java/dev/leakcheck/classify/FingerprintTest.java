package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The id of a cause is the same in every run, and another for another cause. */
class FingerprintTest {

  private static StackTraceElement frame(String type, String method, int line) {
    return new StackTraceElement(type, method, "X.java", line);
  }

  private static String ofThread(String name, StackTraceElement... frames) {
    return of(thread(7, name, frames)).fingerprint();
  }

  private static ThreadRecord thread(long id, String name, StackTraceElement... frames) {
    return new ThreadRecord(
        id,
        name,
        false,
        false,
        Thread.State.WAITING,
        ThreadRecord.PLAIN_TYPE,
        "main",
        Arrays.asList(frames),
        null,
        null);
  }

  private static Finding of(ThreadRecord thread) {
    return only(
        new Evidence(
            List.of(thread),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Evidence.Origins.NONE,
            Map.of(),
            Map.of(),
            List.of(),
            ""));
  }

  private static Finding only(Evidence evidence) {
    List<Finding> findings = Classifier.classify(evidence);
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  private static String ofExecutor(String hash, String worker, StackTraceElement... frames) {
    String id = "java.util.concurrent.ThreadPoolExecutor@" + hash;
    return only(new Evidence(
            List.of(thread(7, worker, frames).inExecutor(id)),
            List.of(
                new ExecutorRecord(
                    id, "java.util.concurrent.ThreadPoolExecutor", List.of(7L), null, null)),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Evidence.Origins.NONE,
            Map.of(),
            Map.of(),
            List.of(),
            ""))
        .fingerprint();
  }

  private static String ofQueue(String where, int identity, int size) {
    return only(new Evidence(
            List.of(),
            List.of(),
            List.of(
                new QueueRecord(
                    "java.util.concurrent.LinkedBlockingQueue",
                    identity,
                    where,
                    size,
                    0,
                    Integer.MAX_VALUE,
                    Map.of("java.lang.String", size))),
            List.of(),
            Map.of(),
            Map.of(),
            Evidence.Origins.NONE,
            Map.of(),
            Map.of(),
            List.of(),
            ""))
        .fingerprint();
  }

  @Test
  void isSixteenHexDigits() {
    assertThat(ofThread("poller", frame("com.acme.Poller", "run", 7))).matches("[0-9a-f]{16}");
  }

  @Test
  void isTheSameAfterALineWasInserted() {
    assertThat(ofThread("poller", frame("com.acme.Poller", "run", 7)))
        .isEqualTo(ofThread("poller", frame("com.acme.Poller", "run", 8)));
  }

  @Test
  void isTheSameWhateverTheThreadsNumber() {
    assertThat(ofThread("poller-1", frame("com.acme.Poller", "run", 7)))
        .isEqualTo(ofThread("poller-42", frame("com.acme.Poller", "run", 7)));
  }

  @Test
  void isTheSameWhateverTheLambdasNumber() {
    assertThat(
            ofThread(
                "poller",
                frame("com.acme.Poller", "lambda$start$0", 7),
                frame("com.acme.Poller$$Lambda$14/0x0000000800c03000", "run", -1)))
        .isEqualTo(
            ofThread(
                "poller",
                frame("com.acme.Poller", "lambda$start$3", 7),
                frame("com.acme.Poller$$Lambda/0x000074d1f8001200", "run", -1)));
  }

  @Test
  void isTheSameWhateverTheJdksFrames() {
    assertThat(
            ofThread(
                "poller",
                frame("java.util.concurrent.locks.LockSupport", "park", 1),
                frame("com.acme.Poller", "run", 7)))
        .isEqualTo(
            ofThread(
                "poller",
                frame("jdk.internal.misc.Unsafe", "park", -2),
                frame("java.util.concurrent.locks.LockSupport", "park", 9),
                frame("com.acme.Poller", "run", 7)));
  }

  @Test
  void isTheSameWhateverTheThreadsId() {
    assertThat(of(thread(7, "poller", frame("com.acme.Poller", "run", 7))).fingerprint())
        .isEqualTo(of(thread(8, "poller", frame("com.acme.Poller", "run", 7))).fingerprint());
  }

  @Test
  void isTheSameWhateverTheExecutorsHash() {
    assertThat(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Task", "run", 7)))
        .isEqualTo(ofExecutor("2e4a", "pool-9-thread-3", frame("com.acme.Task", "run", 9)));
  }

  @Test
  void isTheSameWhateverTheQueueHolds() {
    assertThat(ofQueue("field OrderTest.inbox", 1, 1))
        .isEqualTo(ofQueue("field OrderTest.inbox", 2, 5));
  }

  @Test
  void isTheSameWhateverTheTrackedQueuesHash() {
    assertThat(ofQueue("tracked java.util.concurrent.LinkedBlockingQueue@1f", 1, 1))
        .isEqualTo(ofQueue("tracked java.util.concurrent.LinkedBlockingQueue@2e4a", 2, 1));
  }

  @Test
  void differsByWhereTheThreadStands() {
    assertThat(ofThread("poller", frame("com.acme.Poller", "run", 7)))
        .isNotEqualTo(ofThread("poller", frame("com.acme.Poller", "stop", 7)))
        .isNotEqualTo(ofThread("poller", frame("com.acme.Writer", "run", 7)));
  }

  @Test
  void differsByTheThreadsName() {
    assertThat(ofThread("poller-1", frame("com.acme.Poller", "run", 7)))
        .isNotEqualTo(ofThread("writer-1", frame("com.acme.Poller", "run", 7)));
  }

  @Test
  void differsByTheExecutorsTask() {
    assertThat(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Task", "run", 7)))
        .isNotEqualTo(ofExecutor("1f", "pool-1-thread-1", frame("com.acme.Other", "run", 7)));
  }

  @Test
  void differsByTheQueuesField() {
    assertThat(ofQueue("field OrderTest.inbox", 1, 1))
        .isNotEqualTo(ofQueue("field OrderTest.outbox", 1, 1));
  }

  @Test
  void differsByTheKind() {
    String timer =
        of(new ThreadRecord(
                7,
                "poller",
                false,
                false,
                Thread.State.WAITING,
                "java.util.TimerThread",
                "main",
                List.of(),
                null,
                null))
            .fingerprint();

    assertThat(timer).isNotEqualTo(ofThread("poller"));
  }
}
