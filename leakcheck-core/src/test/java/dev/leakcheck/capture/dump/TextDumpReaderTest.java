package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.base.Lines;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextDumpReaderTest {

  /** As JDK 21 writes it. */
  private static final String JDK_21 =
      """
      4711
      2026-01-01T00:00:00.000Z
      21.0.8+9-LTS

      #1 "main"
            java.base/java.lang.Object.wait0(Native Method)
            app//com.acme.Main.main(Main.java:12)

      #29 "" virtual
            java.base/java.lang.VirtualThread.park(VirtualThread.java:582)
            app//com.acme.Poller.poll(Poller.java:7)
            java.base/java.lang.VirtualThread.run(VirtualThread.java:309)

      """;

  /** As JDK 25 writes it. */
  private static final String JDK_25 =
      """
      4711
      2026-01-01T00:00:00.000Z
      25.0.3+9-LTS

      #1 "main" RUNNABLE 2026-01-01T00:00:00.000Z
          at java.base/java.lang.Object.wait0(Native Method)
          at com.acme.Main.main(Main.java:12)

      #29 "poller" virtual WAITING 2026-01-01T00:00:00.000Z
          at java.base/java.lang.VirtualThread.park(VirtualThread.java:738)
          - parking to wait for <0x1b2c3d> (a java.util.concurrent.locks.ReentrantLock)
          at com.acme.Poller.poll(Poller.java:7)

      """;

  private static List<ThreadRecord> read(String text) throws IOException {
    ThreadDump.Collector collector = new ThreadDump.Collector(id -> true);
    new TextDumpReader(collector).read(new Lines(new StringReader(text)));
    return collector.dump(Coverage.FULL, 0).threads();
  }

  private static List<ThreadRecord> readNamed(String name) throws IOException {
    return read(
        "#7 \""
            + name
            + "\" virtual WAITING 2026-01-01T00:00:00.000Z\n"
            + "    at com.acme.A.b(A.java:1)\n\n"
            + "#8 \"after\" RUNNABLE 2026-01-01T00:00:00.000Z\n\n");
  }

  @Test
  void threadsOfJdk21AreRead() throws IOException {
    List<ThreadRecord> threads = read(JDK_21);

    assertThat(threads).extracting(ThreadRecord::id).containsExactly(1L, 29L);
    assertThat(threads).extracting(ThreadRecord::name).containsExactly("main", "");
    assertThat(threads).extracting(ThreadRecord::virtual).containsExactly(false, true);
    assertThat(threads).extracting(thread -> thread.stack().size()).containsExactly(2, 3);
  }

  @Test
  void threadsOfJdk25AreReadWithTheirState() throws IOException {
    List<ThreadRecord> threads = read(JDK_25);

    assertThat(threads).extracting(ThreadRecord::name).containsExactly("main", "poller");
    assertThat(threads)
        .extracting(ThreadRecord::state)
        .containsExactly(Thread.State.RUNNABLE, Thread.State.WAITING);
    assertThat(threads.get(1).stack())
        .extracting(StackTraceElement::getMethodName)
        .containsExactly("park", "poll");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two\nlines",
        "\n",
        "a\n\nb",
        "quoted \"name\"",
        "\"",
        "\" virtual",
        "x\" virtual y",
        "\u001b[31mred",
        "nul\u0000",
        "#9 \"fake",
        "tab\tand\u0007bell"
      })
  void nameIsReadAsItWas(String name) throws IOException {
    List<ThreadRecord> threads = readNamed(name);

    assertThat(threads).extracting(ThreadRecord::id).containsExactly(7L, 8L);
    assertThat(threads).extracting(ThreadRecord::name).containsExactly(name, "after");
    assertThat(threads).extracting(ThreadRecord::virtual).containsExactly(true, false);
    assertThat(threads.get(0).stack()).hasSize(1);
  }

  @Test
  void longNameIsRead() throws IOException {
    String name = "x".repeat(10_000);

    assertThat(readNamed(name)).extracting(ThreadRecord::name).containsExactly(name, "after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "garbage", "#", "#x \"y\"", "#7 \"never closed\n\n"})
  void garbageHoldsNoThread(String text) throws IOException {
    assertThat(read(text)).isEmpty();
  }

  @Test
  void everyTruncationIsReadWithoutAnError() throws IOException {
    for (int length = 0; length <= JDK_25.length(); length++) {
      assertThat(read(JDK_25.substring(0, length))).hasSizeLessThanOrEqualTo(2);
    }
  }
}
