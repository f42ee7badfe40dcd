package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leakcheck.Planted;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

  @TempDir private Path directory;
  private final Recorders threads = new Recorders();

  private List<String> written() {
    return Recorders.shortly(Recorders.lines(directory));
  }

  @Test
  void nameTellsWhenAndWhichJvm() {
    Recorder recorder = threads.in(directory);
    recorder.flush();

    assertThat(recorder.file())
        .isEqualTo(Recorders.file(directory))
        .asString()
        .matches(".*/leakcheck-20261121-101530-4711-[0-9a-f]{8}\\.jsonl");
  }

  @Test
  void jvmComesFirstAndTheEndLast() {
    Recorder recorder = threads.in(directory);
    recorder.checked(Recorders.clean("one"));
    recorder.checked(Recorders.clean("two"));
    recorder.end(true);

    assertThat(written()).containsExactly("jvm", "check one", "check two", "end");
    assertThat(Recorders.lines(directory).get(3)).endsWith("\"checks\":2}");
  }

  @Test
  void cleanChecksAreGatheredUntilALeakIsFound() {
    Recorder recorder = threads.in(directory);
    recorder.flush();
    recorder.checked(Recorders.clean("one"));
    assertThat(written()).containsExactly("jvm");

    recorder.checked(Recorders.leaking("two"));

    assertThat(written()).containsExactly("jvm", "check one", "check two", "leak two");
  }

  @Test
  void cleanChecksAreWrittenWhenTheyAreMany() throws IOException {
    Recorder recorder = threads.in(directory);
    recorder.flush();
    for (int i = 0; i < 1_000; i++) {
      recorder.checked(Recorders.clean("check " + i));
    }

    assertThat(Files.size(Recorders.file(directory))).isGreaterThan(100_000);
    assertThat(written()).startsWith("jvm", "check check 0").doesNotContain("check check 999");
  }

  @Test
  void cleanChecksAreWrittenWhenTheRunIsOver() {
    Recorder recorder = threads.in(directory);
    recorder.flush();
    recorder.checked(Recorders.clean("one"));
    recorder.endOfRun();

    assertThat(written()).containsExactly("jvm", "check one");
  }

  @Test
  void nothingComesAfterTheEnd() {
    Recorder recorder = threads.in(directory);
    recorder.end(true);
    recorder.checked(Recorders.leaking("late"));
    recorder.endOfRun();
    recorder.end(true);

    assertThat(written()).containsExactly("jvm", "end");
  }

  @Test
  void whatNoCheckSeesIsSaidOnce() throws IOException {
    Recorder recorder = threads.in(directory);
    recorder.checked(Recorders.clean("clean"));
    recorder.checked(Recorders.leaking("leaking"));

    List<JsonNode> nodes = nodes();
    assertThat(nodes.get(0).get("coverage").get(0).textValue()).isEqualTo("known to all");
    assertThat(nodes.get(1).has("coverage")).isFalse();
    assertThat(nodes.get(2).get("coverage").get(0).textValue()).isEqualTo("of this check alone");
  }

  @Test
  void someOfWhatWasLeftAloneIsSaidOfACheckThatPasses() throws IOException {
    Recorder recorder = threads.in(directory);
    recorder.checked(
        Recorders.leavingAlone(Collections.nCopies(25, "thread " + "x".repeat(1_000))));
    recorder.end(true);

    JsonNode leftAlone = nodes().get(1).get("leftAlone");
    assertThat(leftAlone).hasSize(20);
    assertThat(leftAlone.get(0).textValue()).startsWith("thread xxx").hasSize(301);
  }

  @Test
  void acceptedLeaksHaveTheirVerdictAndReason() throws IOException {
    Recorder recorder = threads.in(directory);
    recorder.checked(
        Recorders.checked(
            Recorders.findings(
                "scope",
                List.of(Recorders.finding()),
                List.of(
                    new Findings.Allowed(Recorders.finding(), "vendor client", false),
                    new Findings.Allowed(Recorders.finding(), "since 2024", true)))));

    List<JsonNode> nodes = nodes();
    assertThat(nodes.get(1).get("failing").intValue()).isEqualTo(1);
    assertThat(nodes.get(1).get("accepted").intValue()).isEqualTo(2);
    assertThat(nodes.subList(2, 5).stream().map(RecorderTest::verdict))
        .containsExactly("new null", "allowed vendor client", "known since 2024");
  }

  private static String verdict(JsonNode leak) {
    return leak.get("verdict").textValue() + " " + leak.path("reason").textValue();
  }

  @Test
  void messageIsThatOfTheOneLeak() throws IOException {
    Recorder recorder = threads.in(directory);
    recorder.checked(
        Recorders.checked(
            Recorders.findings(
                "scope",
                List.of(Recorders.finding(Recorders.record(7, "left", false)), Recorders.finding()),
                List.of())));

    assertThat(nodes().get(2).get("message").textValue())
        .startsWith(
            """
            LeakCheck: scope left 1 thread behind (waited 40 ms)

            1) stray-thread   a thread
                 why        it is still alive
            """)
        .doesNotContain("2)");
  }

  @Test
  void threadsOfOneLeakAreBounded() throws IOException {
    ThreadRecord[] many =
        LongStream.rangeClosed(1, 250)
            .mapToObj(id -> Recorders.record(id, "t-" + id, false))
            .toArray(ThreadRecord[]::new);
    Recorder recorder = threads.in(directory);
    recorder.checked(Recorders.leaking("scope", many));

    List<JsonNode> nodes = nodes();
    assertThat(nodes.get(2).get("threads")).hasSize(100);
    assertThat(nodes.get(2).get("threadCount").intValue()).isEqualTo(250);
    assertThat(nodes.stream().filter(node -> entry(node).equals("lifetime")).map(this::thread))
        .doesNotHaveDuplicates()
        .hasSize(100);
  }

  @Test
  void lifeOfAThreadIsToldUntilItHasEnded() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = new Thread(() -> Planted.await(end));
    thread.start();
    threads.visible.put(7L, thread);
    Recorder recorder = threads.in(directory);

    recorder.checked(Recorders.leaking("first", Recorders.record(7, "left", false)));
    assertThat(lives()).containsExactly("7 true");

    end.countDown();
    thread.join();
    recorder.checked(Recorders.leaking("second"));
    assertThat(lives()).containsExactly("7 true", "7 false");

    recorder.end(true);
    assertThat(lives()).containsExactly("7 true", "7 false");
  }

  @Test
  void threadThatIsStillThereIsAliveAtTheEnd() throws Exception {
    threads.visible.put(7L, Thread.currentThread());
    Recorder recorder = threads.in(directory);

    recorder.checked(Recorders.leaking("first", Recorders.record(7, "left", false)));
    recorder.end(true);

    assertThat(lives()).containsExactly("7 true", "7 true");
    JsonNode last = nodes().get(nodes().size() - 2);
    assertThat(last.get("until").textValue()).isGreaterThan(last.get("since").textValue());
  }

  @Test
  void threadsThatOnlyADumpShowsAreAskedForWhenTheRunIsOver() throws Exception {
    Recorder recorder = threads.in(directory);
    recorder.checked(
        Recorders.leaking(
            "first", Recorders.record(7, "ends", true), Recorders.record(8, "stays", true)));
    threads.dumped.add(8L);
    recorder.endOfRun();
    recorder.end(true);

    assertThat(lives()).containsExactly("7 true", "8 true", "7 false", "8 true");
  }

  @Test
  void threadsAreHeldWeakly() throws Exception {
    Thread thread = new Thread(() -> {});
    WeakReference<Thread> gone = new WeakReference<>(thread);
    threads.visible.put(7L, thread);
    Recorder recorder = threads.in(directory);
    recorder.checked(Recorders.leaking("first", Recorders.record(7, "left", false)));
    threads.visible.clear();
    thread = null;
    for (int i = 0; i < 20 && gone.get() != null; i++) {
      Garbage.collect();
    }

    recorder.end(true);
    assertThat(lives()).containsExactly("7 true", "7 false");
  }

  @Test
  void manyThreadsWriteWholeLines() throws Exception {
    Recorder recorder = threads.in(directory);
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "writer " + i;
      writers.add(
          new Thread(
              () -> {
                for (int n = 0; n < 200; n++) {
                  recorder.checked(n % 20 == 0 ? Recorders.leaking(name) : Recorders.clean(name));
                  if (n % 50 == 0) {
                    Thread.currentThread().interrupt();
                  }
                }
              }));
    }
    writers.forEach(Thread::start);
    for (Thread writer : writers) {
      writer.join();
    }
    recorder.end(true);

    List<JsonNode> nodes = nodes(); // each line is JSON
    assertThat(nodes.stream().filter(node -> entry(node).equals("check"))).hasSize(1_600);
    assertThat(nodes.stream().filter(node -> entry(node).equals("leak"))).hasSize(80);
    assertThat(entry(nodes.get(nodes.size() - 1))).isEqualTo("end");
  }

  @Test
  void whoeverIsInterruptedWritesAndStaysInterrupted() {
    Recorder recorder = threads.in(directory);
    Thread.currentThread().interrupt();
    try {
      recorder.checked(Recorders.leaking("interrupted"));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    recorder.end(true);

    assertThat(written()).containsExactly("jvm", "check interrupted", "leak interrupted", "end");
  }

  @Test
  void reportThatSomebodyDeletedBeginsAnew() throws IOException {
    Recorder recorder = threads.in(directory.resolve("sub"));
    recorder.checked(Recorders.leaking("one"));
    Files.delete(recorder.file());
    Files.delete(directory.resolve("sub"));
    recorder.checked(Recorders.leaking("two"));

    assertThat(Recorders.shortly(Recorders.lines(directory.resolve("sub"))))
        .containsExactly("jvm", "check two", "leak two");
  }

  @Test
  void directoryThatCannotBeMadeEndsTheReportAndNothingElse() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    Recorder recorder = threads.in(file.resolve("sub"));
    recorder.checked(Recorders.leaking("one"));
    recorder.endOfRun();
    recorder.end(true);

    assertThat(file).isEmptyFile();
  }

  /** A file that fails after so many bytes, as on a disk that is full. */
  @Test
  void deviceThatIsFullEndsTheReportAndNothingElse() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Recorder recorder = threads.in(directory);
    Files.createSymbolicLink(recorder.file(), full);
    recorder.checked(Recorders.leaking("one"));
    recorder.end(true);

    assertThat(recorder.file()).isSymbolicLink();
  }

  private List<JsonNode> nodes() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Recorders.lines(directory)) {
      nodes.add(json.readTree(line));
    }
    return nodes;
  }

  private static String entry(JsonNode node) {
    return node.get("entry").textValue();
  }

  private long thread(JsonNode lifetime) {
    return lifetime.get("thread").longValue();
  }

  private List<String> lives() throws IOException {
    return nodes().stream()
        .filter(node -> entry(node).equals("lifetime"))
        .map(node -> thread(node) + " " + node.get("alive").booleanValue())
        .toList();
  }
}
