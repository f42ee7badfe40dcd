package dev.leakcheck;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes what is printed of a hang, as long as it is open. */
public final class HangPrint implements AutoCloseable {

  private final PrintStream before = System.err;
  private final CompletableFuture<String> printed = new CompletableFuture<>();

  public HangPrint() {
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (!line.startsWith("LeakCheck: ") || !printed.complete(line)) {
              before.println(line);
            }
          }
        });
  }

  /** Waits for the first report. */
  public String await() throws InterruptedException {
    try {
      return printed.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("nothing was printed", e);
    }
  }

  public boolean isEmpty() {
    return !printed.isDone();
  }

  @Override
  public void close() {
    System.setErr(before);
  }
}
