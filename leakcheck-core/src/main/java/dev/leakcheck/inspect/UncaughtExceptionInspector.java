package dev.leakcheck.inspect;

import dev.leakcheck.capture.failures.Failure;
import dev.leakcheck.capture.failures.Failure.Thrown;
import dev.leakcheck.capture.failures.Failures;
import dev.leakcheck.capture.failures.UncaughtExceptions;
import dev.leakcheck.capture.record.Owner;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds exceptions that nobody saw: those that threads of the scope died of and, with an agent,
 * those in futures that nobody asked.
 *
 * <p>Without an agent that records all threads a dead one is the scope's if it was not there when
 * the scope opened; with one, whoever started it answers for it.
 */
final class UncaughtExceptionInspector implements Inspector {

  private static final String STAGE = "java.util.concurrent.CompletableFuture";

  private final Failures failures = Failures.jvm();

  /**
   * What had failed when a scope opened.
   *
   * @param last the number of the last failure
   * @param dropped how many had been dropped
   * @param watch until when exceptions are noted for the scope
   */
  private record Opened(long last, long dropped, UncaughtExceptions.Watch watch)
      implements AutoCloseable {
    @Override
    public void close() {
      watch.end();
    }
  }

  @Override
  public Object opening(Opening opening) {
    return new Opened(failures.last(), failures.dropped(), UncaughtExceptions.watch());
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return opened instanceof Opened before && failures.hasSince(before.last);
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (check.isFieldsOnly() || !(opened instanceof Opened before)) {
      return List.of();
    }
    if (failures.droppedSince(before.last)) {
      check.limitedBy(
          Coverage.limitedBy(
              Coverage.Limit.TOO_MANY,
              (failures.dropped() - before.dropped)
                  + " exceptions that nobody saw and that may be the scope's: only the last "
                  + Failures.MOST
                  + " of the JVM are kept"));
    }
    Map<Object, List<Failure>> alike = new LinkedHashMap<>();
    for (Failure failure : failures.since(before.last)) {
      if (isOurs(failure, check)) {
        alike.computeIfAbsent(sameness(failure), key -> new ArrayList<>()).add(failure);
      }
    }
    List<Symptom> symptoms = new ArrayList<>();
    alike.values().forEach(group -> symptoms.add(symptom(group, check)));
    return symptoms;
  }

  private static boolean isOurs(Failure failure, Check check) {
    boolean kept = failure.how().isKept();
    long thread = failure.thread().id();
    // A task is told by whoever made it, also if its pool is a leak that was told before.
    if (check.isTold(identity(failure))
        || check.isStopped(thread, failure.number())
        || (kept ? thread == check.checkerId() : !check.isOurs(thread))) {
      return false;
    }
    if (!kept && isBenign(failure)) {
      return false;
    }
    if (!kept) {
      return check.newcomers().isStartedHere(failure);
    }
    // Who made a task is recorded also where it is not recorded who started all threads.
    Owner owner = failure.owner();
    return owner != null
        && check.born().answersFor(owner)
        && isUsers(failure, owner.origin())
        && !check.born().isLibrarys(failure);
  }

  private static boolean isBenign(Failure failure) {
    ThreadRecord thread =
        failure.thrown().isEmpty()
            ? failure.thread()
            : failure.thread().withStack(failure.thrown().get(0).stack());
    return KnownThreads.matchOfDead(thread, failure.runner().get()).isPresent();
  }

  /**
   * Whether the user's own code made a task and might have asked it: the JDK and known libraries
   * may have their reasons not to ask theirs. {@code invokeAll} asks those that are not done yet,
   * {@code invokeAny} those that are done before one has worked.
   */
  private static boolean isUsers(Failure failure, Origin made) {
    if (failure.how() == Failure.How.KEPT_BY_STAGE) {
      return isUsersStage(made);
    }
    if (!(made instanceof Origin.Known known)
        || known.stack().stream()
            .takeWhile(Stacks::isJdk)
            .anyMatch(frame -> frame.getMethodName().startsWith("invokeA"))) {
      return false;
    }
    Optional<StackTraceElement> maker = Stacks.firstOwnFrame(known.stack());
    return maker.isPresent()
        ? !Classifier.isLibrary(maker.get())
        : failure.thrown().stream()
            .flatMap(thrown -> Stacks.own(thrown.stack()).stream())
            .anyMatch(frame -> !Classifier.isLibrary(frame));
  }

  /** Whether the user's own code called {@code supplyAsync} or {@code runAsync} itself. */
  private static boolean isUsersStage(Origin made) {
    return made instanceof Origin.Known known
        && known.stack().stream()
            .dropWhile(frame -> frame.getClassName().startsWith(STAGE))
            .findFirst()
            .filter(frame -> !Stacks.isJdk(frame) && !Classifier.isLibrary(frame))
            .isPresent();
  }

  /** The same exception from the same place is told once. */
  private static Object sameness(Failure failure) {
    Thrown thrown = failure.thrown().get(0);
    List<StackTraceElement> own = Stacks.own(thrown.stack());
    return List.of(
        failure.how(),
        thrown.type(),
        own.isEmpty() ? thrown.stack() : own,
        thrown.message().isEmpty());
  }

  private static String identity(Failure failure) {
    return LeakKind.UNCAUGHT_EXCEPTION.id() + " " + failure.number();
  }

  private static Symptom symptom(List<Failure> alike, Check check) {
    Failure first = alike.get(0);
    Set<String> identities = new LinkedHashSet<>();
    List<ThreadRecord> threads = new ArrayList<>();
    Set<String> messages = new LinkedHashSet<>();
    for (Failure failure : alike) {
      identities.add(identity(failure));
      messages.add(failure.thrown().get(0).message());
      if (threads.stream().noneMatch(thread -> thread.id() == failure.thread().id())) {
        threads.add(failure.thread());
      }
    }
    Owner owner = first.owner();
    return new UncaughtException(
        List.copyOf(identities),
        first.how(),
        alike.size(),
        threads,
        first.thrown(),
        messages.size() > 1,
        first.assertion(),
        owner == null ? Origin.Unknown.NOT_RECORDED : check.madeBy(owner.origin()),
        alike.stream().anyMatch(Failure::mayBeSeen));
  }
}
