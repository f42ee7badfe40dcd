package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.failures.Failure;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.AnyTaskBirth;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.LockBirth;
import dev.leakcheck.capture.record.Owner;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.record.ProcessBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownOrigin;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an agent saw being made in a scope and may still be there, without what a rule knows by the
 * stack that made it; nothing where there is no agent, and of a partial one as much as it records.
 * Looks anew on every call. Used by one thread.
 */
public final class Born {

  private final Births births;
  private final Scope scope;
  private final @Nullable BirthScope record;
  private final Makers makers;
  private final Gathered gathered = new Gathered();

  Born(Births births, Set<String> fieldsForAll, Scope scope) {
    this.births = births;
    this.scope = scope;
    this.record = scope.births();
    this.makers = new Makers(births, fieldsForAll, scope);
  }

  /** Whether nothing is left, rules apart. Costs as much as was made in the scope and is there. */
  boolean isEmpty() {
    return in(Birth.class, Born::isLeft).isEmpty();
  }

  private <B extends Birth> List<B> in(Class<B> type, Predicate<B> wanted) {
    if (record == null) {
      return List.of();
    }
    return births.in(
        record, type, scope.options().isUnattributed() ? wanted.and(Born::isShared) : wanted);
  }

  private static boolean isShared(Birth birth) {
    return birth.origin() instanceof Origin.Known known && known.shared();
  }

  private static boolean isLeft(Birth birth) {
    if (birth instanceof ThreadBirth thread) {
      return thread.alive() != null || thread.forgottenTimer() != null;
    }
    if (birth instanceof ExecutorBirth executor) {
      return executor.isOpen();
    }
    return birth instanceof QueueBirth queue && queue.isFilled();
  }

  /** Executors, queues and timers that are open, filled or forgotten, rules apart. */
  public List<Birth> open() {
    return in(
        Birth.class,
        birth -> isLeft(birth) && !(birth instanceof ThreadBirth thread && thread.alive() != null));
  }

  /** Threads of timers that nobody cancelled, and that have ended as these were collected. */
  public List<ThreadBirth> forgottenTimers() {
    return in(ThreadBirth.class, birth -> birth.forgottenTimer() != null && !makers.isKnown(birth));
  }

  /** Live threads, platform and virtual, rules apart: no stack is decoded. */
  public List<Thread> alive() {
    return threads(birth -> true);
  }

  /** Live threads, platform and virtual. */
  public List<Thread> threads() {
    return threads(birth -> !makers.isKnown(birth) || worksForSomebody(birth));
  }

  /**
   * Live threads, and executors that are open, that are left alone whoever looks, by the rules
   * about what made them.
   */
  public List<Birth> mentioned() {
    return in(
        Birth.class,
        birth ->
            birth instanceof ThreadBirth thread
                ? thread.alive() != null && makers.isKnown(birth) && !worksForSomebody(thread)
                : birth instanceof ExecutorBirth executor
                    && executor.isOpen()
                    && makers.isKnown(birth));
  }

  /** Whoever made a shared worker: whom it works for may be somebody's. */
  private static boolean worksForSomebody(ThreadBirth birth) {
    Thread thread = birth.alive();
    return thread != null
        && KnownThreads.isNamedAsWorker(thread.getName())
        && LiveThreads.describe(List.of(thread)).stream().anyMatch(KnownThreads::worksForSomebody);
  }

  private List<Thread> threads(Predicate<ThreadBirth> wanted) {
    List<Thread> threads = new ArrayList<>();
    for (ThreadBirth birth : in(ThreadBirth.class, birth -> birth.alive() != null)) {
      if (birth.get() instanceof Thread thread && wanted.test(birth)) { // it may have ended again
        threads.add(thread);
        gathered.add(LiveThreads.id(thread), birth);
      }
    }
    return threads;
  }

  /** Executors, stopped or not. */
  public List<ExecutorBirth> executors() {
    return in(
        ExecutorBirth.class,
        birth -> (birth.executor() != null || birth.isAbandoned()) && !makers.isKnown(birth));
  }

