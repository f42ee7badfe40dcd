package dev.leakcheck.inspect;

import dev.leakcheck.capture.failures.Failure.How;
import dev.leakcheck.capture.failures.Failure.Thrown;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.OwnerWords;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An exception that nobody saw, once or several times from the same place.
 *
 * @param each what tells each time from others, the first time first
 * @param how what became of it
 * @param times how often
 * @param failed the threads that it was thrown in
 * @param thrown the first such exception, and its causes from the outermost to the innermost
 * @param severalMessages whether others had other messages
 * @param assertion whether it is an {@code AssertionError}
 * @param origin where the first thread was started or the first task was made
 * @param mayPass whether somebody may be about to see it
 */
record UncaughtException(
    List<String> each,
    How how,
    int times,
    List<ThreadRecord> failed,
    List<Thrown> thrown,
    boolean severalMessages,
    boolean assertion,
    Origin origin,
    boolean mayPass)
    implements Symptom {

  private static final int FRAMES_SHOWN = 6;

  /** Copies the collections. */
  public UncaughtException {
    each = List.copyOf(each);
    failed = List.copyOf(failed);
    thrown = List.copyOf(thrown);
  }

  @Override
  public String identity() {
    return each.get(0);
  }

  @Override
  public Set<String> identities() {
    return Set.copyOf(each);
  }

  @Override
  public Finding explain(Evidence evidence) {
    List<Fact> facts = new ArrayList<>();
    Thrown first = thrown.get(0);
    List<String> at = Stacks.shown(first.stack(), FRAMES_SHOWN);
    facts.add(
        at.isEmpty()
            ? Fact.of("thrown at", "not known: the exception has no stack")
            : new Fact("thrown at", at));
    for (Thrown cause : thrown.subList(1, thrown.size())) {
      List<String> lines = new ArrayList<>();
      lines.add(text(cause));
      Stacks.firstOwnFrame(cause.stack())
          .ifPresent(frame -> lines.add("  at " + Stacks.text(frame)));
      facts.add(new Fact("caused by", lines));
    }
    if (how.isKept() || failed.size() > 1 || how == How.HANDED) {
      facts.add(Fact.of(failed.size() == 1 ? "thread" : "threads", CauseWriter.names(failed)));
    }
    facts.add(Fact.of("why", why()));
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.UNCAUGHT_EXCEPTION)
            .type(first.type())
            .stack(first.stack())
            .in(evidence)
            .createdBy(origin);
    return Symptom.finding(
        LeakKind.UNCAUGHT_EXCEPTION,
        title(),
        facts,
        fix(),
        how.isKept() ? List.of() : failed,
        origin,
        fingerprint);
  }

  private static String text(Thrown thrown) {
    String type = thrown.type();
    String simple = type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
    String message = thrown.message();
    return Printable.escape(message.isEmpty() ? simple : simple + ": " + message);
  }

  private String title() {
    String what =
        switch (how) {
          case DIED ->
              times == 1
                  ? CauseWriter.named(failed.get(0)) + " died of "
                  : times + " threads died of ";
          case HANDED -> tasks("task") + " failed with ";
          case KEPT -> tasks("submitted task") + " failed with ";
          case KEPT_BY_SCHEDULE -> tasks("periodic task") + " failed with ";
          case KEPT_BY_STAGE -> tasks("task") + " of CompletableFuture failed with ";
        };
    String suffix =
        severalMessages
            ? " (the first message of several)"
            : how == How.KEPT_BY_SCHEDULE ? " and will not run again" : "";
    return what + text(thrown.get(0)) + suffix;
  }

  private String tasks(String noun) {
    return times == 1 ? "a " + noun : times + " " + noun + "s";
  }

  private String why() {
    String unseen =
        switch (how) {
          case DIED -> "the exception left the thread's run(), and no handler was there to see it";
          case HANDED ->
              "it was given to the thread's uncaught-exception handler, and none was there to see it";
          case KEPT -> "the task's Future keeps the exception, and nobody asked it";
          case KEPT_BY_SCHEDULE ->
              "an exception ends the schedule without a word: the Future keeps it, and nobody asked";
          case KEPT_BY_STAGE ->
              "the CompletableFuture keeps the exception: nobody asked it, nor a stage that goes on"
                  + " with it";
        };
    return assertion
        ? "an assertion that fails outside the test's own thread fails no test: " + unseen
        : unseen;
  }

  private String fix() {
    if (assertion) {
      return switch (how) {
        case DIED, HANDED ->
            "bring the outcome to the test's own thread and assert it there: submit() the code and"
                + " get() its Future, or hand over what it computed";
        case KEPT, KEPT_BY_SCHEDULE, KEPT_BY_STAGE ->
            "get() the Future in the test: it throws what the task threw, and so fails the test";
      };
    }
    return switch (how) {
      case DIED, HANDED ->
          "mend what threw it; or catch it in "
              + (how == How.DIED ? "the thread" : "the task")
              + " and let somebody know; if it is meant to fail, give the thread a handler of its"
              + " own with setUncaughtExceptionHandler(…)";
      case KEPT ->
          OwnerWords.ofFailed(
              origin,
              "get() the Future: it throws what the task threw; or use execute(), which leaves the"
                  + " exception to the thread's handler; or catch it in the task");
      case KEPT_BY_SCHEDULE ->
          OwnerWords.ofFailed(
              origin,
              "catch in the task what must not end the schedule; or get() the ScheduledFuture, or"
                  + " cancel() it, where its owner stops");
      case KEPT_BY_STAGE ->
          OwnerWords.ofFailed(
              origin,
              "join() it, which throws what the task threw; or say what is to be done with"
                  + " exceptionally(…), handle(…) or whenComplete(…); or catch it in the task");
    };
  }
}
