package dev.leakcheck.cli.watch;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A JVM that leaks a thread whenever it is told to, and says so. */
final class LeakyChild {

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private static int sessions;

  private LeakyChild() {}

  public static void main(String[] args) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String command; (command = commands.readLine()) != null; ) {
      switch (command) {
        case "leak" -> Planted.awaitWaitingIn(accept(), CountDownLatch.class);
        case "work" -> {
          Thread worker = new Thread(() -> {}, "session-" + sessions++);
          worker.start();
          worker.join();
        }
        default -> throw new IllegalArgumentException(command);
      }
      System.out.println("done");
    }
  }

  private static Thread accept() {
    String name = "session-" + sessions++;
    Runnable serve = LeakyChild::serve;
    if (Jdk21.AVAILABLE) {
      return Jdk21.startVirtual(name, serve);
    }
    Thread thread = new Thread(serve, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void serve() {
    try {
      NEVER.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
