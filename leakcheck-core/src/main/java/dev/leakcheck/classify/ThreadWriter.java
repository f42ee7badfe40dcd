package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;

/** Writes findings about threads. */
final class ThreadWriter extends CauseWriter {

  ThreadWriter(Classifier.Cause cause, Evidence evidence) {
    super(cause, evidence);
  }

  Finding library(KnownLibrary.Instance library) {
    boolean virtual = cause.threads.get(0).virtual();
    LeakKind kind = virtual ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD;
    addHolder();
    addThreads();
    addPlaces("doing", cause.threads.stream().filter(ThreadWriter::isInOwnCode).toList());
    addWhy(LIBRARY_WHY);
    return finding(
        kind,
        library.title() + ", never stopped: " + count(cause.threads.size(), "thread"),
        library.fix(),
        new Fingerprint(kind).name(library.title()));
  }

  Finding timer(ThreadRecord thread) {
    addThreads();
    facts.add(
        Fact.of(
            "tasks",
            thread.state() == Thread.State.TIMED_WAITING
                ? "at least one is scheduled"
                : thread.state() == Thread.State.WAITING ? "none is scheduled" : "one is running"));
    addWhy("a timer's thread lives until cancel() is called, or the Timer was garbage collected");
    return finding(
        LeakKind.UNCANCELLED_TIMER,
        "java.util.Timer \"" + thread.label() + "\", never cancelled",
        "call Timer.cancel() when "
            + whenOwnerStops("made the timer")
            + "; cancelling its tasks does not end the thread",
        new Fingerprint(LeakKind.UNCANCELLED_TIMER).name(thread.name()));
  }

  Finding stray(ThreadRecord first) {
    LeakKind kind = first.virtual() ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD;
    addThreads();
    addPlaces("doing", cause.threads);
    addStopping(first);
    addHolder();
    addWhy(
        first.waitsForEver()
            ? "it waits without a time limit: only somebody else can end it"
            : "it was still alive when the wait was over");
    return finding(
        kind,
        subject() + " still alive, " + Activity.of(first),
        fix(first),
        new Fingerprint(kind).name(first.name()).stack(first.stack()));
  }

  private String fix(ThreadRecord thread) {
    String where =
        Stacks.firstOwnFrame(thread.stack()).map(Stacks::text).orElse("the code that it runs");
    String there =
        maker(origin()).isPresent()
            ? "when " + whenOwnerStops("started " + theThread())
            : "where its owner stops";
    if (Activity.isInSystemCall(thread)) {
      return there
          + ", close what "
          + where
          + " reads from or waits on (socket, channel, selector, process), then join() the thread:"
          + " an interrupt does not end every such call";
    }
    if (thread.state() == Thread.State.RUNNABLE) {
      return there
          + ", interrupt() the thread and join() it, and let "
          + where
          + " check Thread.interrupted() while it works";
    }
    return there
        + ", interrupt() the thread and join() it, and let "
        + where
        + " end on an interrupt";
  }

  /** Where only JDK frames are to be seen, they say nothing about a library. */
  private static boolean isInOwnCode(ThreadRecord thread) {
    return Stacks.firstOwnFrame(thread.stack()).isPresent();
  }
}