  /** The same, and those that are left alone by the rules about what made them. */
  public List<ExecutorBirth> allExecutors() {
    return in(ExecutorBirth.class, birth -> birth.executor() != null);
  }

  /**
   * Whether the JDK or a library made an executor for itself, which tells nothing unless it has
   * threads.
   */
  public boolean isForItself(ExecutorBirth executor) {
    return makers.isForItself(executor)
        || makers.isIdle(
            executor, () -> in(Birth.class, birth -> isLeft(birth) && !makers.isKnown(birth)));
  }

  /** Queues that hold something. */
  public List<QueueBirth> filledQueues() {
    return in(
        QueueBirth.class,
        birth -> birth.isFilled() && !Makers.isJdksOwn(birth) && !makers.isKnown(birth));
  }

  /**
   * Whether a library made a queue for itself and nobody else has it, or made a thread or an
   * executor beside it that was left as well: what is in the queue is the library's business, such
   * as what a pool has to give.
   */
  public boolean isLibrarys(QueueBirth queue) {
    return makers.isLibrarysOwn(queue)
        || !in(
                Birth.class,
                birth ->
                    !(birth instanceof QueueBirth)
                        && isLeft(birth)
                        && !makers.isKnown(birth)
                        && makers.areOfOneLibrary(queue, birth))
            .isEmpty();
  }

  /** All queues, filled or not. */
  public List<QueueBirth> queues() {
    return in(QueueBirth.class, birth -> !birth.refersTo(null));
  }

  /** Processes that run. */
  public List<ProcessBirth> processes() {
    return in(ProcessBirth.class, birth -> birth.isAlive() && !makers.isKnown(birth));
  }

  /** Whether a process was started in the scope and a rule knows by what. */
  public boolean isKnown(ProcessHandle process) {
    return !in(ProcessBirth.class, birth -> birth.handle().equals(process) && makers.isKnown(birth))
        .isEmpty();
  }

  /** Shutdown hooks that are registered. */
  public List<ShutdownHookBirth> shutdownHooks() {
    return in(
        ShutdownHookBirth.class,
        birth ->
            birth.registered() != null && !Makers.isHookOfTheJdk(birth) && !makers.isKnown(birth));
  }

  /** Whether it is recorded who makes future tasks. */
  public boolean tellsTasks() {
    return record != null && births.records(Part.FAILED_TASKS);
  }

  /**
   * Tasks that threads of the scope's own made, or gave to older executors and timers, or that such
   * tasks gave to what ran them, and that are neither done nor cancelled.
   */
  public <B extends AnyTaskBirth> List<B> tasks(Class<B> type) {
    return in(type, birth -> birth.isLeft() && isAnybodys(birth.given()));
  }

  /** Evidence is gathered of what is there now. */
  public void gather() {
    gathered.begin(births.last());
  }

  /** Notes what a person is told of as a leak. */
  public void report(List<Finding> findings) {
    Set<String> executors = new HashSet<>();
    for (Finding finding : findings) {
      finding.threads().forEach(thread -> gathered.report(thread.id()));
      finding.executors().forEach(executor -> executors.add(executor.id()));
    }
    in(ExecutorBirth.class, birth -> executors.contains(birth.identity()))
        .forEach(gathered::report);
  }

  boolean has(Thread thread) {
    return record != null && births.isIn(thread, record);
  }

  /** Whether an executor was made in the scope, whosever it is. */
  boolean hasMade(ExecutorService executor) {
    return record != null && births.isIn(executor, record);
  }

  /** Whether a thread was made for a scope that is neither this one nor around it nor inside. */
  public boolean isBeside(Thread thread) {
    return record != null && births.isBeside(thread, record);
  }

  boolean hasExecutor(String identity) {
    return !in(
            ExecutorBirth.class,
            birth -> birth.identity().equals(identity) && !makers.isKnown(birth))
        .isEmpty();
  }

