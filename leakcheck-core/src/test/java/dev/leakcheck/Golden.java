package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;

/** Failure messages with all that differs from run to run taken away, to be compared whole. */
public final class Golden {

  private Golden() {}

  /** The message that closing the scope fails with. */
  public static String message(LeakScope scope) {
    AtomicReference<String> message = new AtomicReference<>("");
    assertThatThrownBy(scope::close)
        .isInstanceOf(LeakAssertionError.class)
        .satisfies(error -> message.set(error.getMessage()))
        .satisfies(
            error ->
                assertThat(
                        AllowLines.refused(
                            error.getMessage(), ((LeakAssertionError) error).findings().list()))
                    .as("refused by its own line of %s", error.getMessage())
                    .isEmpty());
    return normalise(message.get());
  }

  public static String normalise(String message) {
    String text =
        message
            .replaceAll("waited \\d+(\\.\\d+)? m?s", "waited T")
            .replaceAll("@[0-9a-f]{3,8}\\b", "@HASH")
            .replaceAll("(?m)^(     id         )[0-9a-f]{16}$", "$1FINGERPRINT")
            .replaceAll("\\.java:\\d+\\b", ".java:LINE")
            .replaceAll("lambda\\$(\\w+)\\$\\d+", "lambda\\$$1\\$N")
            .replaceAll("\\d+ benign threads? left alone by [A-Z0-9_]+(, [A-Z0-9_]+)* · ", "")
            .replaceAll("JDK \\d+ · LeakCheck \\S+$", "JDK N · LeakCheck VERSION");
    return Jdk21.AVAILABLE ? text : text.replaceAll("(?m)^not seen: JDK \\d+ has no .*\n", "");
  }

  @SuppressWarnings("deprecation") // threadId() came with Java 19
  static long id(Thread thread) {
    return thread.getId();
  }

  public static Thread threadNamed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
