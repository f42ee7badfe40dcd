package dev.leakcheck.proof.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.model.HeapPath;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.hprof.HeapWriter;
import dev.leakcheck.proof.hprof.MalformedHeapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small dumps that were written by hand, whole and broken. */
@SameOnEveryJdk
class HostileHeapTest {

  private static final int MUTATED = Integer.getInteger("proof.mutations", 400);

  @TempDir private Path directory;

  private List<Liveness.Answer> answers(byte[] dump, long memory) throws IOException {
    Path file = directory.resolve("heap.hprof");
    Files.write(file, dump);
    try (Heap heap = HeapReader.read(file, memory, read -> {})) {
      return Liveness.of(
          heap,
          new Question(Optional.empty(), Set.of(), Compiled.read(""), -1, "", Set.of(), Map.of()));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, false", "8, false", "4, true", "8, true"})
  void aForgottenThreadIsProvedWhateverTheSizeOfIdsAndTheirOrder(int idSize, boolean mixed)
      throws Exception {
    List<Liveness.Answer> answers = answers(new HeapWriter(idSize, mixed).dump(false), 1 << 20);

    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).proof()).isInstanceOf(Proof.Proved.class);
  }

  /** Here it is called from outside, as the JVM's first thread alone is by its launcher. */
  @Test
  void besideAThreadThatNativeCodeHasCallJavaNothingIsProved() throws Exception {
    List<Liveness.Answer> answers = answers(new HeapWriter(8).dump(false, 12), 1 << 20);

    assertThat(answers.get(0).proof())
        .isEqualTo(
            new Proof.Unknown(
                "native code has called vendor.Shop.main in live thread #12, and what it holds"
                    + " meanwhile is not in the dump"));
  }

  @ParameterizedTest
  @CsvSource({"4, false", "8, false", "4, true", "8, true"})
  void aThreadThatAStaticFieldLeadsToIsReachedInTheFewestSteps(int idSize, boolean mixed)
      throws Exception {
    List<Liveness.Answer> answers = answers(new HeapWriter(idSize, mixed).dump(true), 1 << 20);

    assertThat(answers.get(0).proof())
        .isEqualTo(
            new Proof.Reachable(
                new HeapPath(
                    List.of(
                        "static field vendor.Shop.HELD", "LinkedBlockingQueue.waiter", "Object[0]"),
                    0)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneThatIsCutShortAnywhereIsRefusedInOneLineOrHasNoThread(boolean mixed) throws Exception {
    byte[] whole = new HeapWriter(8, mixed).dump(false);
    for (int length = 0; length < whole.length; length++) {
      requireOneLineOrAnAnswer(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void aMutatedOneIsRefusedInOneLineOrAnswered() throws Exception {
    Random random = new Random(20261128);
    for (int i = 0; i < MUTATED; i++) {
      byte[] dump =
          new HeapWriter(random.nextBoolean() ? 4 : 8, random.nextBoolean())
              .dump(random.nextBoolean());
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(dump.length);
        dump[at] =
            switch (random.nextInt(4)) {
              case 0 -> 0;
              case 1 -> -1;
              case 2 -> (byte) (dump[at] + 1);
              default -> (byte) random.nextInt();
            };
      }
      requireOneLineOrAnAnswer(dump);
    }
  }

  private void requireOneLineOrAnAnswer(byte[] dump) throws IOException {
    try {
      assertThat(answers(dump, 1 << 20)).hasSizeLessThan(3);
    } catch (MalformedHeapException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
    }
  }

  @Test
  void oneWhoseIndexWouldTakeTooMuchMemoryIsRefused() {
    assertThatThrownBy(() -> answers(new HeapWriter(8).dump(true), 1 << 10))
        .isInstanceOf(MalformedHeapException.class)
        .hasMessage(
            "the index of the heap dump would take more than the 1 KB of memory that it may");
  }

  @Test
  void whatIsNoHeapDumpIsRefused() {
    assertThatThrownBy(() -> answers("Full thread dump".getBytes(), 1 << 20))
        .isInstanceOf(MalformedHeapException.class)
        .hasMessageStartingWith("that is no heap dump");
  }
}
