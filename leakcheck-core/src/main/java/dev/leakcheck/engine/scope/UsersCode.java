package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.capture.threads.Helper;
import dev.leakcheck.model.Printable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Runs code that the user gave for this, on a thread of LeakCheck's own and with a bound: whatever
 * it does, the check goes on. Thread-safe.
 */
public final class UsersCode {

  private UsersCode() {}

  /**
   * What became of it.
   *
   * @param value what it returned; null if it did not
   * @param failure why it did not, as the end of a sentence; empty if it did
   */
  public record Outcome<T>(@Nullable T value, String failure) {}

  /**
   * Runs it.
   *
   * @param of whose code it is: as long as that has not returned it is not run again
   * @param code the code
   */
  public static <T> Outcome<T> run(Object of, Callable<? extends @Nullable T> code) {
    Outcome<T> outcome = Helper.ofUsersCode().ask(of, () -> call(code));
    return outcome == null ? new Outcome<>(null, "it gave no answer within 5 seconds") : outcome;
  }

  private static <T> Outcome<T> call(Callable<? extends @Nullable T> code) {
    try {
      T value = code.call();
      return value == null ? new Outcome<>(null, "it returned null") : new Outcome<>(value, "");
    } catch (Exception | Error e) {
      Fatal.rethrow(e);
      return new Outcome<>(null, "it failed with " + text(e));
    }
  }

  /** What was thrown, though it may throw when it is asked. */
  public static String text(Throwable failure) {
    try {
      return Printable.escape(failure.toString());
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      return failure.getClass().getName();
    }
  }
}
