package vendor.stuck;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Tests that leave a thread. In a package of its own: what is LeakCheck's is not followed. */
public final class ProvedTestCase {

  private ProvedTestCase() {}

  private static void startTaking(String name, BlockingQueue<Object> queue) {
    start(
        name,
        () -> {
          try {
            queue.take();
          } catch (InterruptedException e) {
            // The test is over.
          }
        });
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Nobody but JUnit has the test's instance. */
  @ExtendWith(LeakCheckExtension.class)
  public static class ForgottenTestCase {
    final BlockingQueue<Object> orders = new LinkedBlockingQueue<>();

    @Test
    void leaves() {
      startTaking("order-handler", orders);
    }
  }

  /** What it leaves is accepted, unless nobody can wake it. */
  @ExtendWith(LeakCheckExtension.class)
  @AllowLeaks(kind = LeakKind.STUCK_ON_QUEUE, unlessProved = true, reason = "ends with its owner")
  public static class AcceptedTestCase {
    static final BlockingQueue<Object> KEPT = new LinkedBlockingQueue<>();

    @Test
    void leaves() {
      startTaking("order-handler", new LinkedBlockingQueue<>());
    }

    @Test
    void leavesWhatIsHeld() {
      startTaking("order-handler", KEPT);
    }
  }

  /** A thread that sleeps has it too. */
  @ExtendWith(LeakCheckExtension.class)
  public static class UsedTestCase {
    final BlockingQueue<Object> orders = new LinkedBlockingQueue<>();

    @Test
    void leaves() {
      startTaking("order-handler", orders);
      start("sleeper", this::putLater);
    }

    private void putLater() {
      try {
        Thread.sleep(1_000_000);
        orders.put("");
      } catch (InterruptedException e) {
        // The test is over.
      }
    }
  }

  /** What an extension has is no field of the test's instance. */
  @ExtendWith({LeakCheckExtension.class, Feeder.class})
  public static class FedTestCase {
    @Test
    void leaves(BlockingQueue<Object> orders) {
      startTaking("order-handler", orders);
    }
  }

  /** Ends at the end of the class what the tests began. */
  public static final class Feeder implements ParameterResolver, AfterAllCallback {
    private final BlockingQueue<Object> orders = new LinkedBlockingQueue<>();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return true;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return orders;
    }

    @Override
    public void afterAll(ExtensionContext context) {
      orders.add("");
    }
  }
}
