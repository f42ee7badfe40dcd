package dev.leakcheck.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.formats.Format;
import dev.leakcheck.cli.formats.JUnitXml;
import dev.leakcheck.cli.formats.Markdown;
import dev.leakcheck.cli.formats.Sarif;
import dev.leakcheck.report.ReportEntry;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a file: it is read, or refused in one line. */
@SameOnEveryJdk
class DamagedReportsTest {

  private static final int ROUNDS = 10_000;
  private static final int FORMATTED_EVERY = 200;
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\n",
          "null",
          "true",
          "-1",
          "1e999",
          "\"\\ud800\"",
          "99999999999999999999",
          "\"entry\"",
          "\"jvm\"",
          "\"leak\"",
          "\"check\"",
          "\"end\"",
          "\"stack\"",
          "\"\"",
          "\u0000",
          "\ufeff",
          "\"2026-02-30T00:00:00Z\"",
          "\"schema\":7");

  @TempDir Path directory;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES) // or it never ends
  void any_damage_is_read_or_refused_in_one_line() throws IOException {
    Random random = new Random(20260301);
    List<byte[]> samples = samples();
    List<Format> formats = List.of(new Sarif(List.of(directory)), new Markdown(), new JUnitXml());
    Path file = directory.resolve("leakcheck-1.jsonl");
    int read = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = damage(samples.get(random.nextInt(samples.size())), random);
      Files.write(file, damaged);
      try {
        Reports reports = ReportReader.read(List.of(file));
        read++;
        if (read % FORMATTED_EVERY == 0) {
          for (Format format : formats) {
            format.write(reports, Writer.nullWriter());
          }
        }
      } catch (BadInput e) {
        refused++;
        assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(1_000).startsWith("" + file);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        Path kept = Path.of("target", "damaged-report.jsonl");
        Files.write(kept, damaged);
        fail("round " + round + ", kept in " + kept.toAbsolutePath(), e);
      }
    }
    // Or the damage would be too small, or too great, to test anything.
    assertThat(read).isGreaterThan(ROUNDS / 20);
    assertThat(refused).isGreaterThan(ROUNDS / 4);
  }

  private static List<byte[]> samples() {
    List<byte[]> samples = new ArrayList<>();
    SampleReports.all()
        .values()
        .forEach(entries -> samples.add(SampleReports.text(first(entries))));
    samples.add(SampleReports.text(SampleReports.hostileEntries()));
    return samples;
  }

  private static List<ReportEntry> first(List<ReportEntry> entries) {
    return entries.subList(0, Math.min(5, entries.size()));
  }

  private static byte[] damage(byte[] sample, Random random) {
    byte[] bytes = sample;
    for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 2; times--) {
      int from = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 8 : 400));
      bytes =
          switch (random.nextInt(6)) {
            case 0 -> {
              byte[] flipped = bytes.clone();
              flipped[from] ^= (byte) (1 << random.nextInt(8));
              yield flipped;
            }
            case 1 -> Arrays.copyOf(bytes, from);
            case 2 -> join(bytes, from, new byte[0], to); // deleted
            case 3 -> join(bytes, to, Arrays.copyOfRange(bytes, from, to), to); // duplicated
            case 4 -> join(bytes, from, token(random), to); // replaced
            default -> join(bytes, from, token(random), from); // inserted
          };
    }
    return bytes;
  }

  private static byte[] token(Random random) {
    return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
  }

  /** The bytes up to one place, others, and the bytes from another place on. */
  private static byte[] join(byte[] bytes, int end, byte[] middle, int rest) {
    byte[] joined = Arrays.copyOf(bytes, end + middle.length + bytes.length - rest);
    System.arraycopy(middle, 0, joined, end, middle.length);
    System.arraycopy(bytes, rest, joined, end + middle.length, bytes.length - rest);
    return joined;
  }
}
