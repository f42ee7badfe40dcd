package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;

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
    addStopping();
    addWhy(LIBRARY_WHY);
    return finding(
        kind,
        library.title()
            + ", "
            + OwnerWords.notEnded("stopped", isStopped())
            + ": "
            + contents.words(cause.threads.size()),
        libraryFix(library),
        new Fingerprint(kind).word(library.word()));
  }

  Finding timer(ThreadRecord thread) {
    boolean ended = thread.state() == Thread.State.TERMINATED;
    if (ended) {
      facts.add(Fact.of("thread", thread.label() + " (ended, as its Timer was garbage collected)"));
    } else {
      addThreads();
    }
    facts.add(
        Fact.of(
            "tasks",
            thread.state() == Thread.State.TIMED_WAITING
                ? "at least one is scheduled"
                : ended || thread.state() == Thread.State.WAITING
                    ? "none is scheduled"
                    : "one is running"));
    addHolder();
    addWhy("a timer's thread lives until cancel() is called, or the Timer was garbage collected");
    Holder.Owner owner = cause.holder == null ? null : cause.holder.owner();
    String librarys = cause.maker != null && cause.maker.librarys() ? ownersFix("") : null;
    String call =
        owner == null || maker(origin()).isPresent()
            ? "call Timer.cancel() when " + whenOwnerStops("made the timer")
            : OwnerWords.stop(owner)
                + OwnerWords.andLetIt("cancel the timer", owner, evidence.code());
    return finding(
        LeakKind.UNCANCELLED_TIMER,
        "java.util.Timer \"" + thread.label() + "\", never cancelled",
        librarys == null ? call + "; cancelling its tasks does not end the thread" : librarys,
        new Fingerprint(LeakKind.UNCANCELLED_TIMER).name(thread.name()));
  }

  Finding stray(ThreadRecord first) {
    LeakKind kind = first.virtual() ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD;
    Waiting waiting = mildest();
    addThreads();
    addPlaces("doing", cause.threads);
    addWaitsFor();
    addStopping();
    addHolder();
    addWhy(
        StoppedPool.of(cause, evidence).filter(StoppedPool::goesOn).isPresent()
            ? StoppedPool.whyGoesOn()
            : waiting.why());
    return finding(
        kind,
        subject() + " " + waiting.title(),
        fix(first, waiting),
        new Fingerprint(kind).name(first.name()).at(cause.threads));
  }

  /** What {@code CompletableFuture} runs in a thread of its own where processors are few. */
  static boolean isAsync(ThreadRecord thread) {
    List<StackTraceElement> stack = thread.stack();
    int outer = stack.size() - 1;
    while (outer >= 0 && stack.get(outer).getClassName().startsWith("java.lang.Thread")) {
      outer--;
    }
    return outer >= 0
        && stack.get(outer).getClassName().startsWith("java.util.concurrent.CompletableFuture$");
  }

  /** The same leak, with the same id, as where the common pool runs it. */
  Finding async() {
    addThreads();
    addPlaces("doing", cause.threads);
    addWaitsFor();
    addWhy(
        "it was given to no executor, and this JVM has too few processors for the common pool: it"
            + " runs on in a thread that nobody can stop");
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.BUSY_COMMON_POOL).at(cause.threads).in(evidence);
    return new Finding(
        LeakKind.BUSY_COMMON_POOL,
        "CompletableFuture still runs "
            + count(cause.threads.size(), "task")
            + " in place of ForkJoinPool.commonPool()",
        facts,
        JOIN_ASYNC,
        cause.threads,
        List.of(),
        null,
        origin(),
        fingerprint.exact(),
        fingerprint.plain());
  }

  /** Threads that do different things, and that one call to their owner would end. */
  Finding owned(Maker maker) {
    boolean virtual = cause.threads.stream().allMatch(ThreadRecord::virtual);
    LeakKind kind = virtual ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD;
    addThreads();
    addPlaces("doing", cause.threads);
    addWaitsFor();
    addStopping();
    addHolder();
    addWhy("its threads live until it is told to stop");
    return finding(
        kind,
        OwnerWords.title(maker, isStopped()) + ": " + contents.words(cause.threads.size()),
        String.valueOf(ownersFix("started " + theThread())),
        cause.isOfLibrarysObject()
            ? new Fingerprint(kind).type(maker.type())
            : new Fingerprint(kind).type(maker.frame().getClassName()).at(cause.threads));
  }

  /** Of several threads at one place, one that may still end, if there is one. */
  private Waiting mildest() {
    return cause.threads.stream()
        .map(this::waiting)
        .filter(waiting -> !waiting.isForEver())
        .findFirst()
        .orElseGet(() -> waiting(cause.threads.get(0)));
  }

  private String fix(ThreadRecord thread, Waiting waiting) {
    StackTraceElement where = evidence.code().users(thread).orElse(null);
    String there =
        maker(origin()).isPresent()
            ? "when " + whenOwnerStops("started " + theThread())
            : "where its owner stops";
    String cure = waiting.fix(where);
    String librarys = fixOfLibrarys("started " + theThread());
    if (librarys != null) {
      return librarys;
    }
    StoppedPool pool = StoppedPool.of(cause, evidence).orElse(null);
    if (pool != null && pool.awaitsScheduled()) {
      return there + ", " + pool.end();
    }
    String join = pool == null ? "join() the thread" : "awaitTermination() of the executor";
    if (cure == null && !waiting.canBeInterrupted()) {
      return there + ", have " + Waiting.code(where) + " return, and " + join + waiting.ends(where);
    }
    String interrupt =
        pool == null
            ? "interrupt() the thread and join() it"
            : "call shutdownNow() on the executor and awaitTermination()";
    if (cure == null) {
      return there + ", " + interrupt + waiting.ends(where);
    }
    if (waiting.isInterruptible()) {
      return cure + "; or, " + there + ", " + interrupt;
    }
    return (waiting.endsWithOwner()
            ? there + ", " + cure + ", then "
            : cure + "; and, " + there + ", ")
        + join
        + waiting.ends(where);
  }

  /** Where only JDK frames are to be seen, they say nothing about a library. */
  private static boolean isInOwnCode(ThreadRecord thread) {
    return Stacks.firstOwnFrame(thread.stack()).isPresent();
  }
}
