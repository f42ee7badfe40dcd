package dev.leakcheck.classify;

import static dev.leakcheck.classify.Scene.thread;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SharedWorkerSymptomTest {

  /** Of a library that runs whatever tasks it is given. */
  private static final String LIBRARY = "reactor.core.scheduler.SchedulerTask.call:68";

  private static final String TOLD = SharedWorkerSymptom.busy(7, "com.acme.Poll$$Lambda/0x7");

  private static Set<String> busy(long id, String... frames) {
    return SharedWorkerSymptom.busy(thread(id, "single-1", frames));
  }

  @Test
  void aTaskIsTheSameWhereverItStands() {
    assertThat(busy(7, "com.acme.Feed.read:9", "com.acme.Poll.run:3", LIBRARY)).contains(TOLD);
    assertThat(busy(7, "com.acme.Poll.run:5", LIBRARY)).contains(TOLD);
  }

  @Test
  void anotherTaskOrAnotherWorkerIsAnother() {
    assertThat(busy(7, "com.acme.Push.run:3", LIBRARY)).isNotEmpty().doesNotContain(TOLD);
    assertThat(busy(8, "com.acme.Poll.run:3", LIBRARY)).isNotEmpty().doesNotContain(TOLD);
    assertThat(busy(7, LIBRARY)).doesNotContain(TOLD);
  }
}
