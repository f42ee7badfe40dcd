package dev.leakcheck.agent;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.model.Finding;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import vendor.lazy.Vendor;

/** A JVM of its own in which a library makes things on first use. */
final class LazyStaticsChild {

  private static volatile Vendor.Clock clock;
  private static volatile ExecutorService pool;
  private static volatile Vendor.BufferPool buffers;
  private static volatile BlockingQueue<byte[]> queue;
  private static volatile Vendor.Guarded guarded;
  private static volatile Vendor.Giving giving;

  private LazyStaticsChild() {}

  public static void main(String[] steps) {
    check("pool", Vendor::usePool);
    check("pool again", Vendor::usePool);
    check("timer", Vendor::useTimer);
    check("loop", Vendor::useLoop);
    check("new loop", Vendor::newLoop);
    check("reference", Vendor::useReference);
    check("thread", Vendor::useThread);
    check(
        "given",
        () -> {
          ExecutorService pool = Executors.newFixedThreadPool(1);
          pool.submit(() -> {}).get();
          Vendor.give(pool);
        });
    check("group", Vendor::useGroup);
    check("started", Vendor::useStarted);
    check("scheduler", Vendor::useScheduler);
    check("lazy", Vendor::useLazy);
    check("worker that a registry gives", Vendor::newRegistered);
    check(
        "group that a registry starts",
        () -> {
          Vendor.Group group = new Vendor.Group();
          group.close();
          Vendor.useRegistered(group);
        });
    check("linked", Vendor::newLinked);
    check("linked that the user makes", Vendor.Linked::new);
    check("listed", Vendor::newListed);
    check(
        "given group",
        () -> {
          Vendor.Group group = new Vendor.Group();
          group.close();
          Vendor.give(group);
          Vendor.useTheirs();
        });
    check("channels", Vendor::useChannels);
    check("channels that it gives", Vendor::newChannels);
    check("channels on a pool", () -> Vendor.useChannels(Executors.newFixedThreadPool(1)));
    check("client", Vendor::newClient);
    check("buffers", () -> use(Vendor.newBufferPool(true)));
    check("buffers alone", () -> use(Vendor.newBufferPool(false)));
    check("buffers of a class of the program's", () -> use(buffers = new Buffers()));
    check("queue of the buffers in a field", () -> use(keep(Vendor.newBufferPool(false))));
    check("queue that it gives", () -> (queue = Vendor.newQueue()).add(new byte[1]));
    check("idle clock", () -> clock = Vendor.newClock());
    check("idle clock that is asked for", () -> clock = Vendor.Context.open(Vendor.Clock.class));
    check(
        "idle pool that is asked for",
        () -> Vendor.Context.open(ExecutorService.class).isShutdown());
    check("idle clock that nobody closed", Vendor::newClosedClock);
    check("clock that ticked", () -> Vendor.newClock().tick());
    check("idle clock that was collected", () -> awaitCollected(Vendor::forgetClock));
    check(
        "idle clock that nobody closed and was collected",
        () -> awaitCollected(Vendor::forgetClosedClock));
    check("client that was closed", () -> Vendor.Client.connect().close());
    check("client that nobody closed", Vendor.Client::connect);
    check("idle pool in a field", () -> pool = Vendor.newClock().ticks());
    check("idle pool that it gives", Vendor::newPool);
    check("idle pool of the program's", () -> Executors.newFixedThreadPool(1));
    mention(
        () -> {
          Vendor.Client.connect().close();
          Executors.newFixedThreadPool(1);
        });
    fix("lock", () -> (guarded = new Vendor.Guarded()).use());
    fix("lock that it gives", () -> (giving = new Vendor.Giving()).lock().lock());
    System.exit(0); // pools are left
  }

  private static void awaitCollected(Runnable forget) {
    forget.run();
    while (!Vendor.isForgotten()) {
      Garbage.collect();
    }
  }

  private static Vendor.BufferPool keep(Vendor.BufferPool buffers) {
    queue = buffers.free();
    return buffers;
  }

  private static final class Buffers extends Vendor.BufferPool {
    Buffers() throws Exception {
      super(null);
    }
  }

  private static void use(Vendor.BufferPool buffers) {
    buffers.giveBack(buffers.borrow());
  }

  private static void mention(LeakCheck.Body body) {
    try {
      LeakCheck.assertNoLeaks(LeakCheckOptions.defaults().settle(Duration.ofMillis(300)), body);
    } catch (LeakAssertionError leaks) {
      String all = String.join(", ", leaks.findings().statics());
      System.out.println("mentioned: " + all.replaceAll("\\(Vendor.*?\\)", ""));
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  private static void fix(String step, LeakCheck.Body body) {
    try {
      LeakCheck.assertNoLeaks(LeakCheckOptions.defaults().settle(Duration.ofMillis(300)), body);
      System.out.println(step + ": nothing");
    } catch (LeakAssertionError leaks) {
      boolean librarys = leaks.getMessage().contains("this is the library's own leak");
      boolean unlock = leaks.getMessage().contains("unlock() in a finally block");
      System.out.println(step + ": " + (librarys ? "library's" : "") + (unlock ? "to unlock" : ""));
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  private static void check(String step, LeakCheck.Body body) {
    try {
      LeakCheck.assertNoLeaks(LeakCheckOptions.defaults().settle(Duration.ofMillis(300)), body);
      System.out.println(step + ": nothing");
    } catch (LeakAssertionError leaks) {
      System.out.println(
          step
              + ": "
              + leaks.findings().list().stream()
                  .map(LazyStaticsChild::text)
                  .collect(Collectors.joining(", ")));
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  private static String text(Finding finding) {
    int executors = finding.executors().size();
    return finding.kind().id() + (executors > 1 ? " of " + executors : "");
  }
}
