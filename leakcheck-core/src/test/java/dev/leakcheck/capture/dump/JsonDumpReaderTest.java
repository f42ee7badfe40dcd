package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ThreadRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDumpReaderTest {

  /** As JDK 21 writes it: no state, numbers as strings. */
  private static final String JDK_21 =
      """
      {
        "threadDump": {
          "processId": "4711",
          "time": "2026-01-01T00:00:00.000Z",
          "runtimeVersion": "21.0.8+9",
          "threadContainers": [
            {
              "container": "<root>",
              "parent": null,
              "owner": null,
              "threads": [
               {
                 "tid": "1",
                 "name": "main",
                 "stack": [
                    "java.base/java.lang.Object.wait0(Native Method)",
                    "app//com.acme.Main.main(Main.java:12)"
                 ]
               },
               {
                 "tid": "29",
                 "name": "",
                 "stack": [
                    "java.base/java.lang.VirtualThread.park(VirtualThread.java:582)",
                    "java.base/java.lang.System$2.parkVirtualThread(System.java:2639)",
                    "java.base/jdk.internal.misc.VirtualThreads.park(VirtualThreads.java:54)",
                    "java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:369)",
                    "app//com.acme.Poller.poll(Poller.java:7)",
                    "java.base/java.lang.VirtualThread.run(VirtualThread.java:309)"
                 ]
               }
              ],
              "threadCount": "2"
            },
            {
              "container": "java.util.concurrent.ThreadPoolExecutor@623a8092",
              "parent": "<root>",
              "owner": null,
              "threads": [
               {
                 "tid": "30",
                 "name": "pool-1-thread-1",
                 "stack": [
                 ]
               }
              ],
              "threadCount": "1"
            }
          ]
        }
      }
      """;

  /** As JDK 25 writes it. */
  private static final String JDK_25 =
      """
      {
        "threadDump": {
          "formatVersion": 2,
          "processId": 4711,
          "threadContainers": [
            {
              "container": "<root>",
              "parent": null,
              "owner": null,
              "threads": [
               {
                 "tid": 29,
                 "time": "2026-01-01T00:00:00.000Z",
                 "name": "poller",
                 "state": "WAITING",
                 "virtual": true,
                 "parkBlocker": {
                   "object": "java.util.concurrent.locks.ReentrantLock$NonfairSync@1b2c3d",
                   "owner": "30"
                 },
                 "stack": [
                    "java.base/java.lang.VirtualThread.park(VirtualThread.java:738)",
                    "com.acme.Poller.poll(Poller.java:7)"
                 ],
                 "monitorsOwned": [ { "depth": 1, "locks": [ "java.lang.Object@ff" ] } ],
                 "carrier": "31"
               },
               {
                 "tid": "32",
                 "name": "blocked",
                 "state": "BLOCKED",
                 "blockedOn": "java.lang.Object@7f",
                 "stack": [ ]
               },
               {
                 "tid": "33",
                 "name": "waiting",
                 "state": "TIMED_WAITING",
                 "waitingOn": "java.lang.Object@80",
                 "stack": [ ]
               }
              ],
              "threadCount": "3"
            },
            {
              "container": "java.util.concurrent.StructuredTaskScopeImpl@99",
              "parent": "<root>",
              "owner": "29",
              "threads": [ ],
              "threadCount": "0"
            }
          ]
        }
      }
      """;

  private static ThreadDump read(String json) throws IOException {
    return read(json, Set.of());
  }

  private static ThreadDump read(String json, Set<Long> unwanted) throws IOException {
    ThreadDump.Collector collector = new ThreadDump.Collector(id -> !unwanted.contains(id));
    new JsonDumpReader(collector)
        .read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    return collector.dump(Coverage.FULL, 0);
  }

  private static String container(String fields) {
    return "{\"threadDump\":{\"threadContainers\":[{" + fields + "}]}}";
  }

  private static String thread(String fields) {
    return container("\"container\":\"<root>\",\"threads\":[{" + fields + "}]");
  }

  @Test
  void threadsOfJdk21AreReadWithoutTheirState() throws IOException {
    List<ThreadRecord> threads = read(JDK_21).threads();

    assertThat(threads).extracting(ThreadRecord::id).containsExactly(1L, 29L, 30L);
    assertThat(threads)
        .extracting(ThreadRecord::name)
        .containsExactly("main", "", "pool-1-thread-1");
    assertThat(threads).extracting(ThreadRecord::virtual).containsExactly(false, true, false);
    assertThat(threads.get(1).state()).isEqualTo(Thread.State.WAITING);
    assertThat(threads.get(1).stack()).hasSize(6);
    assertThat(threads.get(0).stack().get(1))
        .isEqualTo(
            new StackTraceElement("app", null, null, "com.acme.Main", "main", "Main.java", 12));
  }

  @Test
  void executorsAreReadWithTheirThreads() throws IOException {
    ThreadDump dump = read(JDK_21);

    assertThat(dump.containers())
        .containsExactly(
            new ThreadDump.Container(
                "java.util.concurrent.ThreadPoolExecutor@623a8092", null, List.of(30L)));
    assertThat(dump.containers().get(0).type())
        .isEqualTo("java.util.concurrent.ThreadPoolExecutor");
    assertThat(dump.threads())
        .extracting(ThreadRecord::executor)
        .containsExactly(null, null, "java.util.concurrent.ThreadPoolExecutor@623a8092");
  }

  @Test
  void threadsOfJdk25AreReadWithStateAndBlocker() throws IOException {
    List<ThreadRecord> threads = read(JDK_25).threads();

    assertThat(threads).extracting(ThreadRecord::id).containsExactly(29L, 32L, 33L);
    assertThat(threads)
        .extracting(ThreadRecord::state)
        .containsExactly(Thread.State.WAITING, Thread.State.BLOCKED, Thread.State.TIMED_WAITING);
    assertThat(threads)
        .extracting(ThreadRecord::blocker)
        .containsExactly(
            new Blocker("java.util.concurrent.locks.ReentrantLock$NonfairSync", 0x1b2c3d, 30L),
            new Blocker("java.lang.Object", 0x7f, null),
            new Blocker("java.lang.Object", 0x80, null));
    assertThat(threads.get(0).virtual()).isTrue();
  }

  @Test
  void ownerOfATaskScopeIsRead() throws IOException {
    assertThat(read(JDK_25).containers())
        .containsExactly(
            new ThreadDump.Container(
                "java.util.concurrent.StructuredTaskScopeImpl@99", 29L, List.of()));
  }

  @Test
  void stackThatIsNotWantedIsSkippedButItsThreadIsCounted() throws IOException {
    ThreadDump dump = read(JDK_21, Set.of(1L, 30L));

    assertThat(dump.threads()).extracting(ThreadRecord::id).containsExactly(29L);
    assertThat(dump.containers().get(0).threads()).containsExactly(30L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"7\""})
  void numbersMayBeNumbersOrStrings(String number) throws IOException {
    assertThat(read(thread("\"tid\":" + number)).threads().get(0).id()).isEqualTo(7);
    assertThat(
            read(container("\"container\":\"c@1\",\"owner\":" + number + ",\"threads\":[]"))
                .containers()
                .get(0)
                .owner())
        .isEqualTo(7);
  }

  @Test
  void unknownFieldsOfAnyShapeArePassedOver() throws IOException {
    String noise = "\"new\":{\"a\":[1,{\"b\":null}]},\"newer\":[[],{}],\"flag\":true,";
    ThreadDump dump =
        read(
            "{"
                + noise
                + "\"threadDump\":{"
                + noise
                + "\"threadContainers\":[{"
                + noise
                + "\"container\":\"c@1\",\"threads\":[{"
                + noise
                + "\"tid\":\"7\",\"name\":\"n\",\"stack\":[]}]}]}}");

    assertThat(dump.threads()).extracting(ThreadRecord::name).containsExactly("n");
    assertThat(dump.containers()).extracting(ThreadDump.Container::name).containsExactly("c@1");
  }

  @Test
  void containerWithoutThreadsFieldIsListed() throws IOException {
    assertThat(read(container("\"container\":\"c@1\"")).containers()).hasSize(1);
  }

  @Test
  void missingFieldsHaveDefaults() throws IOException {
    ThreadRecord thread = read(thread("\"tid\":7")).threads().get(0);

    assertThat(thread.name()).isEmpty();
    assertThat(thread.stack()).isEmpty();
    assertThat(thread.blocker()).isNull();
  }

  @Test
  void stateOfALaterReleaseIsNoError() throws IOException {
    assertThat(read(thread("\"tid\":7,\"state\":\"LEVITATING\"")).threads()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "17", "true", "[]", "\"nonsense\"", "{}", "{\"object\":7}"})
  void blockerOfAnotherShapeIsNoBlocker(String blocker) throws IOException {
    ThreadRecord thread =
        read(thread("\"tid\":7,\"parkBlocker\":" + blocker + ",\"name\":\"n\"")).threads().get(0);

    assertThat(thread.blocker()).isNull();
    assertThat(thread.name()).isEqualTo("n");
  }

  @Test
  void monitorsAreReadWithTheFramesThatTookThem() throws IOException {
    ThreadDump dump =
        read(
            thread(
                "\"tid\":\"7\",\"state\":\"BLOCKED\",\"blockedOn\":\"A@1\",\"monitorsOwned\":"
                    + "[{\"depth\":1,\"locks\":[\"B@2\",null,\"C@3\"]},{\"depth\":2,\"x\":{},"
                    + "\"locks\":[\"D@4\"]}]"));

    assertThat(dump.monitors())
        .containsOnlyKeys(7L)
        .containsEntry(
            7L,
            List.of(
                new ThreadDump.Monitor(new Blocker("B", 2, null), 1),
                new ThreadDump.Monitor(new Blocker("C", 3, null), 1),
                new ThreadDump.Monitor(new Blocker("D", 4, null), 2)));
  }

  @Test
  void monitorThatWasGivenUpToWaitForItIsNotOwned() throws IOException {
    ThreadDump dump =
        read(
            thread(
                "\"tid\":7,\"state\":\"WAITING\",\"waitingOn\":\"A@1\",\"monitorsOwned\":"
                    + "[{\"depth\":3,\"locks\":[\"A@1\"]}]"));

    assertThat(dump.monitors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "17", "[]", "{}", "[17]", "[{}]", "[{\"locks\":7}]", "[[\"A@1\"]]"})
  void monitorsOfAnotherShapeAreNone(String monitors) throws IOException {
    ThreadDump dump = read(thread("\"tid\":7,\"monitorsOwned\":" + monitors + ",\"name\":\"n\""));

    assertThat(dump.monitors()).isEmpty();
    assertThat(dump.threads().get(0).name()).isEqualTo("n");
  }

  @Test
  void nameWithEscapesIsReadAsItWas() throws IOException {
    assertThat(read(thread("\"tid\":7,\"name\":\"a\\\"b\\n\\u20ac\\\\\"")).threads().get(0).name())
        .isEqualTo("a\"b\n€\\");
  }

  @Test
  void equalStacksAreOneObject() throws IOException {
    String stack = "\"stack\":[\"com.acme.A.b(A.java:1)\",\"com.acme.A.c(A.java:2)\"]";
    ThreadDump dump =
        read(
            container(
                "\"container\":\"<root>\",\"threads\":[{\"tid\":1,"
                    + stack
                    + "},{\"tid\":2,"
                    + stack
                    + "}]"));

    assertThat(dump.threads().get(0).stack()).isSameAs(dump.threads().get(1).stack());
  }

  @Test
  void everyTruncationIsMalformedAndNothingElse() {
    String whole = JDK_25.stripTrailing();
    List<Integer> wronglyAccepted = new ArrayList<>();
    for (int length = 0; length < whole.length(); length++) {
      try {
        read(whole.substring(0, length));
        wronglyAccepted.add(length);
      } catch (MalformedDumpException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    assertThat(wronglyAccepted).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "garbage",
        "[]",
        "17",
        "null",
        "{}",
        "{\"threadDump\":[]}",
        "{\"threadDump\":{}}",
        "{\"threadDump\":null}",
        "{\"threadDump\":{\"threadContainers\":7}}",
        "{\"threadDump\":{\"threadContainers\":[7]}}",
        "{\"threadDump\":{\"threadContainers\":[{\"container\":\"c\",\"threads\":[7]}]}}",
        "{\"threadDump\":{\"threadContainers\":[{\"container\":\"c\",\"threads\":[{\"tid\":{}}]}]}}",
        "{\"threadDump\":{\"threadContainers\":[{\"container\":\"c\",\"threads\":[{\"tid\":\"x\"}]}]}}",
        "\u0000\u0001\u0002",
        "PK\u0003\u0004"
      })
  void whatIsNoThreadDumpIsMalformed(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedDumpException.class);
  }

  @Test
  void depthBombIsMalformed() {
    String bomb = "{\"threadDump\":{\"x\":" + "[".repeat(100_000);

    assertThatThrownBy(() -> read(bomb)).isInstanceOf(MalformedDumpException.class);
  }

  @Test
  void manyThreadsAreRead() throws IOException {
    StringBuilder threads = new StringBuilder();
    IntStream.range(0, 20_000)
        .forEach(i -> threads.append(i == 0 ? "" : ",").append("{\"tid\":").append(i).append('}'));

    ThreadDump dump = read(container("\"container\":\"c@1\",\"threads\":[" + threads + "]"));

    assertThat(dump.threads()).hasSize(20_000);
    assertThat(dump.containers().get(0).threads()).hasSize(20_000);
  }
}
