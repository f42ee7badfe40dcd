package dev.leakcheck.agent;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import vendor.sends.Sender;

/** A JVM of its own in which tasks fail that go to a library. Prints what is told. */
final class LibrarysTasksChild {

  private static final LeakCheckOptions PATIENT =
      LeakCheckOptions.defaults().settle(Duration.ofSeconds(25));

  private LibrarysTasksChild() {}

  /** What is done with the library. */
  private interface Use {
    void of(Sender sender) throws Exception;
  }

  public static void main(String[] steps) throws Exception {
    check("library's own", sender -> sender.send("a"));
    check("library's own beside a future that it gives", sender -> sender.measure("a").get());
    check("future that it gives", sender -> sender.sendAsync("a"));
    check("task of the user's", sender -> sender.run(LibrarysTasksChild::fail));
    check("method that the user names", sender -> sender.run(new Sender.Envelope("a")::run));
    check("task that the user makes", sender -> sender.run(new Sender.Envelope("a")));
    check("task that the user gives", s -> s.pool().submit(new Sender.Envelope("a")));
    check("code of the user's", sender -> sender.send((Sender.Message) LibrarysTasksChild::text));
    mention();
  }

  private static void fail() {
    throw new IllegalStateException("planted");
  }

  private static String text() {
    throw new IllegalStateException("planted");
  }

  private static void use(Use use) throws Exception {
    Sender sender = new Sender();
    try (sender) {
      use.of(sender);
    }
    if (!sender.pool().awaitTermination(1, TimeUnit.MINUTES)) {
      throw new AssertionError("the pool does not end");
    }
  }

  private static void check(String step, Use use) throws Exception {
    LeakScope scope = LeakCheck.open(PATIENT);
    use(use);
    try {
      scope.close();
      System.out.println(step + ": nothing");
    } catch (LeakAssertionError leaks) {
      System.out.println(
          step
              + ": "
              + leaks.findings().list().stream()
                  .map(Finding::kind)
                  .map(kind -> kind.id())
                  .collect(Collectors.joining(", ")));
    }
  }

  private static void mention() throws Exception {
    LeakScope scope = LeakCheck.open(PATIENT);
    use(sender -> sender.send("a"));
    use(sender -> sender.sendAsync("a"));
    System.out.println("mentioned: " + String.join(", ", scope.findings().statics()));
    System.exit(0);
  }
}
