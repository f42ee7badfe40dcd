package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThrowable;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.failures.Kept.Due;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Owner;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/**
 * The stages of open scopes that {@code supplyAsync} or {@code runAsync} made, those that go on
 * with what such a one comes to, and the tasks that {@code ForkJoinPool.submit} made, whose code
 * threw, and which nobody asked. The agent's hooks call this class. Thread-safe.
 *
 * <p>Whoever so much as calls a method that tells how a stage ended, or that is given how several
 * or a failed one ended, has asked it and all that it goes on with: before it failed or after, and
 * whatever becomes of the exception there. So what is left was given to nobody.
 */
public final class FailedStages extends KeptFailures {

  private static final FailedStages JVM = new FailedStages(Births.jvm(), Failures.jvm());

  private static final JdkField RESULT =
      JdkField.of("java.util.concurrent.CompletableFuture", "result");
  private static final JdkField EXCEPTION =
      JdkField.of("java.util.concurrent.CompletableFuture$AltResult", "ex");
  private static final JdkField AUX = JdkField.of("java.util.concurrent.ForkJoinTask", "aux");
  private static final JdkField THROWN = JdkField.of("java.util.concurrent.ForkJoinTask$Aux", "ex");

  FailedStages(Births births, Failures failures) {
    super(births, failures);
  }

  /**
   * The failed stages of this JVM.
   *
   * @return the one instance
   */
  public static FailedStages jvm() {
    return JVM;
  }

  /**
   * A hook: the current thread is about to have something run, and nobody else knows the stage.
   *
   * @param stage a {@code CompletableFuture} or a {@code ForkJoinTask}
   */
  public void made(Object stage) {
    forgetCollected();
    births.hooks().madeStage(stage);
    if (births.of(stage) != null) {
      futures.put(new WeakKey(stage, collected), new Kept(Kept.UNASKED));
    }
  }

  /**
   * A hook: the current thread made a stage that goes on with what another one comes to. Whoever
   * asks it has asked the other.
   *
   * @param stage the other
   * @param next a {@code CompletableFuture} that fails as the other does
   */
  public void derived(Object stage, Object next) {
    Kept kept = futures.isEmpty() ? null : futures.get(new WeakKey(stage));
    if (kept == null || futures.containsKey(new WeakKey(next))) {
      return;
    }
    births.hooks().madeStage(next);
    if (births.of(next) == null) {
      kept.ask(failures); // whoever made it may ask
    } else {
      futures.put(new WeakKey(next, collected), kept.next(failures));
    }
  }

  /**
   * A hook: what the current thread ran for a stage threw an exception.
   *
   * @param stage a {@code CompletableFuture}
   */
  public void failing(Object stage) {
    if (futures.isEmpty()) {
      return;
    }
    Kept kept = futures.get(new WeakKey(stage));
    if (kept != null && kept.state() == Kept.UNASKED) {
      Owner owner = births.isInScope() ? null : births.owner(stage);
      kept.become(Kept.UNASKED, owner == null ? Kept.ASKED : new Due(owner, List.of()));
    }
  }

  @Override
  @Nullable Failure failure(Object stage, Due due) {
    if (stage instanceof ForkJoinTask) {
      return THROWN.read(AUX.read(stage)) instanceof Throwable thrown && !Failure.isAskedFor(thrown)
          ? failures.add(Failure.How.KEPT, thrown, due)
          : null;
    }
    if (!(EXCEPTION.read(RESULT.read(stage)) instanceof Throwable kept)) {
      return null;
    }
    Throwable cause =
        kept.getClass() == CompletionException.class ? AskThrowable.cause(kept) : null;
    Throwable exception = cause == null ? kept : cause;
    return Failure.isAskedFor(exception)
        ? null
        : failures.add(Failure.How.KEPT_BY_STAGE, exception, due);
  }

  /** Of several at once: an array of them. */
  @Override
  public void asked(Object stage) {
    if (stage instanceof Object[] several) {
      for (Object one : several) {
        if (one != null) {
          super.asked(one);
        }
      }
    } else {
      super.asked(stage);
    }
  }
}
