package dev.leakcheck.proof.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is read from a dump of this very JVM. */
class ValuesTest {

  @Test
  void threadsAreCalledAsTheyAreInWhateverLetters() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    List<String> names = List.of("price-poller", "größe", "нить-✓", "x".repeat(5_000));
    for (String name : names) {
      start(name, over);
    }
    try {
      Map<String, Long> found = new HashMap<>();
      new HeapDumper()
          .dump(
              Garbage.liveBytes(),
              (file, memory) -> {
                try (Heap heap = HeapReader.read(file, Long.MAX_VALUE, read -> {})) {
                  for (HeapThread thread : heap.threads()) {
                    found.put(
                        String.valueOf(Values.threadName(heap, thread.node())),
                        heap.number(thread.node(), "java.lang.Thread", "tid", -1) < 0
                            ? -1
                            : Values.bytes(heap, thread.node(), 4));
                  }
                }
                return "";
              });

      assertThat(found).containsKeys("price-poller", "größe", "нить-✓", "x".repeat(1_000));
      assertThat(found.values()).allMatch(bytes -> bytes > 50 && bytes % 8 == 0);
    } finally {
      over.countDown();
    }
  }

  private static void start(String name, CountDownLatch over) {
    Thread thread =
        new Thread(
            () -> {
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
