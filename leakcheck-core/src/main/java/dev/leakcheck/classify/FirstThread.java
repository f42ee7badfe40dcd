package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * In which test the first thread of a cause was made. Of an executor the first may have ended:
 * which one it was is known by the JDK's names alone.
 */
final class FirstThread {

  private static final Pattern FIRST_OF_ITS_POOL =
      Pattern.compile("pool-\\d+-thread-1|ForkJoinPool-\\d+-worker-1");

  private final Classifier.Cause cause;
  private final Evidence evidence;

  FirstThread(Classifier.Cause cause, Evidence evidence) {
    this.cause = cause;
    this.evidence = evidence;
  }

  /**
   * When it was made, or when the oldest was that is known.
   *
   * @param origin where it was made
   */
  Optional<Fact> fact(Origin origin) {
    if (isOfATest(origin)) {
      return Optional.empty();
    }
    boolean onlyInTests = origin instanceof Origin.Known;
    Optional<ThreadRecord> first =
        cause.executors.size() == 1 ? first(cause.executors.get(0)) : Optional.empty();
    return first
        .or(() -> cause.threads.stream().min(Comparator.comparingLong(ThreadRecord::id)))
        .flatMap(thread -> Optional.ofNullable(evidence.madeWhile().get(thread.id())))
        .filter(ran -> !onlyInTests || !ran.tests().isEmpty())
        .map(ran -> Fact.of("test", subject(first.isPresent()) + " was made while " + ran.words()));
  }

  /** Whether it is known for which test it was made: that is told with the stack, or is in it. */
  private boolean isOfATest(Origin origin) {
    return origin instanceof Origin.Known known
        && !known.shared()
        && (!known.scope().equals(evidence.scope())
            || known.stack().stream().anyMatch(Stacks::isTestRunner));
  }

  private String subject(boolean isFirst) {
    if (cause.executors.isEmpty()) {
      return cause.threads.size() == 1 ? "it" : "the oldest of them";
    }
    return isFirst ? "its first thread" : "the oldest of its live threads";
  }

  /**
   * The test class that answers for all of the cause, whoever tells of it; empty where that is not
   * known or not one.
   */
  Optional<String> testClass() {
    Set<Optional<String>> classes = new HashSet<>();
    for (ExecutorRecord executor : cause.executors) {
      classes.add(first(executor).flatMap(worker -> testClass(worker, evidence)));
    }
    Set<String> ids = cause.executors.stream().map(ExecutorRecord::id).collect(Collectors.toSet());
    cause.threads.stream()
        .filter(thread -> !ids.contains(String.valueOf(thread.executor())))
        .forEach(thread -> classes.add(testClass(thread, evidence)));
    return classes.size() == 1 ? classes.iterator().next() : Optional.empty();
  }

  /** The test class that tells a thread from others of which nothing else is known. */
  static String partOf(ThreadRecord thread, Evidence evidence) {
    boolean isKnown = !Names.isOfTheJdk(thread.name()) || !Stacks.own(thread.stack()).isEmpty();
    return isKnown ? "" : testClass(thread, evidence).orElse("");
  }

  private static Optional<String> testClass(ThreadRecord thread, Evidence evidence) {
    return Optional.ofNullable(evidence.madeWhile().get(thread.id())).flatMap(MadeWhile::testClass);
  }

  private Optional<ThreadRecord> first(ExecutorRecord executor) {
    List<ThreadRecord> firsts =
        cause.threads.stream()
            .filter(thread -> executor.id().equals(thread.executor()))
            .filter(thread -> FIRST_OF_ITS_POOL.matcher(thread.name()).matches())
            .toList();
    return firsts.size() == 1 ? Optional.of(firsts.get(0)) : Optional.empty();
  }
}
