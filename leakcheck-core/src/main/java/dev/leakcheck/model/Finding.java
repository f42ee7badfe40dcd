package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cause, with what it left behind.
 *
 * @param kind what sort of leak it is
 * @param title what was left, in one line
 * @param facts the evidence, most telling first
 * @param fix what to do about it
 * @param threads the threads that it explains; may be empty
 * @param executors the executors that it explains; may be empty
 * @param queue the queue that it explains, or null
 * @param origin where it was created, or why that is not known
 * @param fingerprint stable id of the cause: the same in every run, whatever ids, addresses and
 *     line numbers there are; where an agent recorded who created it, that is part of it
 * @param plainFingerprint what the fingerprint is in a run without an agent; the same where nothing
 *     of the creation is part of it
 * @param proof whether anybody alive can ever wake its threads, or null if that was not asked; told
 *     as a fact too
 * @param hold who keeps alive what was left, and what that keeps alive, or null if that was not
 *     asked; told as facts too
 * @param afterwards what was done about it once it was told, or null if nothing was; told as a fact
 *     too
 */
public record Finding(
    Kind kind,
    String title,
    List<Fact> facts,
    String fix,
    List<ThreadRecord> threads,
    List<ExecutorRecord> executors,
    @Nullable QueueRecord queue,
    Origin origin,
    String fingerprint,
    String plainFingerprint,
    @Nullable Proof proof,
    @Nullable Hold hold,
    @Nullable Afterwards afterwards) {

  /**
   * A finding of which no heap dump was asked.
   *
   * @param kind what sort of leak it is
   * @param title what was left, in one line
   * @param facts the evidence, most telling first
   * @param fix what to do about it
   * @param threads the threads that it explains
   * @param executors the executors that it explains
   * @param queue the queue that it explains, or null
   * @param origin where it was created, or why that is not known
   * @param fingerprint stable id of the cause
   * @param plainFingerprint what the fingerprint is in a run without an agent
   */
  public Finding(
      Kind kind,
      String title,
      List<Fact> facts,
      String fix,
      List<ThreadRecord> threads,
      List<ExecutorRecord> executors,
      @Nullable QueueRecord queue,
      Origin origin,
      String fingerprint,
      String plainFingerprint) {
    this(
        kind,
        title,
        facts,
        fix,
        threads,
        executors,
        queue,
        origin,
        fingerprint,
        plainFingerprint,
        null,
        null,
        null);
  }

  /**
   * A finding whose fingerprint is the same with and without an agent.
   *
   * @param kind what sort of leak it is
   * @param title what was left, in one line
   * @param facts the evidence, most telling first
   * @param fix what to do about it
   * @param threads the threads that it explains
   * @param executors the executors that it explains
   * @param queue the queue that it explains, or null
   * @param origin where it was created, or why that is not known
   * @param fingerprint stable id of the cause
   */
  public Finding(
      Kind kind,
      String title,
      List<Fact> facts,
      String fix,
      List<ThreadRecord> threads,
      List<ExecutorRecord> executors,
      @Nullable QueueRecord queue,
      Origin origin,
      String fingerprint) {
    this(kind, title, facts, fix, threads, executors, queue, origin, fingerprint, fingerprint);
  }

  /** Copies the lists. */
  public Finding {
    facts = List.copyOf(facts);
    threads = List.copyOf(threads);
    executors = List.copyOf(executors);
  }

  /**
   * The same finding under another id.
   *
   * @param exact stable id of the cause
   * @param plain what that is in a run without an agent
   * @return a copy
   */
  public Finding withFingerprints(String exact, String plain) {
    return new Finding(
        kind,
        title,
        facts,
        fix,
        threads,
        executors,
        queue,
        origin,
        exact,
        plain,
        proof,
        hold,
        afterwards);
  }

  /**
   * The same finding, of which it was asked whether anybody can wake its threads.
   *
   * @param answer the answer, which becomes its last fact. Where threads wait for each other, that
   *     is drawn before it, unless the finding draws it itself.
   * @return a copy
   */
  public Finding withProof(Proof answer) {
    Finding drawn =
        answer instanceof Proof.Proved proved
                && !proved.circle().isEmpty()
                && fact(Proof.CIRCLE).isEmpty()
            ? with(answer, hold, Proof.CIRCLE, proved.circle())
            : this;
    String words = answer instanceof Proof.Proved ? title : unsaidForEver();
    return drawn
        .copy(words, drawn.facts, drawn.proof, hold, afterwards)
        .with(answer, hold, Proof.FACT, answer.lines());
  }

  /** The title of threads that somebody may wake after all, or of which that is not known. */
  private String unsaidForEver() {
    boolean said =
        facts.stream().anyMatch(fact -> fact.lines().equals(List.of(Proof.NOBODY_KNOWN)));
    int at = title.lastIndexOf(Proof.FOR_EVER); // a thread's name comes before
    return said && at >= 0
        ? title.substring(0, at) + "blocked" + title.substring(at + Proof.FOR_EVER.length())
        : title;
  }

  /**
   * The same finding, of which it was asked who keeps alive what was left.
   *
   * @param answer the answer, which becomes its last facts. Of a thread of which it is told who may
   *     wake it, or that nobody can, only what it keeps alive is told.
   * @return a copy
   */
  public Finding withHold(Hold answer) {
    boolean told =
        executors.isEmpty()
            && queue == null
            && (proof instanceof Proof.Proved || proof instanceof Proof.Reachable);
    return with(proof, answer, Hold.KEPT_BY, told ? List.of() : answer.keptBy())
        .with(proof, answer, Hold.KEEPS, answer.keeps());
  }

  /**
   * The same finding with one more fact.
   *
   * @param fact the fact, which becomes the last
   * @return a copy
   */
  public Finding with(Fact fact) {
    return with(proof, hold, fact.key(), fact.lines());
  }

  /**
   * The same finding, once something was done about it.
   *
   * @param done what was done, which becomes its last fact
   * @return a copy
   */
  public Finding withAfterwards(Afterwards done) {
    return copy(title, with(proof, hold, Afterwards.FACT, done.lines()).facts, proof, hold, done);
  }

  private Finding with(
      @Nullable Proof proved, @Nullable Hold held, String key, List<String> lines) {
    List<Fact> more = new ArrayList<>();
    for (Fact fact : facts) {
      boolean disproved = proved instanceof Proof.Proved && isGuess(fact);
      if (!fact.key().equals(key) && !disproved) {
        more.add(
            proved != null && fact.lines().equals(List.of(Proof.NOBODY_KNOWN))
                ? Fact.of(fact.key(), proved.why())
                : fact);
      }
    }
    if (!lines.isEmpty()) {
      more.add(new Fact(key, lines));
    }
    return copy(title, more, proved, held, afterwards);
  }

  /** Of somebody who might wake a thread. */
  private static boolean isGuess(Fact fact) {
    return fact.lines().get(0).startsWith(Proof.GUESS);
  }

  private Finding copy(
      String words,
      List<Fact> told,
      @Nullable Proof proved,
      @Nullable Hold held,
      @Nullable Afterwards done) {
    return new Finding(
        kind,
        words,
        told,
        held == null ? fix : held.owned(fix, !origin.equals(Origin.Unknown.NOT_RECORDED)),
        threads,
        executors,
        queue,
        origin,
        fingerprint,
        plainFingerprint,
        proved,
        held,
        done);
  }

  /**
   * The fact with a key.
   *
   * @param key the key
   * @return its lines joined by line breaks, or empty if there is no such fact
   */
  public Optional<String> fact(String key) {
    return facts.stream()
        .filter(fact -> fact.key().equals(key))
        .findFirst()
        .map(fact -> String.join("\n", fact.lines()));
  }
}
