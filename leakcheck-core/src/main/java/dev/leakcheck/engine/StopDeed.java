package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.Stop;
import dev.leakcheck.capture.threads.Helper;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.model.Afterwards;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is done to stop what one finding is about, and what is said of it. Used by one thread. */
final class StopDeed {

  private static final int NAMES_SHOWN = 5;

  private final List<Target> targets = new ArrayList<>();
  private final List<Shutdown> shutdowns = new ArrayList<>();
  private final List<ThreadRecord> left = new ArrayList<>();
  private final List<ThreadRecord> unseen = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();

  /** Not a key of maps: its class may override what these ask. */
  private record Target(Thread thread, ThreadRecord record) {
    boolean isAlive() {
      return thread.isAlive();
    }

    /** Its loop catches what an interrupt throws. */
    boolean isTimer() {
      return thread.getClass().getName().equals(CauseWriter.TIMER);
    }

    boolean mayBeTold() {
      return Stop.mayInterrupt(thread);
    }
  }

  private record Shutdown(ExecutorService executor, ExecutorRecord record, List<Thread> threads) {
    boolean isOpen() {
      return Boolean.FALSE.equals(Ask.isTerminated(executor, Cost.NONE));
    }
  }

  /** A thread that is to end. */
  void stops(Thread thread, ThreadRecord record) {
    targets.add(new Target(thread, record));
  }

  /** A thread that is others' as well. */
  void leaves(ThreadRecord record) {
    left.add(record);
  }

  /** A virtual thread that only a dump shows. */
  void cannotReach(ThreadRecord record) {
    unseen.add(record);
  }

  /**
   * An executor that is to stop, with its threads. If it cannot be told, they are interrupted.
   *
   * @param executor the executor, or null if nothing leads to it
   */
  void stops(@Nullable ExecutorService executor, ExecutorRecord record) {
    List<Thread> own =
        targets.stream()
            .filter(target -> record.id().equals(target.record.executor()))
            .map(Target::thread)
            .toList();
    if (executor == null) {
      refused.add(
          record.simpleType()
              + " was not shut down: nothing that LeakCheck may read leads to it; with the agent it"
              + " would be known");
    } else if (Stop.mayShutDown(executor, own)) {
      shutdowns.add(new Shutdown(executor, record, own));
    } else {
      refused.add(
          record.simpleType()
              + " was not shut down: code that is not the JDK's would run, that of its class, its"
              + " queue or its threads");
    }
  }

  /** The ids of the threads that are told to end. */
  List<Long> ids() {
    return targets.stream().map(target -> LiveThreads.id(target.thread)).toList();
  }

  private Stream<Target> interrupted() {
    return targets.stream()
        .filter(Target::mayBeTold)
        .filter(target -> !isInShutdown(target.record));
  }

  private boolean isInShutdown(ThreadRecord thread) {
    return shutdowns.stream().anyMatch(shutdown -> shutdown.record.id().equals(thread.executor()));
  }

  void act() {
    for (Shutdown shutdown : shutdowns) {
      if (!spared(shutdown.executor, () -> Stop.shutDown(shutdown.executor, shutdown.threads))) {
        refused.add(
            shutdown.record.simpleType()
                + " did not answer to shutdownNow(): its lock may be held");
      }
    }
    interrupted().forEach(target -> spared(target.thread, () -> Stop.interrupt(target.thread)));
  }

  /** Has something done that may take a lock; false if it did not come to its end. */
  private static boolean spared(Object about, Runnable action) {
    Boolean done =
        Helper.jvm()
            .ask(
                about,
                () -> {
                  action.run();
                  return true;
                });
    return done != null;
  }

  /** Whether something is left that may take notice of being told. */
  boolean mayEnd() {
    return targets.stream()
            .anyMatch(target -> target.isAlive() && !target.isTimer() && target.mayBeTold())
        || shutdowns.stream().anyMatch(Shutdown::isOpen);
  }

  Afterwards told() {
    List<String> lines = new ArrayList<>();
    if (!shutdowns.isEmpty()) {
      lines.add(
          (shutdowns.size() == 1
                  ? shutdowns.get(0).record.simpleType() + " was"
                  : shutdowns.size() + " executors were")
              + " told to stop with shutdownNow()");
    }
    List<ThreadRecord> interrupted = interrupted().map(Target::record).toList();
    if (!interrupted.isEmpty()) {
      lines.add(names(interrupted) + were(interrupted) + "interrupted");
    }
    List<Target> alive = targets.stream().filter(Target::isAlive).toList();
    int ended = targets.size() - alive.size();
    if (ended > 0) {
      lines.add(ended == 1 ? "1 thread has ended" : ended + " threads have ended");
    }
    int before = lines.size();
    lines.addAll(refused);
    cannotBeStopped(
        lines,
        alive.stream().filter(target -> !target.isTimer() && target.mayBeTold()),
        "still alive after being told");
    cannotBeStopped(
        lines, alive.stream().filter(Target::isTimer), "only cancel() ends a Timer's thread");
    cannotBeStopped(
        lines,
        alive.stream().filter(target -> !target.mayBeTold()),
        "its class overrides interrupt(), which was not called");
    shutdowns.stream()
        .filter(
            shutdown -> shutdown.isOpen() && shutdown.threads.stream().noneMatch(Thread::isAlive))
        .forEach(
            shutdown ->
                lines.add(
                    "cannot be stopped: " + shutdown.record.simpleType() + " still has threads"));
    if (!left.isEmpty()) {
      lines.add(names(left) + were(left) + "left alone: others work with it");
    }
    long unreached = unseen.stream().filter(thread -> !isInShutdown(thread)).count();
    if (unreached > 0) {
      lines.add(
          (unreached == 1 ? "1 virtual thread" : unreached + " virtual threads")
              + " could not be reached: without the agent only thread dumps show them");
    }
    boolean over = lines.size() == before;
    if (lines.isEmpty()) {
      lines.add("nothing of it was left to stop");
    }
    return new Afterwards(over, lines);
  }

  private static void cannotBeStopped(List<String> lines, Stream<Target> some, String why) {
    List<ThreadRecord> records = some.map(Target::record).toList();
    if (!records.isEmpty()) {
      lines.add("cannot be stopped: " + names(records) + ": " + why);
    }
  }

  private static String were(List<ThreadRecord> some) {
    return some.size() == 1 ? " was " : " were ";
  }

  private static String names(List<ThreadRecord> some) {
    StringBuilder names = new StringBuilder(some.size() == 1 ? "thread " : "threads ");
    for (int i = 0; i < Math.min(NAMES_SHOWN, some.size()); i++) {
      names.append(i == 0 ? "\"" : ", \"").append(some.get(i).label()).append('"');
    }
    return some.size() > NAMES_SHOWN
        ? names.append(" and ").append(some.size() - NAMES_SHOWN).append(" more").toString()
        : names.toString();
  }
}
