package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.NoLeaks;
import dev.leakcheck.junit5.lifecycle.Tier.WithAgent;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody uses a test's instance any more when its class ends, and LeakCheck does not hold it. */
class PassedInstancesTest {

  @Test
  void the_last_one_can_be_collected_before_its_class_is_checked() {
    assertThat(Run.of(WeaklyHeldTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(WeaklyHeldTestCase.instance.refersTo(null)).isTrue();
  }

  @NoLeaks
  static class WeaklyHeldTestCase {
    static WeakReference<Object> instance;

    @RegisterExtension static final AfterAllCallback COLLECTS = WeaklyHeldTestCase::collect;

    static void collect(ExtensionContext context) {
      for (int i = 0; i < 100 && !instance.refersTo(null); i++) {
        System.gc();
      }
    }

    @Test
    void passes() {
      instance = new WeakReference<>(this);
    }
  }

  /** An object that a test's instance holds, with a queue that somebody may read. */
  static class Outbox {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    void send(String message) {
      messages.add(message);
    }
  }

  @Test
  void what_it_led_to_went_with_it() {
    assertThat(Run.of(OutboxTestCase.class).outcomes()).containsExactly("sends() passed");
  }

  @NoLeaks
  static class OutboxTestCase {
    private final Outbox outbox = new Outbox();

    @Test
    void sends() {
      outbox.send("order");
    }
  }

  @Test
  @WithAgent
  void what_something_else_leads_to_did_not() {
    assertThat(Run.of(KeptOutboxTestCase.class).outcomes())
        .containsExactly("sends() passed", "KeptOutboxTestCase left leftover-queue");
  }

  private static final class Registry {
    static final List<Outbox> OUTBOXES = new ArrayList<>();
  }

  @NoLeaks
  static class KeptOutboxTestCase {
    private final Outbox outbox = new Outbox();

    @Test
    void sends() {
      Registry.OUTBOXES.add(outbox);
      outbox.send("order");
    }
  }
}
