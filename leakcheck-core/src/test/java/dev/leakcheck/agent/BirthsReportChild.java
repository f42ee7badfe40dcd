package dev.leakcheck.agent;

import dev.leakcheck.Planted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose agent tells where threads are created, and that prints what it tells. */
final class BirthsReportChild {

  private BirthsReportChild() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(Planted.unchecked(new CountDownLatch(1)::await), "session-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file) || !Files.readString(file).contains("\"count\":2")) {
      if (System.nanoTime() > end) {
        throw new AssertionError("nothing was told");
      }
      Thread.sleep(10);
    }
    System.out.println(Files.readString(file).replaceAll(":\\d+\\)", ":LINE)"));
    // Its reader takes it away.
    Path directory = file.resolveSibling("");
    while (isTold()) {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".part"));
      try {
        Files.deleteIfExists(directory);
      } catch (java.nio.file.DirectoryNotEmptyException writtenJustNow) {
        continue;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("it goes on");
      }
      Thread.sleep(10);
    }
    System.out.println("ended");
  }

  private static boolean isTold() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("leakcheck-births"));
  }
}
