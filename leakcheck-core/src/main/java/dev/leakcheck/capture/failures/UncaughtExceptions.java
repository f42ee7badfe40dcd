package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.Births;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's default handler of uncaught exceptions, where nobody has set one and as long as a scope
 * is open: notes the exception and prints it as the JDK does in its absence. Whoever has set a
 * default handler, a thread's own or a thread group's sees the exceptions, and nothing is noted;
 * also if theirs passes them on to this one.
 *
 * <p>Another class loader may have a copy of this class, which has set its handler. All copies
 * share a list, of which the JDK's classes alone are known to each: the one that is set tells the
 * others of each exception, and puts one of them in its place when it goes. So each sees all, and
 * none keeps the class loader of one that went before it. Thread-safe.
 */
public final class UncaughtExceptions
    implements UncaughtExceptionHandler,
        BiConsumer<Thread, Throwable>,
        Supplier<List<UncaughtExceptionHandler>> {

  private static final UncaughtExceptions JVM = new UncaughtExceptions();

  /** Since then the JDK prints a {@code ThreadDeath} like any other exception. */
  private static final int PRINTS_THREAD_DEATH = 20;

  private int watches; // guarded by this

  /** The copies that see exceptions; empty where none is open. Changed under its own lock. */
  private volatile List<UncaughtExceptionHandler> copies = new CopyOnWriteArrayList<>();

  /** A time in which exceptions are noted. */
  public interface Watch {
    /** Ends it. A second call does nothing. */
    void end();
  }

  private UncaughtExceptions() {}

  /**
   * Sets the handler if there is none.
   *
   * @return to be ended with the scope
   */
  public static Watch watch() {
    JVM.begin();
    AtomicBoolean ended = new AtomicBoolean();
    return () -> {
      if (ended.compareAndSet(false, true)) {
        JVM.end();
      }
    };
  }

  private synchronized void begin() {
    watches++;
    UncaughtExceptionHandler set = Thread.getDefaultUncaughtExceptionHandler();
    if (copies.contains(set) && copies.contains(this)) {
      return;
    }
    try {
      if (set == null || set == this) {
        setFirst(set);
      } else {
        join(set, sharedBy(set));
      }
    } catch (SecurityException refused) {
      return; // a security manager knows why
    }
  }

  private void setFirst(@Nullable UncaughtExceptionHandler set) {
    List<UncaughtExceptionHandler> all = copies;
    synchronized (all) {
      if (set == null) {
        Thread.setDefaultUncaughtExceptionHandler(this);
      }
      if (!all.contains(this)) {
        all.add(this);
      }
    }
  }

  private void join(UncaughtExceptionHandler set, @Nullable List<UncaughtExceptionHandler> theirs) {
    if (theirs == null) {
      return; // somebody else's
    }
    leave();
    synchronized (theirs) {
      if (Thread.getDefaultUncaughtExceptionHandler() == set) {
        theirs.add(this);
        copies = theirs;
      }
    }
  }

  private synchronized void end() {
    watches--;
    if (watches == 0) {
      try {
        leave();
      } catch (SecurityException refused) {
        return; // then it stays, and notes nothing
      }
    }
  }

  /** Whoever of the others is left takes its place. */
  private void leave() {
    List<UncaughtExceptionHandler> all = copies;
    copies = new CopyOnWriteArrayList<>();
    synchronized (all) {
      all.remove(this);
      if (Thread.getDefaultUncaughtExceptionHandler() == this) {
        Thread.setDefaultUncaughtExceptionHandler(all.isEmpty() ? null : all.get(0));
      }
    }
  }

  /** What a copy of this class, in another class loader, shares with all others. */
  @SuppressWarnings("unchecked") // as it has the name of this class
  private static @Nullable List<UncaughtExceptionHandler> sharedBy(UncaughtExceptionHandler set) {
    return set.getClass().getName().equals(UncaughtExceptions.class.getName())
            && set instanceof Supplier<?> copy
        ? (List<UncaughtExceptionHandler>) copy.get()
        : null;
  }

  @Override
  public List<UncaughtExceptionHandler> get() {
    return copies;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable exception) {
    for (UncaughtExceptionHandler copy : copies) {
      tell(copy, thread, exception);
    }
    if (!Failure.isThreadDeath(exception) || Jdk.FEATURE >= PRINTS_THREAD_DEATH) {
      System.err.print("Exception in thread \"" + thread.getName() + "\" ");
      exception.printStackTrace(System.err);
    }
  }

  @SuppressWarnings("unchecked") // as this class is, whichever loader has it
  private static void tell(UncaughtExceptionHandler copy, Thread thread, Throwable exception) {
    if (copy instanceof BiConsumer<?, ?> noting) {
      ((BiConsumer<Thread, Throwable>) noting).accept(thread, exception);
    }
  }

  /** Notes an exception, if nobody else sees it. */
  @Override
  public void accept(Thread thread, Throwable exception) {
    try {
      note(thread, exception);
    } catch (Throwable e) {
      // The exception may throw when it is asked for its message. It is printed all the same.
    }
  }

  private void note(Thread thread, Throwable exception) {
    if (thread == Thread.currentThread()
        && copies.contains(Thread.getDefaultUncaughtExceptionHandler())
        && !hasOwnHandler(thread)
        && !Failure.isAskedFor(exception)) {
      Failures.jvm()
          .add(
              isDying() ? Failure.How.DIED : Failure.How.HANDED,
              exception,
              Births.jvm().owner(thread));
    }
  }

  private static boolean hasOwnHandler(Thread thread) {
    UncaughtExceptionHandler handler = AskThread.handler(thread);
    if (!(handler instanceof ThreadGroup innermost)) {
      return true;
    }
    for (ThreadGroup group = innermost; group != null; group = parent(group)) {
      if (group.getClass() != ThreadGroup.class && overrides(group.getClass())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable ThreadGroup parent(ThreadGroup group) {
    try {
      return group.getParent();
    } catch (SecurityException refused) {
      return null;
    }
  }

  private static boolean overrides(Class<?> group) {
    try {
      return group.getMethod("uncaughtException", Thread.class, Throwable.class).getDeclaringClass()
          != ThreadGroup.class;
    } catch (NoSuchMethodException e) {
      throw new LinkageError("every thread group has it", e);
    }
  }

  /** The JVM itself asks for the handler once the thread's body has returned. */
  private static boolean isDying() {
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (frame.getMethodName().equals("dispatchUncaughtException")
          && frame.getClassName().equals("java.lang.Thread")) {
        return true;
      }
    }
    return false;
  }
}
