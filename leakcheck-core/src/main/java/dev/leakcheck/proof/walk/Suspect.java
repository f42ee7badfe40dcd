package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.HeapThread;
import org.jspecify.annotations.Nullable;

/** A thread of a dump, of which it is found out whether it lives. Not thread-safe. */
final class Suspect {
  final HeapThread thread;
  final long id;
  final String label;
  final Stuck stuck;
  boolean alive;

  /** What was reached that made it live, or negative. */
  int because = -1;

  /** Whether it lives since nobody knows what it waits for. */
  @Nullable String unclear;

  Suspect(HeapThread thread, long id, String label, Stuck stuck) {
    this.thread = thread;
    this.id = id;
    this.label = label;
    this.stuck = stuck;
  }
}
