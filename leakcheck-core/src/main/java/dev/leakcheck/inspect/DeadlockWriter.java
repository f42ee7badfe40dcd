package dev.leakcheck.inspect;

import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.inspect.Deadlock.Party;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Draws a deadlock: who holds what, and who wants it. */
final class DeadlockWriter extends CauseWriter {

  private static final int PARTIES_SHOWN = 8;
  private static final int FRAMES_SHOWN = 3;
  private static final int NAMED_IN_TITLE = 3;

  private final Deadlock deadlock;

  private DeadlockWriter(Deadlock deadlock, Classifier.Cause cause, Evidence evidence) {
    super(cause, evidence);
    this.deadlock = deadlock;
  }

  static Finding write(Deadlock deadlock, Evidence evidence) {
    Classifier.Cause cause = new Classifier.Cause();
    deadlock.parties().forEach(party -> cause.threads.add(party.thread()));
    cause.threads.addAll(deadlock.behind());
    return new DeadlockWriter(deadlock, cause, evidence).finding();
  }

  private Finding finding() {
    addCycle();
    if (!deadlock.behind().isEmpty()) {
      facts.add(
          Fact.of(
              "behind it",
              names(deadlock.behind())
                  + (deadlock.behind().size() == 1 ? " waits" : " wait")
                  + " for what these hold, and cannot go on either"));
    }
    addWhy("each waits without a time limit for what the next one holds: none of them can go on");
    return finding(LeakKind.DEADLOCK, title(), fix(), fingerprint());
  }

  /** Which threads are stuck behind it depends on who came by: no creator tells it from others. */
  @Override
  public void identify(Fingerprint fingerprint) {
    fingerprint.in(evidence);
  }

  private String title() {
    List<Party> parties = deadlock.parties();
    String names =
        parties.stream()
            .limit(NAMED_IN_TITLE)
            .map(party -> quoted(party.thread()))
            .collect(Collectors.joining(", "));
    return parties.size()
        + " threads wait for each other: "
        + names
        + (parties.size() > NAMED_IN_TITLE
            ? " and " + (parties.size() - NAMED_IN_TITLE) + " more"
            : "");
  }

  private void addCycle() {
    List<Party> parties = deadlock.parties();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.min(PARTIES_SHOWN, parties.size()); i++) {
      Party party = parties.get(i);
      Party before = parties.get((i + parties.size() - 1) % parties.size());
      Party next = parties.get((i + 1) % parties.size());
      lines.add(quoted(party.thread()) + (party.thread().virtual() ? " (virtual)" : ""));
      lines.add("  holds " + name(before.wants()) + takenIn(party.holdsIn()));
      lines.add("  wants " + name(party.wants()) + ", held by " + quoted(next.thread()));
      Stacks.shown(party.thread().stack(), FRAMES_SHOWN)
          .forEach(frame -> lines.add("    at " + frame));
    }
    if (parties.size() > PARTIES_SHOWN) {
      lines.add("and " + (parties.size() - PARTIES_SHOWN) + " more threads");
    }
    facts.add(new Fact("cycle", lines));
  }

  /** Only for monitors does the JVM tell where they were taken. */
  private static String takenIn(@Nullable StackTraceElement frame) {
    return frame == null ? "" : ", taken in " + Stacks.text(frame);
  }

  private static String quoted(ThreadRecord thread) {
    return "\"" + thread.label() + "\"" + (thread.name().isEmpty() ? " #" + thread.id() : "");
  }

  /** What a lock synchronises with is the JDK's own business. */
  private static String name(Blocker lock) {
    String type = lock.type();
    return simple(isLock(lock) ? type.substring(0, type.indexOf('$')) : type)
        + "@"
        + Integer.toHexString(lock.identity());
  }

  private static boolean isLock(Blocker lock) {
    return lock.type().startsWith("java.util.concurrent.locks.") && lock.type().indexOf('$') > 0;
  }

  private String fix() {
    boolean monitors = deadlock.parties().stream().noneMatch(party -> isLock(party.wants()));
    return "take these locks in the same order everywhere, or do not call out while one is held; or"
        + (monitors ? " use a ReentrantLock for each and" : "")
        + " take the second with tryLock(time, unit), and give up the first if it fails";
  }

  /** The same whichever thread is looked at first. */
  private Fingerprint fingerprint() {
    Fingerprint fingerprint = new Fingerprint(LeakKind.DEADLOCK);
    deadlock.parties().stream()
        .sorted(Comparator.comparing(DeadlockWriter::key))
        .forEach(
            party ->
                fingerprint
                    .name(party.thread().name())
                    .type(party.wants().type())
                    .stack(party.thread().stack()));
    return fingerprint;
  }

  private static String key(Party party) {
    return new Fingerprint(LeakKind.DEADLOCK)
        .name(party.thread().name())
        .type(party.wants().type())
        .stack(party.thread().stack())
        .plain();
  }
}
