package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.LockProbe;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.OwnThread;
import dev.leakcheck.capture.threads.OwnThreads;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * What the agent's hooks call. It writes down what is made, in the scope that it belongs to as
 * {@link Ownership} says. A worker belongs to the scope that made its executor, whoever's task
 * starts it.
 *
 * <p>Hooks run on any thread, within any code: they take no lock that user code may hold, call no
 * user code and keep weak references only. Thread-safe.
 */
public final class BirthHooks {

  private static final JdkField TIMER_THREAD =
      JdkField.of("java.util.Timer$ThreadReaper", "thread");

  private final JdksOwnLocks jdksOwnLocks = new JdksOwnLocks();

  /** By shutdown hook, the scope that registered it, for when all scopes are closed. */
  private final Map<WeakKey, BirthScope> addedIn = new ConcurrentHashMap<>();

  private final OpenScopes scopes;
  private final Ownership ownership;
  private final TaskHooks tasks;

  BirthHooks(OpenScopes scopes, Ownership ownership) {
    ThreadObjects.task(Thread.currentThread()); // no hook may be the first to need it
    this.scopes = scopes;
    this.ownership = ownership;
    this.tasks = new TaskHooks(scopes, ownership);
  }

  /**
   * Those for tasks.
   *
   * @return always the same
   */
  public TaskHooks tasks() {
    return tasks;
  }

  /**
   * A hook: a thread is about to be started by the current thread.
   *
   * @param thread the thread
   * @param container what the JDK starts it in, such as a thread-per-task executor, or null
   */
  public void starting(Thread thread, @Nullable Object container) {
    if (OwnThreads.has(thread)) {
      return;
    }
    CommonPool.seen(thread);
    ExecutorService executor = executorOf(thread, container);
    if (executor == null) {
      ownership.addRunning((scope, shared) -> birth(thread, null, scope, shared));
    } else if (!CommonPool.is(executor)) {
      OpenScopes.Held held = scopes.held(new Birth.Key(executor));
      addWorker(thread, held);
      if (executor == container) {
        tasks.begun(held, thread);
      }
    }
  }

  private static @Nullable ExecutorService executorOf(Thread thread, @Nullable Object container) {
    if (container instanceof ExecutorService executor) {
      return executor;
    }
    if (thread instanceof ForkJoinWorkerThread worker) {
      return Ask.pool(worker);
    }
    return WorkerExecutors.of(thread);
  }

  /** A worker of an executor that was made in no open scope is nobody's. */
  private void addWorker(Thread thread, OpenScopes.@Nullable Held held) {
    if (held != null && held.birth() instanceof ExecutorBirth birth) {
      BirthScope scope = held.scope();
      birth.works(thread.getName());
      Birth worker = birth(thread, birth, scope, false);
      if (birth.isNobodys()) {
        worker.disown();
      }
      scope.add(worker);
    }
  }

  private Birth birth(
      Thread thread, @Nullable ExecutorBirth executor, BirthScope scope, boolean shared) {
    return new ThreadBirth(thread, scopes.next(), executor, Trace.take(scope, shared, Trace.MOST));
  }

  /**
   * A hook: an executor, a queue or a lock is being made by the current thread. The constructor of
   * its class may not have finished, only that of the JDK's class which it extends.
   *
   * @param object an executor, a blocking queue or a lock
   */
  public void made(Object object) {
    if (LockProbe.isLock(object)) {
      if (!jdksOwnLocks.takesLock()) {
        ownership.add(
            (scope, shared) ->
                new LockBirth(
                    object, scopes.next(), Trace.take(scope, shared, Trace.MOST_OF_LOCKS)));
      }
    } else if (object instanceof BlockingQueue<?> queue && !isPartOfAQueue(queue)) {
      jdksOwnLocks.queueMade(queue);
      ownership.add(
          (scope, shared) ->
              new QueueBirth(queue, scopes.next(), Trace.take(scope, shared, Trace.MOST)));
    } else if (object instanceof ExecutorService executor) {
      ownership.addRunning(
          (scope, shared) -> {
            ExecutorBirth birth =
                new ExecutorBirth(executor, scopes.next(), Trace.take(scope, shared, Trace.ALWAYS));
            scopes.copies().made(executor, birth);
            return birth;
          });
    }
  }

