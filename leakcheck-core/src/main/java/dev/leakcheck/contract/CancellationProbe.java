package dev.leakcheck.contract;

import dev.leakcheck.model.Fact;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work to hand to code under test, which then tells whether it was started, told to stop, noticed
 * that, and ended. One probe stands for one piece of work.
 *
 * <pre>{@code
 * CancellationProbe probe = new CancellationProbe();
 * Future<?> future = service.submit(probe.blocking());
 * probe.awaitStarted(Duration.ofSeconds(10));
 * probe.tell(service::stop);
 * probe.assertStopped(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p>Work notices a signal when it comes to it: an interrupt as an {@code InterruptedException} or
 * as a set flag at its end, a closed stream at the end of the read, a client that went away when it
 * writes. An interrupt that wrapped code swallows without a trace cannot be seen; {@link
 * #blocking()} swallows none. Thread-safe.
 */
public final class CancellationProbe {

  private final CountDownLatch released = new CountDownLatch(1);

  private @Nullable Thread thread;
  private boolean started;
  private boolean ended;
  private long endedAt;
  private long toldAt;
  private boolean told;
  private @Nullable Signal signal;
  private long noticedAt;
  private boolean noticed;

  /** Makes a probe that has not been started. */
  public CancellationProbe() {}

  /** How work learns that it is to stop. */
  public enum Signal {
    /** Its thread was interrupted. */
    INTERRUPTED,
    /** The stream that it reads was closed. */
    CLOSED,
    /** The connection to whom it writes is gone. */
    CLIENT_GONE
  }

  /**
   * Work that waits until it is interrupted, as well-behaved work does.
   *
   * @return work that ends on an interrupt, with the flag set, or on {@link #release()}
   */
  public Runnable blocking() {
    return runnable(
        () -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * Work that waits and is not ended by an interrupt, to show what the code under test does about
   * it. End it by {@link #release()}.
   *
   * @return work that ends on {@link #release()} only; the flag is then as an interrupt left it
   */
  public Runnable blockingUninterruptibly() {
    return runnable(
        () -> {
          boolean interrupted = false;
          while (true) {
            try {
              released.await();
              break;
            } catch (InterruptedException e) {
              interrupted = true;
              notice(Signal.INTERRUPTED);
            }
          }
          if (interrupted) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Ends {@link #blocking()} and {@link #blockingUninterruptibly()}. */
  public void release() {
    released.countDown();
  }

  /**
   * Work that does what other work does.
   *
   * @param body the work
   * @return work that tells this probe
   */
  public Runnable runnable(Runnable body) {
    Objects.requireNonNull(body, "body");
    return () -> {
      begin();
      try {
        body.run();
      } catch (RuntimeException | Error failure) {
        noticeIfInterrupt(failure);
        throw failure;
      } finally {
        end();
      }
    };
  }

  /**
   * Work that does what other work does and gives its result.
   *
   * @param <T> the result's type
   * @param body the work
   * @return work that tells this probe
   */
  public <T extends @Nullable Object> Callable<T> callable(Callable<T> body) {
    Objects.requireNonNull(body, "body");
    return () -> {
      begin();
      try {
        return body.call();
      } catch (Throwable failure) { // thrown on as it is
        noticeIfInterrupt(failure);
        throw failure;
      } finally {
        end();
      }
    };
  }

  /**
   * A stream whose reader is the work: it starts with the first read, is told to stop by a {@code
   * close()}, and has ended when the stream is closed and no read is under way, or at the end of
   * the input.
   *
   * @param in where the input comes from
   * @return a stream that tells this probe
   */
  public InputStream inputStream(InputStream in) {
    return new ProbeInputStream(this, Objects.requireNonNull(in, "in"));
  }

  /**
   * Runs the code that tells the work to stop, and remembers when, so that {@link #whenNoticed()}
   * counts from there.
   *
   * @param stop such as {@code () -> future.cancel(true)}
   */
  public void tell(Runnable stop) {
    told();
    stop.run();
  }

  /**
   * Whether the work has begun.
   *
   * @return true if it has
   */
  public synchronized boolean wasStarted() {
    return started;
  }

  /**
   * Whether a signal to stop has reached the work: an interrupt, a close, a client that went away.
   * That somebody called {@link #tell} is not enough.
   *
   * @return true if one has
   */
  public synchronized boolean wasToldToStop() {
    Thread running = thread;
    return signal != null || (running != null && !ended && running.isInterrupted());
  }

  /**
   * What told the work to stop.
   *
   * @return the first signal that it noticed, or empty if it noticed none
   */
  public synchronized Optional<Signal> signal() {
    return Optional.ofNullable(signal);
  }

  /**
   * How long it took until the work noticed. Counts from the first {@link #tell}, or else from what
   * the probe saw first of it itself.
   *
   * @return the time, or empty if it noticed nothing
   */
  public synchronized Optional<Duration> whenNoticed() {
    return noticed
        ? Optional.of(Duration.ofNanos(Math.max(0, noticedAt - toldAt)))
        : Optional.empty();
  }

  /**
   * Whether the work has ended, for whatever reason.
   *
   * @return true if it has
   */
  public synchronized boolean hasEnded() {
    return ended;
  }

  /**
   * Waits until the work has begun.
   *
   * @param within how long at the most
   * @throws ContractError if it has not begun by then
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public void awaitStarted(Duration within) {
    if (!await(this::wasStarted, within)) {
      throw new ContractError(
          "the probe was not started within " + Vigil.text(within),
          List.of(
              Fact.of("why", "nothing ran the work that the probe stands for"),
              Fact.of("fix", "hand the probe's work to the code under test, and have it run it")));
    }
  }

  /**
   * Waits until the work has ended.
   *
   * @param within how long at the most
   * @throws ContractError if it was not started or has not ended by then
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public void awaitEnded(Duration within) {
    if (!await(this::hasEnded, within)) {
      throw notEnded("the probe did not end within " + Vigil.text(within));
    }
  }

  /**
   * Asserts that the work was started, was told to stop, and has ended. It was told if a signal
   * reached it, or if it ended after {@link #tell}: an interrupt on which wrapped work returns
   * leaves no trace.
   *
   * @param within how long to wait for the end at the most
   * @throws ContractError if it was not started, has not ended by then, or ended without a signal
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public void assertStopped(Duration within) {
    if (!await(this::hasEnded, within)) {
      throw notEnded("the probe was not stopped within " + Vigil.text(within));
    }
    if (!wasToldToStop() && !hasEndedAfterTell()) {
      throw new ContractError(
          "the probe ended, but nothing shows that it was told to stop",
          List.of(
              Fact.of(
                  "why",
                  "no interrupt, close or lost client was seen, and tell() was not called before its"
                      + " end: it may have ended by itself"),
              Fact.of(
                  "fix",
                  "tell it to stop by probe.tell(…), and use work that goes on until then, such as"
                      + " probe.blocking()")));
    }
  }

  /** Work that ends on an interrupt and leaves no trace of it is told by the time only. */
  private synchronized boolean hasEndedAfterTell() {
    return told && ended && endedAt - toldAt >= 0;
  }

  private ContractError notEnded(String headline) {
    if (!wasStarted()) {
      return new ContractError(
          headline,
          List.of(
              Fact.of("why", "it was never started"),
              Fact.of("fix", "wait for it by awaitStarted() before it is told to stop")));
    }
    Thread running = thread();
    Vigil vigil = new Vigil(() -> running == null ? null : Sample.of(running), this::hasEnded);
    boolean wasTold = wasToldToStop();
    Deaf.Reason reason =
        wasTold
            ? null
            : new Deaf.Reason(
                "no signal to stop is known to have reached it: its interrupt flag is clear, its stream"
                    + " is open, and it has met no client that went away (an interrupt that wrapped"
                    + " code swallowed leaves no trace)",
                "have the code under test pass the stop on: interrupt the thread (Future.cancel(true),"
                    + " shutdownNow()), or close what it reads");
    if (wasTold && signal().isPresent() && running != null && !running.isInterrupted()) {
      reason =
          new Deaf.Reason(
              "it noticed the signal (" + signal().orElseThrow() + ") and went on",
              "have the work return when it notices, and the code under test not wait for it"
                  + " without a limit");
    }
    List<Fact> facts = new ArrayList<>();
    if (vigil.lookClosely()) {
      facts.addAll(vigil.facts("when told", reason));
    } else {
      facts.add(Fact.of("why", hasEnded() ? "it ended later" : "its thread is gone"));
      facts.add(Fact.of("fix", "allow more time, or have it notice sooner"));
    }
    return new ContractError(headline, facts);
  }

  private static boolean await(BooleanSupplier condition, Duration within) {
    return Vigil.await(condition, Vigil.deadline(within));
  }

  synchronized void begin() {
    thread = Thread.currentThread();
    started = true;
    ended = false;
  }

  /** The work has ended on the current thread. */
  synchronized void end() {
    if (Thread.currentThread() == thread && thread.isInterrupted()) {
      notice(Signal.INTERRUPTED);
    }
    ended = true;
    endedAt = System.nanoTime();
  }

  synchronized @Nullable Thread thread() {
    return thread;
  }

  synchronized void told() {
    if (!told) {
      told = true;
      toldAt = System.nanoTime();
    }
  }

  synchronized void notice(Signal seen) {
    told();
    if (signal == null) {
      signal = seen;
    }
    if (!noticed) {
      noticed = true;
      noticedAt = System.nanoTime();
    }
  }

  private void noticeIfInterrupt(Throwable failure) {
    if (Stopping.isInterrupt(failure)) {
      notice(Signal.INTERRUPTED);
    }
  }
}
