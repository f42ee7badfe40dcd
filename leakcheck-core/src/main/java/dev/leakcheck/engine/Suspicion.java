package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.MakerFinder;
import dev.leakcheck.engine.tier.Newcomers;
import dev.leakcheck.engine.tier.Ours;
import dev.leakcheck.engine.tier.Tier;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Origin;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One check and all that it suspects: {@linkplain Suspects threads} and {@linkplain OpenThings
 * things} that its scope did not open with and that are still there, and {@linkplain Owners whose}
 * they are. Used by one thread.
 */
public final class Suspicion implements Check {

  private final Shared shared;
  private final Scope scope;
  private final boolean fieldsOnly;
  private final boolean atEnd;
  private final Thread checker = Thread.currentThread();
  private final long checkerId = LiveThreads.id(checker);

  /** Read before the wait, which clears the flag while it lasts. */
  private final boolean interrupted = AskThread.isInterrupted(checker);

  private final Tier tier;
  private final Born born;
  private final Ours ours;
  private final Newcomers newcomers;
  private final Owners owners;
  private final Collected collected;
  private final Suspects suspects;
  private final OpenThings open;
  private final Ending ending;

  private @Nullable MakerFinder makers;
  private @Nullable ThreadDump lastDump;
  private Coverage gaps = Coverage.FULL;

  /**
   * A check of a scope.
   *
   * @param fieldsOnly whether only what fields hold is suspected, since other code runs meanwhile
   */
  public Suspicion(Engine engine, Scope scope, boolean fieldsOnly) {
    this(engine, scope, fieldsOnly, false);
  }

  Suspicion(Engine engine, Scope scope, boolean fieldsOnly, boolean atEnd) {
    this.atEnd = atEnd;
    this.shared = engine.shared();
    this.scope = scope;
    this.fieldsOnly = fieldsOnly;
    this.tier = engine.tier();
    this.born = engine.born(scope);
    this.ours = new Ours(shared, scope, checkerId);
    this.newcomers = tier.newcomers(scope, born, ours);
    this.owners = new Owners(this);
    this.collected = new Collected(newcomers);
    this.suspects = new Suspects(this, shared.ledger());
    this.open = new OpenThings(this, shared.ledger(), ours);
    this.ending = new Ending(this);
  }

  /** The check that nearly every test passes; it takes no stack, no dump and no list of threads. */
  boolean nothingMoved() {
    return (fieldsOnly ? scope.options().isBrief() : newcomers.nothing())
        && open.inFields().isEmpty()
        && OlderWorkers.of(this).isEmpty();
  }

  /** Whether what is told is stopped. */
  boolean stops() {
    return atEnd && scope.options().isStopped();
  }

  /** What all scopes have in common. */
  Shared shared() {
    return shared;
  }

  /** Threads that have to end. */
  public Suspects suspects() {
    return suspects;
  }

  /** Executors and queues that have to be stopped or emptied. */
  OpenThings open() {
    return open;
  }

  /** Threads that a scope around this one waits for. */
  Ending ending() {
    return ending;
  }

  /** Whose things are. */
  Owners owners() {
    return owners;
  }

  /** Whose code made things. */
  MakerFinder makers() {
    MakerFinder known = makers == null ? new MakerFinder(scope) : makers;
    makers = known;
    return known;
  }

  /** What was collected so far. */
  Collected collected() {
    return collected;
  }

  /** Notes a dump that lists containers as they are now. */
  void looked(ThreadDump dump) {
    lastDump = dump;
  }

  /** What was {@linkplain #limitedBy noted}. */
  Coverage gaps() {
    return gaps.and(scope.memories().gaps());
  }

  @Override
  public Scope scope() {
    return scope;
  }

  @Override
  public boolean isFieldsOnly() {
    return fieldsOnly;
  }

  @Override
  public long checkerId() {
    return checkerId;
  }

  @Override
  public boolean wasInterrupted() {
    return interrupted;
  }

  @Override
  public Tier tier() {
    return tier;
  }

  @Override
  public Newcomers newcomers() {
    return newcomers;
  }

  @Override
  public Born born() {
    return born;
  }

  @Override
  public Origin madeBy(Origin origin) {
    return makers().find(origin);
  }

  @Override
  public boolean isOurs(long thread) {
    return ours.may(thread) && !ending.has(thread);
  }

  @Override
  public boolean isOurs(String executor) {
    return newcomers.isNew(executor) && ours.may(executor);
  }

  @Override
  public boolean isStopped(long thread, long failure) {
    return shared.ledger().hasStopped(thread, failure);
  }

  @Override
  public Outside outside() {
    return shared.outside();
  }

  @Override
  public boolean isTold(String symptom) {
    return shared.ledger().hasSymptom(symptom, scope);
  }

  @Override
  public boolean isTold(ExecutorService executor) {
    return shared.ledger().hasExecutor(Identity.of(executor), scope);
  }

  @Override
  public boolean isShared(@Nullable Object object) {
    return owners.isShared(object);
  }

  @Override
  public boolean isShared(ProcessHandle process) {
    return owners.isShared(process);
  }

  @Override
  public boolean isOfOthers(Collection<?> objects) {
    return owners.isOfOthers(objects);
  }

  @Override
  public List<Object> ofOthers(Predicate<Class<?>> types) {
    return owners.ofOthers(types);
  }

  @Override
  public boolean isOfExtensions(Collection<?> objects) {
    return owners.isOfExtensions(objects);
  }

  @Override
  public boolean isTold(Thread thread) {
    return shared.ledger().hasThread(LiveThreads.id(thread), scope);
  }

  @Override
  public boolean isLeftAlone(Object executor) {
    return owners.isLeftAlone(executor);
  }

  @Override
  public @Nullable Class<?> keeper(Object executor) {
    return owners.keeper(executor);
  }

  @Override
  public boolean isOfFixture(ShutdownHookBirth hook) {
    return owners.isOfFixture(hook);
  }

  @Override
  public boolean hasThreadsLeft() {
    return suspects.areLeft();
  }

  @Override
  public boolean mayHoldVirtualLocks() {
    return suspects.mayHoldVirtualLocks(null);
  }

  @Override
  public boolean collect() {
    return collected.collect();
  }

  @Override
  public @Nullable ThreadDump lastDump() {
    return lastDump;
  }

  @Override
  public ThreadDumper dumper() {
    return shared.dumper();
  }

  @Override
  public void limitedBy(Coverage limit) {
    gaps = gaps.and(limit);
  }
}
