package dev.leakcheck.agent;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Findings;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A JVM of its own in which programs leak what others had made for them. Prints what is said. */
final class MakersChild {

  private MakersChild() {}

  /** Gives away what it makes. */
  static final class Pools {
    private Pools() {}

    static ExecutorService create() {
      return create(1);
    }

    static ExecutorService create(int size) {
      return Executors.newFixedThreadPool(size);
    }

    /** Leaks what it works with, and gives something else away. */
    static List<String> sorted(List<String> words) {
      Executors.newFixedThreadPool(1);
      return words.stream().sorted().toList();
    }

    static void park(String name) {
      Thread thread = new Thread(LockSupport::park, name);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Made by whoever constructs it, not by itself. */
  static class Named extends ThreadPoolExecutor {
    Named() {
      super(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>());
    }
  }

  static final class NamedAgain extends Named {}

  static final class Orders implements AutoCloseable {
    private final ExecutorService pool = Pools.create();

    @Override
    public void close() {
      pool.shutdown();
    }
  }

  static final class Bills {
    private final ExecutorService pool = Pools.create();

    void stop() {
      pool.shutdown();
    }
  }

  /** Of several parts that one call ends. */
  static final class Feed implements AutoCloseable {
    private final ExecutorService pool = Pools.create();
    private final ExecutorService second = Executors.newFixedThreadPool(1);
    private final Timer timer = new Timer("feed-timer", true);
    private final Thread reader = new Thread(LockSupport::park, "feed-reader");

    Feed() {
      reader.setDaemon(true);
      reader.start();
    }

    @Override
    public void close() {
      pool.shutdown();
      second.shutdown();
      timer.cancel();
      reader.interrupt();
    }
  }

  /** Has nothing to stop it. */
  static final class Once {
    private final ExecutorService pool = Pools.create();

    static Once deep(int calls) {
      return calls == 0 ? new Once() : deep(calls - 1);
    }
  }

  /** Ends what it has. */
  static final class Started {
    private ExecutorService pool = Pools.create();

    Started() {
      pool.shutdown();
    }

    void start() {
      pool = Pools.create();
    }

    void stop() {
      pool.shutdown();
    }
  }

  /** Has nothing to stop it, and calls a class that makes no objects. */
  static final class Parker {
    Parker() {
      Pools.park("for-object");
    }
  }

  public static void main(String[] args) {
    for (String what : args) {
      System.out.println("== " + what);
      LeakCheckOptions options = LeakCheckOptions.defaults().settle(Duration.ofMillis(300));
      try {
        if (what.startsWith("watch ")) {
          watch(options, what.substring(what.indexOf(' ') + 1));
        } else {
          LeakCheck.assertNoLeaks(options, () -> leave(what));
        }
      } catch (LeakAssertionError leaks) {
        System.out.println(leaks.getMessage());
      } catch (Throwable other) {
        other.printStackTrace(System.out);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  /** What it runs is a test's class, and its library has a thread that is older. */
  private static void watch(LeakCheckOptions options, String method) throws Exception {
    Class.forName("org.example.server.Late");
    Class<?> uses = Class.forName("com.acme.Uses");
    TestScope scope = TestScope.open(TestOptions.of(options)).watchStatics(uses);
    uses.getMethod(method).invoke(null);
    Findings findings = scope.findings();
    scope.end();
    throw new LeakAssertionError(findings);
  }

  private static void leave(String what) throws Exception {
    switch (what) {
      case "factory" -> {
        new Orders();
        new Bills();
      }
      case "own-pool" -> new NamedAgain();
      case "one-object" -> new Feed();
      case "no-stop" -> new Once();
      case "deep" -> Once.deep(8);
      case "works" -> Pools.sorted(List.of("b", "a"));
      case "started-twice" -> {
        Started started = new Started();
        started.start();
        started.start();
        started.stop();
      }
      case "for-test" -> Pools.park("for-test");
      case "for-object" -> new Parker();
      case "two-methods" -> {
        new Orders();
        another();
      }
      default -> {
        String method = what.substring(what.indexOf(' ') + 1);
        if (what.startsWith("use ")) {
          Class.forName("com.acme.Uses").getMethod(method).invoke(null);
          return;
        }
        Class<?> library = Class.forName("org.example.server.Server");
        Object server = library.getConstructor().newInstance();
        library.getMethod(method).invoke(what.startsWith("static ") ? null : server);
      }
    }
  }

  private static void another() {
    new Orders();
  }
}
