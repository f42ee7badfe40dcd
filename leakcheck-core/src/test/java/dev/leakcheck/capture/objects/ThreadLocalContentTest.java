package dev.leakcheck.capture.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ThreadLocalContentTest {

  static List<Object> nothings() {
    return List.of(
        0,
        0.0,
        false,
        new ArrayList<>(),
        new HashMap<>(),
        new EnumMap<>(Thread.State.class),
        new ConcurrentHashMap<>(),
        new Vector<>(),
        new Hashtable<>(),
        new Properties(),
        new WeakHashMap<>(),
        new LinkedBlockingQueue<>(),
        new PriorityBlockingQueue<>());
  }

  @ParameterizedTest
  @MethodSource("nothings")
  void whatIsEmptyIsNothing(Object value) {
    assertThat(ThreadLocalContent.of(value)).isEqualTo(ThreadLocalContent.NOTHING);
  }

  static List<Object> things() {
    return List.of(
        1,
        0.5,
        true,
        "",
        new ArrayList<>(List.of(1)),
        new HashMap<>(Map.of(1, 1)),
        new Vector<>(List.of(1)),
        new LinkedBlockingQueue<>(List.of(1)),
        Collections.unmodifiableList(new ArrayList<>()));
  }

  @ParameterizedTest
  @MethodSource("things")
  void whatIsNotOrDoesNotTellIsOther(Object value) {
    assertThat(ThreadLocalContent.of(value)).isEqualTo(ThreadLocalContent.OTHER);
  }

  @Test
  void aQueueWhoseLockIsHeldIsNotWaitedFor() throws Exception {
    CountDownLatch compared = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    PriorityBlockingQueue<Integer> queue =
        new PriorityBlockingQueue<>(
            11,
            (one, other) -> {
              compared.countDown();
              try {
                released.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 0;
            });
    queue.add(1);
    Thread holder = new Thread(() -> queue.add(2), "holder");
    holder.start();
    compared.await();

    assertThat(ThreadLocalContent.of(queue)).isEqualTo(ThreadLocalContent.OTHER);

    released.countDown();
    holder.join();
  }
}
