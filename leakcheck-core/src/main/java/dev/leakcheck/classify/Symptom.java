package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.lang.ref.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong in a scope and is not simply a thread, an executor or a queue that is
 * left. Immutable; holds no object of the user's but weakly.
 */
public interface Symptom {

  /**
   * What tells it from other symptoms in this JVM, so that it is reported once.
   *
   * @return a short text that begins with the kind's id; it may hold ids and hash codes
   */
  String identity();

  /**
   * What tells a child process that was left from others.
   *
   * @param pid its process id
   * @param started when it was started, or null if that is not known
   * @return its identity
   */
  static String identityOf(long pid, @Nullable Instant started) {
    return LeakKind.CHILD_PROCESS.id() + " " + pid + " " + started;
  }

  /**
   * What tells its parts from others, where another scope may come upon some of them only.
   *
   * @return texts such as {@link #identity()}
   */
  default Set<String> identities() {
    return Set.of(identity());
  }

  /**
   * What its threads do that is told by this, though what they do next may be told for itself.
   *
   * @return texts of {@link SharedWorkerSymptom#busy}
   */
  default Set<String> busy() {
    return Set.of();
  }

  /**
   * Explains it.
   *
   * @param evidence all that is known besides
   * @return the finding
   */
  Finding explain(Evidence evidence);

  /**
   * The object that it is about, to ask a heap dump who holds it.
   *
   * @return a weak reference, or null if it is about none
   */
  default @Nullable Reference<?> subject() {
    return null;
  }

  /**
   * The finding of a symptom, which has neither executors nor a queue.
   *
   * @param kind its kind
   * @param title what is wrong
   * @param facts what is known of it
   * @param fix how to mend it
   * @param threads the threads that it explains; may be empty
   * @param origin where it was made
   * @param fingerprint what tells it from others in every run
   * @return the finding
   */
  static Finding finding(
      Kind kind,
      String title,
      List<Fact> facts,
      String fix,
      List<ThreadRecord> threads,
      Origin origin,
      Fingerprint fingerprint) {
    return new Finding(
        kind,
        title,
        facts,
        fix,
        threads,
        List.of(),
        null,
        origin,
        fingerprint.exact(),
        fingerprint.plain());
  }

  /**
   * The threads whose being left this explains: they are not told again as stray.
   *
   * @return thread ids
   */
  default Set<Long> threads() {
    return Set.of();
  }

  /**
   * What it tells of that a thread may still be in when its executor is shut down: that thread is
   * not told again.
   *
   * @return the tasks
   */
  default List<Run> runs() {
    return List.of();
  }

  /** A task that was told. Holds no object of the user's but weakly; thread-safe. */
  interface Run {

    /**
     * Whether no thread is in it, and none will be.
     *
     * @return true if it need not be known any more
     */
    boolean isOver();

    /**
     * The thread that is in it though what it worked for was told to stop.
     *
     * @return the thread, or null if there is none, or that can't be told
     */
    @Nullable Thread kept();
  }

  /**
   * Threads that go on as soon as this is mended: they are named with it, and not told as stray.
   * What else they are part of, such as an executor, is.
   *
   * @return thread ids
   */
  default Set<Long> heldUp() {
    return Set.of();
  }

  /**
   * A thing that is left and that its owner could have ended, with whatever else the owner has.
   *
   * @param noun what it is, such as {@code shutdown hook}
   * @param name which it is
   * @param origin where it was made
   */
  record Part(String noun, String name, Origin origin) {}

  /**
   * What is left of it that its owner could have ended.
   *
   * @return null if it is no such thing
   */
  default @Nullable Part part() {
    return null;
  }

  /**
   * What still runs, where it is not known who had it run: the classes with whose code each of it
   * began.
   *
   * @return class names; none if there is no such thing, or it is not known of all of it
   */
  default Set<String> begunWith() {
    return Set.of();
  }

  /**
   * Whether it may pass by itself, so that the check waits for it.
   *
   * @return false if no wait can change it
   */
  default boolean mayPass() {
    return false;
  }
}
