package dev.leakcheck.proof.heap;

import dev.leakcheck.capture.base.DiagnosticCommand;
import dev.leakcheck.capture.base.Fatal;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.model.Hold;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.walk.Asleep;
import dev.leakcheck.proof.walk.Compiled;
import dev.leakcheck.proof.walk.HoldQuestion;
import dev.leakcheck.proof.walk.Holders;
import dev.leakcheck.proof.walk.Liveness;
import dev.leakcheck.proof.walk.Question;
import dev.leakcheck.proof.walk.Waiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for threads of this JVM whether anybody can ever wake them: dumps the heap, reads the dump
 * and deletes it. What it needs to know besides, in which wait each thread is and which methods are
 * compiled, is asked for before the dump and after it: what changed meanwhile counts as moving.
 * Thread-safe; one at a time.
 */
public final class HeapProof {

  private static final Path TASKS = Path.of("/proc/self/task");

  /** Objects that are asked about, while a dump is taken: so that they can be told in it. */
  @SuppressWarnings("UnusedVariable") // the dump is what reads them
  private static final class Marked {

    /** Those that only a test framework holds. */
    static volatile Object @Nullable [] unused;

    /** The test's own instances. */
    static volatile Object @Nullable [] owners;

    /** An array for each subject. */
    static volatile Object @Nullable [] subjects;

    static void set(Asked asked) {
      unused = asked.unused.toArray();
      owners = asked.owners.toArray();
      subjects = asked.subjects.stream().map(subject -> subject.objects.toArray()).toArray();
    }

    static void clear() {
      unused = null;
      owners = null;
      subjects = null;
    }

    static String field(String name) {
      return Marked.class.getName() + "." + name;
    }
  }

  private final HeapDumper dumper;

  /** With a way to dump. */
  public HeapProof(HeapDumper dumper) {
    this.dumper = dumper;
  }

  /**
   * What is asked.
   *
   * @param threads ids of platform threads of which it is asked who can wake them
   * @param unused objects that a test framework still holds and nobody uses
   * @param owners the test's own instances, which may be held for longer
   * @param subjects what was left, of which it is asked who holds it
   */
  public record Asked(
      Set<Long> threads, Collection<?> unused, Collection<?> owners, List<Subject> subjects) {

    /**
     * Asks of threads alone who can wake them.
     *
     * @param threads their ids
     */
    public Asked(Set<Long> threads) {
      this(threads, List.of(), List.of(), List.of());
    }
  }

  /**
   * What was left.
   *
   * @param objects it, as far as it is known
   * @param inDump what of it is found in the dump
   */
  public record Subject(List<Object> objects, HoldQuestion.Subject inDump) {}

  /**
   * The answers.
   *
   * @param proofs for each thread, by its id
   * @param holds for each subject, in order; null where it is not known
   */
  public record Answers(Map<Long, Proof> proofs, List<@Nullable Hold> holds) {}

  /**
   * Asks. The calling thread must not be interrupted.
   *
   * @param asked what is asked
   * @param live about how much of the heap is used, in bytes
   * @return the answers
   */
  public Answers of(Asked asked, long live) {
    synchronized (HeapProof.class) {
      Marked.set(asked);
      try {
        return ask(asked, live);
      } catch (OutOfMemoryError e) {
        return none(asked, "there is too little memory to read a heap dump");
      } catch (IOException | RuntimeException | Error e) {
        Fatal.rethrow(e);
        String reason = e instanceof IOException ? e.getMessage() : e.toString();
        return none(asked, Printable.escape(String.valueOf(reason)));
      } finally {
        Marked.clear();
      }
    }
  }

  private Answers ask(Asked asked, long live) throws IOException {
    if (DiagnosticCommand.flags().contains(Liveness.HIDES_LISTENERS)) {
      return none(
          asked, "listeners run in a thread that is in no dump, with " + Liveness.HIDES_LISTENERS);
    }
    String print = DiagnosticCommand.threads();
    Asleep asleep = Asleep.now(TASKS, print);
    Moments before = Moments.now(print);
    String compiledBefore = DiagnosticCommand.compiled();
    return dumper.dump(
        live,
        (file, memory) -> {
          Asleep later = Asleep.now(TASKS, print);
          Map<Long, Waiter> waiters =
              before.lasting(DiagnosticCommand::threads, id -> asleep.lasts(later, id));
          Compiled compiled = Compiled.read(compiledBefore, DiagnosticCommand.compiled());
          if (compiled == null) {
            return none(asked, "this JVM does not tell which methods are compiled");
          }
          Question question =
              new Question(
                  Optional.of(waiters),
                  asleep.slept(later),
                  compiled,
                  Jdk.threadId(Thread.currentThread()),
                  Marked.field("unused"),
                  asked.threads,
                  before.names());
          HoldQuestion holds =
              new HoldQuestion(
                  asked.subjects.stream().map(Subject::inDump).toList(),
                  Marked.field("subjects"),
                  Marked.field("owners"),
                  HeapDumper.referenceBytes());
          try (Heap heap = HeapReader.read(file, memory, read -> {})) {
            Map<Long, Proof> proofs =
                asked.threads.isEmpty()
                    ? new HashMap<>()
                    : answers(asked.threads, Liveness.of(heap, question));
            proofs.replaceAll((id, proof) -> asleep.qualify(later, proof));
            return new Answers(proofs, Holders.of(heap, question, holds));
          }
        });
  }

  private static Answers none(Asked asked, String reason) {
    List<@Nullable Hold> holds = new ArrayList<>();
    asked.subjects.forEach(subject -> holds.add(null));
    return new Answers(all(asked.threads, reason), holds);
  }

  private static Map<Long, Proof> answers(Set<Long> threads, Iterable<Liveness.Answer> answers) {
    Map<Long, Proof> proofs =
        all(threads, "it moved, or is in no wait that is known to last until somebody ends it");
    answers.forEach(answer -> proofs.put(answer.id(), answer.proof()));
    return proofs;
  }

  private static Map<Long, Proof> all(Set<Long> threads, String reason) {
    Map<Long, Proof> proofs = new HashMap<>();
    threads.forEach(thread -> proofs.put(thread, new Proof.Unknown(reason)));
    return proofs;
  }
}
