package dev.leakcheck.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.leakcheck.model.Cohort;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JstackReaderTest {

  private static final String HEAD =
      "2026-01-01 10:00:00\nFull thread dump OpenJDK 64-Bit Server VM (17.0.1+1 mixed mode):\n\n";
  private static final String END = "JNI global refs: 9, weak refs: 0\n\n";

  private static String thread(String name, long id, String body) {
    return "\""
        + name
        + "\" #"
        + id
        + " prio=5 os_prio=0 cpu=1.00ms elapsed=1.00s tid=0x00007f0000000000 nid=0x1 runnable "
        + " [0x00007f0000000000]\n"
        + body
        + "\n";
  }

  private static String state(String state, String... lines) {
    return "   java.lang.Thread.State: " + state + "\n\t" + String.join("\n\t", lines) + "\n";
  }

  private static final String RUNS = state("RUNNABLE", "at com.acme.A.run(A.java:1)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "",
        "two\nlines",
        "a\n\nb",
        "say \"hi\"",
        "\"",
        "x\" #7 prio=5 os_prio=0 tid=0x1 nid=0x2 \"y",
        "\u001b[31mred",
        "\tat com.acme.B.run(B.java:1)",
        "Full thread dump",
        "- None"
      })
  void aNameIsReadAsItWas(String name) {
    Dump dump = Samples.readText(HEAD + thread(name, 12, RUNS) + thread("next", 13, RUNS) + END);

    assertThat(dump.population().threads()).isEqualTo(2);
    assertThat(dump.population().cohorts())
        .flatExtracting(Cohort::examples)
        .containsExactlyInAnyOrderElementsOf(
            name.isEmpty() ? java.util.List.of("next") : java.util.List.of(name, "next"));
    assertThat(dump.population().cohorts()).allMatch(cohort -> cohort.stack().size() == 1);
  }

  @Test
  void theOldestThreadTellsTheAgeOfAGroup() {
    String late = thread("worker-2", 13, RUNS).replace("elapsed=1.00s", "elapsed=0.25s");
    String unknown = thread("old-jdk", 14, RUNS).replace(" elapsed=1.00s", "");

    Dump dump = Samples.readText(HEAD + thread("worker-1", 12, RUNS) + late + unknown + END);

    assertThat(dump.population().cohorts())
        .extracting(Cohort::name, dump::age)
        .containsExactly(
            tuple("worker-*", OptionalLong.of(1000)), tuple("old-jdk", OptionalLong.empty()));
  }

  @Test
  void logLinesAroundAndWithinAreNoThreads() {
    String log =
        "10:00:01 INFO \"main\" starts\n\"quoted\": 1\njava.lang.IllegalStateException: no\n"
            + "\tat com.acme.B.run(B.java:1)\n\n";
    Dump dump =
        Samples.readText(log + HEAD + log + thread("a", 12, RUNS) + log + END + log + "Heap\n");

    assertThat(dump.population().threads()).isEqualTo(1);
    assertThat(dump.population().cohorts().get(0).stack()).hasSize(1);
  }

  @Test
  void ofSeveralDumpsTheLastWholeOneIsTaken() {
    String first = HEAD + thread("first", 12, RUNS) + END;
    String second = HEAD.replace("10:00:00", "11:00:00") + thread("second", 12, RUNS) + END;
    String cut = HEAD.replace("10:00:00", "12:00:00") + thread("third", 12, RUNS);

    Dump whole = Samples.readText(first + second);
    Dump last = Samples.readText(first + second + cut);

    assertThat(whole.population().cohorts().get(0).name()).isEqualTo("second");
    assertThat(whole.notes())
        .containsExactly("it holds 2 dumps: the last one is shown, of 2026-01-01 11:00:00");
    assertThat(last.population().cohorts().get(0).name()).isEqualTo("second");
    assertThat(last.notes())
        .containsExactly(
            "the last dump in it is cut short: the one before that is shown",
            "it holds 3 dumps: the last whole one is shown, of 2026-01-01 11:00:00");
  }

  @Test
  void blanksInThePlaceOfTabsDoNotMatter() {
    String text = Samples.text("jdk17-jstack-l.txt").replace("\t", "        ");

    assertThat(Samples.readText(text).deadlocks()).hasSize(2);
  }

  /** Only the JVM's own words tell who holds a lock, where -l was not given. */
  @Test
  void theJvmsOwnSearchForDeadlocksIsUsed() {
    String text = Samples.text("jdk17-jstack.txt");

    assertThat(Samples.readText(text).deadlocks())
        .extracting(Dump.Stuck::title)
        .containsExactly(
            "2 threads wait for each other: \"booker\", \"refiller\"",
            "2 threads wait for each other: \"payer\", \"teller\"");
    Dump without = Samples.readText(text.substring(0, text.indexOf("Found one Java")));
    assertThat(without.deadlocks()).hasSize(1);
    assertThat(without.notes())
        .containsExactly(
            "of the locks that 2 threads wait for it is not told who holds them: a deadlock over"
                + " these is not seen (jstack -l tells more)");
  }

  /** In Object.wait() a thread has given the monitor up, whether the dump says so or not. */
  @Test
  void whoWaitsForANotificationHoldsNothing() {
    String waits =
        state(
            "WAITING (on object monitor)",
            "at java.lang.Object.wait(Native Method)",
            "at com.acme.A.await(A.java:1)",
            "- locked <0x00000000d5f0a1b8> (a com.acme.A)");
    String blocked =
        state(
            "BLOCKED (on object monitor)",
            "at com.acme.A.enter(A.java:2)",
            "- waiting to lock <0x00000000d5f0a1b8> (a com.acme.A)");

    Dump dump = Samples.readText(HEAD + thread("w", 12, waits) + thread("b", 13, blocked) + END);

    assertThat(dump.locks())
        .containsExactly(
            new Dump.Contended("com.acme.A <0x00000000d5f0a1b8>", 1, null, null, null));
  }

  /** Each waits for the other's lock, but one of them not for ever. */
  @Test
  void aWaitWithATimeLimitIsNoDeadlock() {
    String text =
        Samples.text("jdk11-jstack-l.txt")
            .replaceFirst("State: WAITING \\(parking\\)", "State: TIMED_WAITING (parking)");

    assertThat(Samples.readText(text).deadlocks()).isEmpty();
  }

  @Test
  void aCarrierIsSetAsideAndItsVirtualThreadIsNot() {
    Dump dump = Samples.read("jdk25-mounted.txt");

    assertThat(dump.population().cohorts())
        .filteredOn(cohort -> cohort.benign() == null)
        .singleElement()
        .satisfies(
            cohort -> {
              assertThat(cohort.virtual()).isTrue();
              assertThat(cohort.stack().get(0).getMethodName()).isEqualTo("spin");
            });
  }
}
