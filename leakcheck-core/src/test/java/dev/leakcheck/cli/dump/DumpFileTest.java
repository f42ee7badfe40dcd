package dev.leakcheck.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Cohort;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class DumpFileTest {

  static final List<String> ALL = Samples.ALL;

  private static List<String> groups(Dump dump) {
    return dump.population().cohorts().stream()
        .map(cohort -> cohort.count() + " " + cohort.label() + " " + cohort.activity())
        .toList();
  }

  private static List<String> groupsThatCount(Dump dump) {
    return dump.population().cohorts().stream()
        .filter(cohort -> cohort.benign() == null)
        .filter(cohort -> !cohort.virtual() && !cohort.name().startsWith("ForkJoinPool"))
        .map(Cohort::fingerprint)
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "jdk8-jstack.txt, PRINT, 13, 0, 4, 1",
    "jdk11-jstack-l.txt, PRINT, 6, 0, 3, 1",
    "jdk17-idle.txt, PRINT, 14, 0, 7, 0",
    "jdk17-jstack.txt, PRINT, 23, 0, 7, 2",
    "jdk17-jstack-l.txt, PRINT, 23, 0, 7, 2",
    "jdk17-kill3.txt, PRINT, 23, 0, 7, 2",
    "jdk21.json, JSON, 4, 3, 0, 0",
    "jdk21.txt, TEXT, 4, 3, 0, 0",
    "jdk25.json, JSON, 21, 3, 0, 1",
    "jdk25.txt, TEXT, 21, 3, 0, 1",
    "jdk25-idle.json, JSON, 12, 3, 0, 0",
    "jdk25-mounted.txt, PRINT, 2, 1, 1, 0",
    "jdk25-print-l-e.txt, PRINT, 25, 0, 7, 2",
  })
  void everyFormatIsKnownByItsContent(
      String name, DumpFormat format, int platform, int virtual, int jvmsOwn, int deadlocks) {
    Dump dump = Samples.read(name);

    assertThat(dump.format()).isEqualTo(format);
    assertThat(dump.population().platform()).as("platform threads").isEqualTo(platform);
    assertThat(dump.population().virtual()).as("virtual threads").isEqualTo(virtual);
    assertThat(dump.nativeThreads()).as("native threads").isEqualTo(jvmsOwn);
    assertThat(dump.deadlocks()).hasSize(deadlocks);
    assertThat(dump.jvm()).contains(name.replaceAll("jdk(\\d+).*", "$1").replace("8", "25.202"));
    assertThat(dump.time()).startsWith("20");
    assertThat(dump.notes()).noneMatch(note -> note.contains("cut short"));
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void encodingsAndZipsDoNotMatter(String name) {
    List<String> expected = groups(Samples.read(name));
    String text = Samples.text(name);
    Charset little = StandardCharsets.UTF_16LE;
    Charset big = StandardCharsets.UTF_16BE;
    List<byte[]> ways =
        List.of(
            ("\ufeff" + text).getBytes(StandardCharsets.UTF_8),
            ("\ufeff" + text).getBytes(little),
            text.getBytes(little),
            ("\ufeff" + text).getBytes(big),
            text.getBytes(big),
            Samples.zipped(Samples.bytes(name)),
            Samples.zipped(("\ufeff" + text).getBytes(little)));

    for (byte[] way : ways) {
      assertThat(groups(Samples.read(way, false))).isEqualTo(expected);
    }
    // A name with a line break holds another one then.
    assertThat(Samples.readText(text.replace("\n", "\r\n")).population().threads())
        .isEqualTo(Samples.read(name).population().threads());
  }

  @Test
  void groupsAreTheSameInAllFormats() {
    List<String> expected = groupsThatCount(Samples.read("jdk25.json"));

    assertThat(expected).hasSizeGreaterThan(6);
    assertThat(groupsThatCount(Samples.read("jdk25.txt"))).isEqualTo(expected);
    assertThat(groupsThatCount(Samples.read("jdk25-print-l-e.txt"))).isEqualTo(expected);
    assertThat(groupsThatCount(Samples.read("jdk17-jstack.txt")))
        .isEqualTo(groupsThatCount(Samples.read("jdk17-kill3.txt")));
  }

  @Test
  void executorsAreListedWithTheirThreadsAndHowManyAreIdle() {
    assertThat(Samples.read("jdk25-idle.json").executors())
        .extracting(Dump.Executor::type, Dump.Executor::threads, Dump.Executor::idle)
        .contains(
            org.assertj.core.groups.Tuple.tuple("java.util.concurrent.ThreadPerTaskExecutor", 3, 0),
            org.assertj.core.groups.Tuple.tuple("java.util.concurrent.ThreadPoolExecutor", 2, 2),
            org.assertj.core.groups.Tuple.tuple("java.util.concurrent.ThreadPoolExecutor", 0, 0));
  }

  @Test
  void whatADumpDoesNotTellOfLocksIsSaid() {
    assertThat(Samples.read("jdk21.json").population().coverage().notes())
        .anyMatch(note -> note.text().contains("tells nothing of locks"));
    assertThat(Samples.read("jdk25.json").population().coverage().notes()).isEmpty();
    assertThat(Samples.read("jdk25.json").notes())
        .anyMatch(note -> note.contains("it is not told who holds them"));
    assertThat(Samples.read("jdk17-jstack-l.txt").notes()).isEmpty();
  }

  /** Every file but the last few bytes, which hold nothing, is told from a whole one. */
  @ParameterizedTest
  @FieldSource("ALL")
  void aDumpThatIsCutShortIsRefusedUnlessAPartIsAskedFor(String name) {
    byte[] whole = Samples.bytes(name);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);

    assertThatThrownBy(() -> Samples.read(half, false))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("cut short")
        .hasMessageContaining("--partial");
    Dump part = Samples.read(half, true);
    assertThat(part.population().threads())
        .isPositive()
        .isLessThan(Samples.read(name).population().threads());
    assertThat(part.notes()).anyMatch(note -> note.contains("cut short"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "hello",
        "{}",
        "{\"threadDump\": {}}",
        "{\"threadDump\": {\"threadContainers\": []}}",
        "{\"threads\": []}",
        "[1, 2]",
        "Full thread dump",
        "Full thread dump OpenJDK:\n\nJNI global refs: 1, weak refs: 0\n",
        "#1 \"never closed",
        "12\n2026-01-01T00:00:00Z\n25\n\n"
      })
  void whatIsNoThreadDumpIsRefusedInOneLine(String text) {
    assertThatThrownBy(() -> Samples.readText(text))
        .isInstanceOf(BadInput.class)
        .message()
        .startsWith("the dump ")
        .doesNotContain("\n");
  }

  @Test
  void aZipThatIsCutShortIsRefused() {
    byte[] zipped = Samples.zipped(Samples.bytes("jdk25.json"));

    assertThatThrownBy(() -> Samples.read(Arrays.copyOf(zipped, zipped.length / 2), false))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("can't be unzipped");
  }

  @Test
  void filesThatCanNotBeReadAreRefusedInOneLine(@TempDir Path directory) {
    assertThatThrownBy(() -> DumpFile.read(directory, false, null))
        .isInstanceOf(BadInput.class)
        .hasMessageEndingWith("is a directory, not a thread dump");
    assertThatThrownBy(() -> DumpFile.read(directory.resolve("gone\n.txt"), false, null))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("there is no file ")
        .hasMessageEndingWith("gone\\n.txt");
  }
}
