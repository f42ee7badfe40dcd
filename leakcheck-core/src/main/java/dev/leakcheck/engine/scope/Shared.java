package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.objects.ClassConstants;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.threads.ThreadCounter;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What all scopes of a JVM have in common. Thread-safe. */
public final class Shared {

  private final ThreadCounter counter = ThreadCounter.jvm();
  private final Births births = Births.jvm();
  private final Ledger ledger = new Ledger();
  private final ToldTasks toldTasks = new ToldTasks();
  private final Outside outside = new Outside();
  private final Entrusted entrusted = new Entrusted();
  private final Tracked tracked = new Tracked();
  private final Chains chains = new Chains();
  private final KnownWays knownWays = new KnownWays();
  private final TestTimes testTimes = new TestTimes();
  private final ClassConstants constants = new ClassConstants();
  private final Set<String> fieldsForAll = ConcurrentHashMap.newKeySet();
  private final AtomicLong checkingNanos = new AtomicLong();
  private final ThreadDumper dumper;
  private volatile @Nullable Reading withoutTimers;
  private volatile long lastDumpNanos;
  private volatile long lastGatheringNanos;
  private volatile long lastWalkNanos;

  /** Of scopes that look at the JVM through one dumper. */
  public Shared(ThreadDumper dumper) {
    this.dumper = dumper;
  }

  /** Which of their threads a dump lists is for the caller to say; what it cost is remembered. */
  public ThreadDump dump(LongPredicate wanted) {
    ThreadDump dump = dumper.take(wanted);
    lastDumpNanos = dump.nanos();
    return dump;
  }

  /** What a look instead of a dump cost. */
  public void tookNanos(long nanos) {
    lastDumpNanos = nanos;
  }

  /** What the last dump cost, in nanoseconds. */
  public long lastDumpNanos() {
    return lastDumpNanos;
  }

  /** Evidence was gathered for so long, in nanoseconds. */
  public void gatheredFor(long nanos) {
    lastGatheringNanos = nanos;
  }

  /** For how long evidence was gathered the last time, in nanoseconds. */
  public long lastGatheringNanos() {
    return lastGatheringNanos;
  }

  /** What others' objects lead to was looked for so long, in nanoseconds. */
  public void walkedFor(long nanos) {
    lastWalkNanos = nanos;
  }

  /** For how long that was looked for the last time, in nanoseconds. */
  public long lastWalkNanos() {
    return lastWalkNanos;
  }

  /** A scope was checked. */
  public void checkedFor(long nanos) {
    checkingNanos.addAndGet(nanos);
  }

  /** A clock that stands still while scopes are checked, in nanoseconds. */
  public long nanosWithoutChecks() {
    return System.nanoTime() - checkingNanos.get();
  }

  /** Tells whether any thread was created. */
  public ThreadCounter counter() {
    return counter;
  }

  /** Takes thread dumps. */
  public ThreadDumper dumper() {
    return dumper;
  }

  /** What an agent records, if there is one. */
  public Births births() {
    return births;
  }

  /** What was reported. */
  public Ledger ledger() {
    return ledger;
  }

  /** Tasks that were reported. */
  public ToldTasks toldTasks() {
    return toldTasks;
  }

  /** What scopes left to those around them. */
  public Entrusted entrusted() {
    return entrusted;
  }

  /** What was made on purpose outside every scope. */
  public Outside outside() {
    return outside;
  }

  /** What classes of the program keep for as long as they are there. */
  public ClassConstants constants() {
    return constants;
  }

  /** Chains of threads that were told. */
  public Chains chains() {
    return chains;
  }

  /** How others' objects led to threads. */
  public KnownWays knownWays() {
    return knownWays;
  }

  /** When tests ran. */
  public TestTimes testTimes() {
    return testTimes;
  }

  /**
   * The static fields, by class and name, that were seen to hold an executor which lives as long as
   * the class: that of its initialiser, or one in its place.
   */
  public Set<String> fieldsForAll() {
    return fieldsForAll;
  }

  /** What the user told of. */
  public Tracked tracked() {
    return tracked;
  }

  /** Whether no timer's thread can live at a reading, as none did when that was last looked for. */
  boolean isWithoutTimers(Reading now) {
    Reading known = withoutTimers;
    return known != null && known.lastId() >= 0 && known.sameAs(now);
  }

  /** After a reading no timer's thread was found. */
  void withoutTimers(Reading before) {
    withoutTimers = before;
  }
}
