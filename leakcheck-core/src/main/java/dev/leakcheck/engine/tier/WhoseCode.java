package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.HashSequence;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump.Container;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose code made an executor that a dump lists for the first time: the user's, or that of others
 * which ran in a pause. The JDK draws the hash code by which a {@code ThreadPoolExecutor} is listed
 * while it constructs it; so that is told by the {@linkplain HashSequence hash codes} that the
 * thread drew in pauses and between them, and not by how long these took. Of other executors, and
 * of what other threads made, it is not known.
 *
 * <p>Knows what was drawn since executors were last listed. Thread-safe.
 */
final class WhoseCode {

  /** More are not remembered: then executors are to be listed. */
  private static final int MOST_SPANS = 5_000;

  enum Maker {
    USER,
    OTHERS,
    UNKNOWN
  }

  private record Span(HashSequence from, int count) {}

  private final List<Span> users = new ArrayList<>();
  private final List<Span> others = new ArrayList<>();
  private int pauses;
  private boolean paused;
  private long thread;
  private @Nullable HashSequence from;

  synchronized void pause() {
    cut();
    pauses++;
    paused = true;
  }

  synchronized void resume() {
    cut();
    pauses--;
  }

  /** Whether so much was drawn since executors were last listed that they should be. */
  synchronized boolean isFull() {
    return users.size() + others.size() > MOST_SPANS;
  }

  /** What is drawn until {@link #goOn} is LeakCheck's own. */
  synchronized void cut() {
    if (!Jdk.HAS_CONTAINERS) {
      return;
    }
    HashSequence here = HashSequence.here();
    long current = LiveThreads.id(Thread.currentThread());
    if (from != null && here != null && current == thread) {
      int count = from.drawnUntil(here);
      if (count > 0) {
        (pauses > 0 ? others : users).add(new Span(from, count));
      }
    }
    from = here;
    thread = current;
  }

  /** LeakCheck's own code has run since the {@linkplain #cut cut}. */
  synchronized void goOn() {
    if (Jdk.HAS_CONTAINERS) {
      from = HashSequence.here();
      thread = LiveThreads.id(Thread.currentThread());
    }
  }

  /** Executors were listed: those made from now on are told by what is drawn from now on. */
  synchronized void listed() {
    users.clear();
    others.clear();
    paused = pauses > 0;
  }

  /** Who made an executor that was not listed before. */
  synchronized Maker of(Container container) {
    if (!paused) {
      return Maker.USER;
    }
    String name = container.name();
    int at = name.lastIndexOf('@');
    if (at < 0 || !isDrawnByConstructor(container.type())) {
      return Maker.UNKNOWN;
    }
    int hash;
    try {
      hash = Integer.parseInt(name.substring(at + 1), 16);
    } catch (NumberFormatException noHash) {
      return Maker.UNKNOWN;
    }
    if (drew(others, hash)) {
      return Maker.OTHERS;
    }
    return drew(users, hash) ? Maker.USER : Maker.UNKNOWN;
  }

  /** What others ask for the hash code of, the first dump say, tells nothing. */
  private static boolean isDrawnByConstructor(String type) {
    return !type.equals("java.util.concurrent.ForkJoinPool")
        && !type.equals("java.util.concurrent.ThreadPerTaskExecutor");
  }

  private static boolean drew(List<Span> spans, int hash) {
    return spans.stream().anyMatch(span -> span.from.drew(hash, span.count));
  }
}
