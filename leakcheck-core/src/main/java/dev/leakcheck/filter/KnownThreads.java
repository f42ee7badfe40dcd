package dev.leakcheck.filter;

import dev.leakcheck.filter.ThreadEvidence.Look;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The rules about benign threads that are in force. They are data: LeakCheck's own are in its jar,
 * others are read beside them from the class path ({@link RuleFiles}). Thread-safe.
 *
 * <p>Idle workers of an executor are not among them: whether an executor was shut down is asked of
 * the executor.
 */
public final class KnownThreads {

  /** Read when the first thread is looked at, as a test that starts none needs no rule. */
  private static final class Loaded {
    static final RuleFiles.Rules RULES = load();

    private static RuleFiles.Rules load() {
      RuleFiles.Rules rules = RuleFiles.read();
      rules
          .problems()
          .forEach(problem -> LoggerFactory.getLogger(KnownThreads.class).error(problem));
      return rules;
    }
  }

  private KnownThreads() {}

  /**
   * All rules, in the order in which they are asked.
   *
   * @return LeakCheck's own first
   */
  public static List<KnownThread> all() {
    return Loaded.RULES.threads();
  }

  /**
   * What is wrong with files of rules.
   *
   * @return a sentence for each such file
   */
  public static List<String> problems() {
    return Loaded.RULES.problems();
  }

  /**
   * The rule that has an id.
   *
   * @param id the id
   * @return the rule, or empty if none in force has it
   */
  public static Optional<KnownThread> byId(String id) {
    return all().stream().filter(rule -> rule.id().equals(id)).findFirst();
  }

  /**
   * The rule that a live thread matches, all of which was looked at.
   *
   * @param thread the thread, with its stack
   * @return the first rule that matches, or empty if the thread is not known to be benign
   */
  public static Optional<KnownThread> match(ThreadRecord thread) {
    return match(thread, Look.FULL, null);
  }

  /**
   * Whether a thread's rule was matched though nothing tells whose worker it is.
   *
   * @param thread the thread, with its stack
   * @return true if {@link #learn} may change what {@link #match} says
   */
  public static boolean isUnsure(ThreadRecord thread) {
    return LiveThread.isUnsure(thread)
        && match(thread).filter(KnownThreads::asksForHolders).isPresent();
  }

  private static boolean asksForHolders(KnownThread rule) {
    return rule.evidence().stream().anyMatch(evidence -> !evidence.heldBy().isEmpty());
  }

  /**
   * Keeps what a thread dump told.
   *
   * @param thread id of a thread that was alive before the dump was taken
   * @param executor identity of the executor that it works for, or empty if the dump names none
   */
  public static void learn(long thread, String executor) {
    LiveThread.learn(thread, executor);
  }

  /**
   * Those threads that their rules leave alone though there are more than the rules are about: a
   * rule names a number, or one wrapper would have to hide several executors. Which are the one
   * cannot be told: the first are taken for it.
   *
   * @param known the rules of threads, by id
   * @return ids
   */
  public static Set<Long> tooMany(Map<Long, KnownThread> known) {
    Set<Long> tooMany = new HashSet<>();
    Map<KnownThread, Integer> left = new HashMap<>();
    Map<String, String> hidden = new HashMap<>();
    for (Map.Entry<Long, KnownThread> one : new TreeMap<>(known).entrySet()) {
      long thread = one.getKey();
      KnownThread rule = one.getValue();
      LiveThread.Hidden executor = LiveThread.hidden(thread);
      if (rule.most() > 0 && left.merge(rule, 1, Integer::sum) > rule.most()) {
        tooMany.add(thread);
      } else if (executor != null) {
        String first = hidden.putIfAbsent(executor.wrapper(), executor.executor());
        if (first != null && !first.equals(executor.executor())) {
          tooMany.add(thread);
        }
      }
    }
    return tooMany;
  }

  /**
   * The rule that a live thread matches by its name, class and group alone, which do not change.
   *
   * @param thread the thread, of which the stack was not asked for
   * @return a rule that needs no more, or empty if there is none: one may still match later
   */
  public static Optional<KnownThread> matchWithoutStack(ThreadRecord thread) {
    return match(thread, Look.FIRST, null);
  }

  /**
   * The rule that a thread matches that died of an exception.
   *
   * @param thread the thread, with the exception's stack
   * @param live the thread itself, or null if it is gone
   * @return the first rule that matches
   */
  public static Optional<KnownThread> matchOfDead(ThreadRecord thread, @Nullable Thread live) {
    return match(thread, Look.DIED, live);
  }

  /**
   * The rule that a thread of a dump matches. A dump tells neither classes nor groups, and of
   * another JVM no field can be read: what cannot be known counts as given.
   *
   * @param thread the thread
   * @return the first rule that matches
   */
  public static Optional<KnownThread> matchInDump(ThreadRecord thread) {
    return match(thread, Look.DUMP, null);
  }

  /**
   * Whether a live thread is a worker of something that all share, and runs other code than that
   * one's own and the JDK's.
   *
   * @param thread the thread, with its stack
   * @return what it is a worker of, such as {@code Kotlin's shared dispatcher}
   */
  public static Optional<String> busyWorkerOf(ThreadRecord thread) {
    for (KnownThread rule : all()) {
      if (!rule.shared().isEmpty()) {
        for (ThreadEvidence known : rule.evidence()) {
          for (ThreadEvidence evidence : Relocated.all(known, thread, Look.FULL, null)) {
            if (evidence.fitsName(thread.name())
                && !evidence.isAtRest(thread, Look.FULL)
                && evidence.fits(thread, Look.FULL, null)) {
              return Optional.of(rule.shared());
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Whether what a thread does is somebody's, though what it works for is nobody's: a worker that
   * all share runs other code, or works for one object of many.
   *
   * @param thread the thread, with its stack
   * @return false if it is at rest, or is no such worker
   */
  public static boolean worksForSomebody(ThreadRecord thread) {
    return busyWorkerOf(thread).isPresent() || match(thread).filter(r -> r.most() > 0).isPresent();
  }

  /**
   * Whether a thread is a worker of something that all share, at rest or not.
   *
   * @param thread the thread, with its stack
   * @return false if what it works for is not known to be shared
   */
  public static boolean isShared(ThreadRecord thread) {
    return busyWorkerOf(thread).isPresent()
        || match(thread).filter(rule -> !rule.shared().isEmpty()).isPresent();
  }

  /**
   * Whether a name is that of a worker of something that all share.
   *
   * @param name the name
   * @return false if {@link #worksForSomebody} knows no thread by that name
   */
  public static boolean isNamedAsWorker(String name) {
    for (KnownThread rule : all()) {
      if (!rule.shared().isEmpty() || rule.most() > 0) {
        for (ThreadEvidence evidence : rule.evidence()) {
          if (!evidence.names().isEmpty() && evidence.fitsName(name)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static Optional<KnownThread> match(
      ThreadRecord thread, Look look, @Nullable Thread live) {
    for (KnownThread rule : all()) {
      for (ThreadEvidence known : rule.evidence()) {
        for (ThreadEvidence evidence : Relocated.all(known, thread, look, live)) {
          if (evidence.fits(thread, look, live) && evidence.isAtRest(thread, look)) {
            return Optional.of(rule);
          }
        }
      }
    }
    return Optional.empty();
  }
}