  /** Whether code of other scopes ran at the same time as the scope's. */
  public boolean isOverlapped() {
    return record != null && births.isOverlapped(record);
  }

  /**
   * Whether nobody but the scope's own thread can have done anything for it. Who gives tasks to the
   * common pool is not recorded: beside other scopes that tells nothing.
   */
  boolean isAlone() {
    return record != null
        && !record.isHelped()
        && (isOverlapped() || !scope.baseline().others().hasCommonPoolWorked());
  }

  /** Whether a queue is known to be made elsewhere than in the scope. */
  public boolean isMadeElsewhere(BlockingQueue<?> queue) {
    return record != null && births.records(Part.QUEUES) && !births.isIn(queue, record);
  }

  /** No scope answers for a queue that goes away with this one. */
  public void disown(BlockingQueue<?> queue) {
    Birth birth = births.of(queue);
    if (birth != null) {
      birth.disown();
    }
  }

  /**
   * Whether the scope answers for what became of something that was made in it. A class's own
   * initializer is its scope's; others' and a test runner's are nobody's.
   */
  public boolean answersFor(Owner owner) {
    return record != null && births.answers(owner, record) && isAnybodys(owner.origin());
  }

  private boolean isAnybodys(Origin made) {
    if (!(made instanceof Origin.Known known)) {
      return !scope.options().isUnattributed();
    }
    if (scope.options().isUnattributed() && !known.shared()) {
      return false;
    }
    Optional<StackTraceElement> initializer = KnownOrigin.classInitializer(known.stack());
    if (initializer.isPresent() && scope.watchesStatics(initializer.get().getClassName())) {
      return true;
    }
    return KnownOrigin.match(known.stack()).isEmpty()
        && known.stack().stream()
            .filter(frame -> !Stacks.isJdk(frame))
            .findFirst()
            .filter(Stacks::isTestRunner)
            .isEmpty();
  }

  /** How an object was made, if that was recorded. */
  public Optional<Birth> birth(Object object) {
    return record == null ? Optional.empty() : Optional.ofNullable(births.of(object));
  }

  /** Whether a thread made something that is older than the scope, and not the test's own. */
  public boolean isMadeByOlder(Birth birth) {
    return record != null && Births.isMadeByOlder(birth, record);
  }

  /** Whether something was made since the scope was opened, by whoever it was. */
  public boolean isLater(Object object) {
    return record != null && births.isLater(object, record);
  }

  /** Where an object was made. */
  public Optional<Origin> origin(Object object) {
    if (record == null) {
      return Optional.empty(); // others may have it recorded
    }
    Birth birth = births.of(object);
    return birth == null ? Optional.empty() : Optional.of(birth.origin());
  }

  /** The executor that a thread works for, if that was made in a scope too. */
  public Optional<ExecutorBirth> executorOf(Thread thread) {
    if (record == null) {
      return Optional.empty();
    }
    return births.of(thread) instanceof ThreadBirth birth
        ? Optional.ofNullable(birth.executor())
        : Optional.empty();
  }

  /** Sentences about what belongs to a class and is left alone. */
  public List<String> statics() {
    return makers.statics();
  }

  /**
   * Whether a task is a library's alone, and nobody else could have seen that it failed. It is
   * mentioned.
   */
  public boolean isLibrarys(Failure failure) {
    Class<?> code = new LibrarysTasks(scope).code(failure);
    if (code != null) {
      makers.mention(
          "task of "
              + StaticFields.source(code)
              + " that failed with "
              + failure.thrown().get(0).type());
    }
    return code != null;
  }

  /** Whether a library made a lock that nobody else can lock. */
  public boolean isLibrarys(LockBirth lock) {
    return makers.isLibrarysOwn(lock);
  }

  /** Locks that somebody holds, but for those that the JDK works with itself. */
  public List<LockBirth> heldLocks() {
    return in(
        LockBirth.class,
        birth -> birth.isHeld() && !Makers.isJdksOwn(birth) && !makers.isOfOuter(birth));
  }
}
