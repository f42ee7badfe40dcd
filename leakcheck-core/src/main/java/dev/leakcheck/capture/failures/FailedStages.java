package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThrowable;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.failures.Kept.Due;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/**
 * The stages of open scopes that {@code supplyAsync} or {@code runAsync} made, those that go on
 * with what such come to, and the tasks that {@code ForkJoinPool.submit} made, whose code threw,
 * and which nobody asked. The agent's hooks call this class. Thread-safe.
 *
 * <p>Whoever so much as calls a method that tells how a stage ended, or that is given how a failed
 * one ended, has asked it and all that it goes on with: before it failed or after, and whatever
 * becomes of the exception there. So what is left was given to nobody. A stage that is given to
 * another one, to go on with both, counts as asked.
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
   * A hook: the current thread made a stage that goes on with what others come to. Whoever asks it
   * has asked the others.
   *
   * @param stage the other, or an array of several
   * @param next a {@code CompletableFuture} that fails as the others do
   */
  public void derived(Object stage, Object next) {
    if (futures.isEmpty() || futures.containsKey(new WeakKey(next))) {
      return;
    }
    List<Kept> others = kept(stage instanceof Object[] several ? several : new Object[] {stage});
    if (others.isEmpty()) {
      return;
    }
    births.hooks().madeStage(next);
    if (births.of(next) == null) {
      others.forEach(kept -> kept.ask(failures)); // whoever made it may ask
    } else {
      futures.put(new WeakKey(next, collected), Kept.after(others, failures));
    }
  }

  private List<Kept> kept(Object[] stages) {
    List<Kept> found = new ArrayList<>(stages.length);
    for (Object stage : stages) {
      Kept kept = stage == null ? null : futures.get(new WeakKey(stage));
      if (kept != null) {
        found.add(kept);
      }
    }
    return List.copyOf(found);
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
}
