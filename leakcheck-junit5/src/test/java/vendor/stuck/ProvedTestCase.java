package vendor.stuck;

import dev.leakcheck.integration.LeakProbe;
import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.OpenResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;

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

    @Test
    void leavesBoth() {
      for (BlockingQueue<Object> orders : List.of(new LinkedBlockingQueue<>(), KEPT)) {
        startTaking("order-handler", orders);
      }
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

  /** Has orders for whoever has the instance. */
  public interface Ordered {
    /** Where they come. */
    BlockingQueue<Object> orders();
  }

  /** An extension of the user's has the instance as well. */
  @ExtendWith({LeakCheckExtension.class, Keeper.class})
  public static class KeptTestCase implements Ordered {
    private final BlockingQueue<Object> orders = new LinkedBlockingQueue<>();

    @Override
    public BlockingQueue<Object> orders() {
      return orders;
    }

    @Test
    void leaves() {
      startTaking("order-handler", orders);
    }
  }

  /** What an extension put into JUnit's store has it as well. */
  @ExtendWith({LeakCheckExtension.class, Storing.class})
  public static class StoredTestCase extends KeptTestCase {}

  /** A list that an extension put there has it. */
  @ExtendWith({LeakCheckExtension.class, StoringList.class})
  public static class StoredInListTestCase extends KeptTestCase {}

  /** The instance itself was put there. */
  @ExtendWith({LeakCheckExtension.class, StoringInstance.class})
  public static class StoredItselfTestCase extends KeptTestCase {}

  /** A list was put there that leads nowhere. */
  @ExtendWith({LeakCheckExtension.class, StoringEmptyList.class})
  public static class StoredNextToItTestCase extends ForgottenTestCase {}

  /** An extension of the user's has the context, which leads to the instance. */
  @ExtendWith({LeakCheckExtension.class, ContextKeeper.class})
  public static class ContextTestCase extends KeptTestCase {}

  /** What JUnit keeps for an extension leads nowhere. */
  @ExtendWith({LeakCheckExtension.class, StoringNothing.class})
  public static class NearTestCase extends ForgottenTestCase {}

  /** Ends what the test began when its class is over. */
  public static final class Keeper implements TestInstancePostProcessor, AfterAllCallback {
    private Object kept = "";

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      kept = instance;
    }

    @Override
    public void afterAll(ExtensionContext context) {
      ((Ordered) kept).orders().add("");
    }
  }

  /** Ends it when the store is closed. */
  public static final class Storing implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      Ordered kept = (Ordered) context.getRequiredTestInstance();
      context
          .getParent()
          .orElseThrow()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .put(this, (AutoCloseable) () -> kept.orders().add(""));
    }
  }

  /** Keeps the instance in a store, for the end of the class. */
  private abstract static class ForTheEnd implements BeforeEachCallback, AfterAllCallback {
    abstract Object kept(Object instance);

    abstract void end(Object kept);

    @Override
    public void beforeEach(ExtensionContext context) {
      store(context.getParent().orElseThrow()).put("kept", kept(context.getRequiredTestInstance()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
      end(store(context).get("kept"));
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
      return context.getStore(ExtensionContext.Namespace.create("vendor"));
    }
  }

  /** In a list. */
  public static final class StoringList extends ForTheEnd {
    @Override
    Object kept(Object instance) {
      return new ArrayList<>(List.of(instance));
    }

    @Override
    void end(Object kept) {
      ((Ordered) ((List<?>) kept).get(0)).orders().add("");
    }
  }

  /** By itself. */
  public static final class StoringInstance extends ForTheEnd {
    @Override
    Object kept(Object instance) {
      return instance;
    }

    @Override
    void end(Object kept) {
      ((Ordered) kept).orders().add("");
    }
  }

  /** Not at all. */
  public static final class StoringEmptyList extends ForTheEnd {
    @Override
    Object kept(Object instance) {
      return new ArrayList<>(List.of(instance.getClass().getName()));
    }

    @Override
    void end(Object kept) {
      ((List<?>) kept).clear();
    }
  }

  /** Asks the context for it. */
  public static final class ContextKeeper implements BeforeEachCallback, AfterAllCallback {
    private final List<ExtensionContext> kept = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) {
      kept.add(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
      ((Ordered) kept.get(0).getRequiredTestInstance()).orders().add("");
    }
  }

  /** Keeps something that has nothing to do with it. */
  public static final class StoringNothing implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      context
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .put(this, (AutoCloseable) () -> new ArrayList<>().add(""));
    }
  }

  /** A probe alone has what it counts. */
  public static class ProbedTestCase {
    private static BlockingQueue<Object> passed = new LinkedBlockingQueue<>();

    @RegisterExtension
    static final LeakCheckExtension LEAKS = LeakCheckExtension.with(new Asked(passed));

    @Test
    void leaves() {
      BlockingQueue<Object> orders = passed;
      passed = new LinkedBlockingQueue<>();
      startTaking("order-handler", orders);
    }
  }

  /** May put something whenever it is asked. */
  private static final class Asked implements LeakProbe {
    private final BlockingQueue<Object> orders;

    Asked(BlockingQueue<Object> orders) {
      this.orders = orders;
    }

    @Override
    public String kind() {
      return "unsent-order";
    }

    @Override
    public Collection<OpenResource> open() {
      orders.remainingCapacity();
      return List.of();
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
