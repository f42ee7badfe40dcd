package dev.leakcheck.classify;

import static dev.leakcheck.classify.Scene.thread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.ThreadRecord;
import org.junit.jupiter.api.Test;

class SharedWorkerSymptomTest {

  private static final String LIBRARY = "java.util.concurrent.ThreadPoolExecutor.runWorker:1090";

  private static String busy(ThreadRecord worker) {
    return SharedWorkerSymptom.busy(worker);
  }

  @Test
  void aTaskIsTheSameWhereverItStands() {
    assertThat(busy(thread(7, "single-1", "com.acme.Feed.read:9", "com.acme.Poll.run:3", LIBRARY)))
        .isEqualTo(busy(thread(7, "single-1", "com.acme.Poll.run:5", LIBRARY)));
  }

  @Test
  void anotherTaskOrAnotherWorkerIsAnother() {
    String told = busy(thread(7, "single-1", "com.acme.Poll.run:3", LIBRARY));

    assertThat(busy(thread(7, "single-1", "com.acme.Push.run:3", LIBRARY))).isNotEqualTo(told);
    assertThat(busy(thread(8, "single-2", "com.acme.Poll.run:3", LIBRARY))).isNotEqualTo(told);
    assertThat(busy(thread(7, "single-1", LIBRARY))).isNotEqualTo(told);
  }
}
