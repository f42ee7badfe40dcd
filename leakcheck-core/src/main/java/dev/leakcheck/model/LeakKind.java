package dev.leakcheck.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What sort of leak a finding is. Each kind has a page of its own: {@link #page()}. */
public enum LeakKind {
  /** An executor that is not shut down, with or without threads. */
  UNCLOSED_EXECUTOR("an executor was never shut down"),
  /** A {@code java.util.Timer} whose thread lives. */
  UNCANCELLED_TIMER("a timer was never cancelled"),
  /** A thread that is blocked on a blocking queue. */
  STUCK_ON_QUEUE("a thread waits on a queue for somebody who does not come"),
  /** A platform thread that the scope did not open with is still alive. */
  STRAY_THREAD("a thread is still alive"),
  /** A virtual thread that the scope did not open with is still alive. */
  STRAY_VIRTUAL_THREAD("a virtual thread is still alive"),
  /** A blocking queue still holds elements. */
  LEFTOVER_QUEUE("a queue still holds elements that nobody took");

  private final String summary;

  LeakKind(String summary) {
    this.summary = summary;
  }

  /**
   * The kind's stable name in messages, reports and settings.
   *
   * @return the name in lower case with hyphens, such as {@code unclosed-executor}
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What the kind means, in one line.
   *
   * @return a clause without a full stop
   */
  public String summary() {
    return summary;
  }

  /**
   * The kind's page: what it is, why it matters, a wrong and a right example, how to fix it and how
   * to allow it.
   *
   * @return the page as Markdown
   */
  public String page() {
    String resource = "/dev/leakcheck/kinds/" + id() + ".md";
    try (InputStream in = LeakKind.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no page " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