  /** Since Java 25 a hand-off queue has one that holds those who wait, inside. */
  private static boolean isPartOfAQueue(BlockingQueue<?> queue) {
    return queue.getClass().getName().startsWith("java.util.concurrent.SynchronousQueue$");
  }

  /**
   * A hook: the construction of an executor has begun.
   *
   * @param executor the executor, of which nothing but the class can be asked yet
   */
  public void begun(Object executor) {
    jdksOwnLocks.executorBegun(executor);
  }

  /**
   * A hook: somebody tells an executor to stop.
   *
   * @param executor the executor
   */
  public void stopping(Object executor) {
    if (scopes.birth(executor) instanceof ExecutorBirth birth) {
      if (isCleaner(Thread.currentThread())) {
        birth.abandon();
      } else {
        birth.stop();
      }
    }
  }

  /**
   * A hook: a timer's thread is told to end once nothing is scheduled any more.
   *
   * @param reaper what tells it, on behalf of whoever cancels the timer, or of the collector
   */
  public void timerEnding(Object reaper) {
    if (isCleaner(Thread.currentThread())
        && TIMER_THREAD.read(reaper) instanceof Thread thread
        && thread.isAlive() // else a task has ended it
        && scopes.birth(thread) instanceof ThreadBirth birth) {
      birth.forgotten(thread);
    }
  }

  /**
   * The JDK stops a forgotten single-thread executor when it is collected, which is too late.
   * Whoever calls {@code System.runFinalization()} has a thread of its own do what the finalizer's
   * would.
   */
  private static boolean isCleaner(Thread thread) {
    return switch (thread.getName()) {
      case "Common-Cleaner" ->
          thread.getClass().getName().equals("jdk.internal.misc.InnocuousThread");
      case "Finalizer" ->
          thread.getClass().getName().equals("java.lang.ref.Finalizer$FinalizerThread");
      case "Secondary finalizer" ->
          StackWalker.getInstance()
              .walk(
                  frames ->
                      frames.anyMatch(
                          frame -> frame.getClassName().startsWith("java.lang.ref.Finalizer")));
      default -> false; // whoever else has such a name is somebody
    };
  }

  /**
   * A hook: the current thread is about to have something run asynchronously.
   *
   * @param stage the {@code CompletableFuture} that will tell how it ended
   */
  public void madeStage(Object stage) {
    ownership.add(
        (scope, shared) ->
            new StageBirth(stage, scopes.next(), Trace.take(scope, shared, Trace.MOST_OF_TASKS)));
  }

  /**
   * A hook: the current thread has started a process.
   *
   * @param process the process
   */
  public void started(Process process) {
    ProcessHandle handle = process.toHandle();
    ownership.addRunning(
        (scope, shared) ->
            new ProcessBirth(
                process, handle, scopes.next(), Trace.take(scope, shared, Trace.ALWAYS)));
  }

  /**
   * A hook: the current thread has registered a shutdown hook.
   *
   * @param hook the hook
   */
  public void hookAdded(Thread hook) {
    if (hook instanceof OwnThread) {
      return;
    }
    addedIn.keySet().removeIf(known -> known.refersTo(null));
    ownership.addRunning(
        (scope, shared) -> {
          if (!shared && scope.kind() != BirthScope.Kind.FOR_ALL) {
            addedIn.put(new WeakKey(hook), scope);
          }
          return new ShutdownHookBirth(
              hook, scopes.next(), Trace.take(scope, shared, Trace.ALWAYS));
        });
  }

  /**
   * The scope in which a shutdown hook was registered, also when that is closed.
   *
   * @param hook a thread
   * @return the scope's name; null if it was registered in no scope, or for several at once
   */
  public @Nullable String addedIn(Thread hook) {
    BirthScope scope = addedIn.get(new WeakKey(hook));
    return scope == null ? null : scope.name();
  }
}
