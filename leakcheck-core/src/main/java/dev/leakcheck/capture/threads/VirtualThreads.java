package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The live virtual threads, from the JDK's own registry, {@code jdk.internal.vm.ThreadContainers}.
 * That takes a hundredth of the time of a thread dump, and it can be read once the agent has
 * exported the package. Thread-safe.
 */
public final class VirtualThreads {

  /** Class name of a virtual thread. */
  static final String TYPE = "java.lang.VirtualThread";

  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  private static final String PACKAGE = "jdk.internal.vm";

  /** More than anybody has; a registry that never ends must not hang a test. */
  private static final int MAX_CONTAINERS = 100_000;

  private static final int MAX_LOOKS = 3;

  private static volatile @Nullable Registry registry;
  private static volatile boolean missing = !Jdk.HAS_CONTAINERS;

  private record Registry(
      Method root, Method container, Method tracksAll, Method threads, Method children) {}

  private VirtualThreads() {}

  /**
   * Whether the registry can be read.
   *
   * @return true on Java 21 and later, once the agent is in place
   */
  public static boolean available() {
    return registry() != null;
  }

  /**
   * Whether the JDK lists the virtual threads that were started directly.
   *
   * @return false with {@code -Djdk.trackAllThreads=false}, or if that can't be told
   */
  public static boolean tracksAll() {
    Registry open = registry();
    try {
      return open != null && Boolean.TRUE.equals(open.tracksAll.invoke(null));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return false;
    }
  }

  /**
   * Whether a thread is there to carry virtual threads.
   *
   * @param thread a platform thread
   * @return true if it is one of the JDK's scheduler
   */
  public static boolean isCarrier(Thread thread) {
    return thread.getClass().getName().equals(CARRIER);
  }

  /**
   * All live virtual threads.
   *
   * @return the threads, in no particular order; empty if they can't be told
   */
  public static Optional<List<Thread>> all() {
    return all((container, threads) -> {});
  }

  /** Receives the containers of threads, the root among them, and how many threads each has. */
  interface Containers {
    void add(Object container, int threads);
  }

  /** The same, with the containers that the threads are in and those without any thread. */
  static Optional<List<Thread>> all(Containers containers) {
    Registry open = registry();
    if (open == null || !tracksAll()) {
      return Optional.empty();
    }
    try {
      return Optional.of(walk(open, containers));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return Optional.empty();
    }
  }

  /**
   * What a thread was started in, as the JDK names it in its thread dump.
   *
   * @param thread a thread that has been started
   * @return such as {@code java.util.concurrent.ThreadPerTaskExecutor@1b2c}, or null if it was
   *     started in nothing or that can't be told
   */
  static @Nullable String container(Thread thread) {
    Registry open = registry();
    if (open == null) {
      return null;
    }
    try {
      String name = String.valueOf(open.container.invoke(null, thread));
      return name.equals(ThreadDump.ROOT) ? null : name;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError notStarted) {
      return null;
    }
  }

  /**
   * A virtual thread with its state, stack and blocker, as a thread dump has them. It is asked for
   * one after the other, so that it is asked again if it has gone on meanwhile.
   *
   * @return a record, or null if the thread has ended
   */
  public static @Nullable ThreadRecord describe(Thread thread) {
    ThreadRecord record = withoutContainer(thread);
    return record == null ? null : record.inExecutor(container(thread));
  }

  /** The same, but for what it was started in. */
  static @Nullable ThreadRecord withoutContainer(Thread thread) {
    Thread.State state = AskThread.state(thread);
    Object blocker = LockSupport.getBlocker(thread);
    StackTraceElement[] stack = AskThread.stack(thread);
    for (int i = 1; i < MAX_LOOKS && !hasStayed(thread, state, blocker); i++) {
      state = AskThread.state(thread);
      blocker = LockSupport.getBlocker(thread);
      stack = AskThread.stack(thread);
    }
    if (!thread.isAlive()) {
      return null;
    }
    return new ThreadRecord(
        LiveThreads.id(thread),
        thread.getName(),
        true,
        true,
        state,
        TYPE,
        "",
        List.of(stack),
        blocker == null
            ? null
            : new Blocker(blocker.getClass().getName(), System.identityHashCode(blocker), null),
        null);
  }

  private static boolean hasStayed(Thread thread, Thread.State state, @Nullable Object blocker) {
    return AskThread.state(thread) == state && LockSupport.getBlocker(thread) == blocker;
  }

  private static List<Thread> walk(Registry open, Containers containers)
      throws ReflectiveOperationException {
    List<Thread> found = new ArrayList<>();
    Set<@Nullable Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>();
    add(open.root.invoke(null), seen, left);
    Object container;
    while ((container = left.poll()) != null) {
      int count = 0;
      for (Iterator<?> threads = stream(open.threads, container); threads.hasNext(); ) {
        count++;
        if (threads.next() instanceof Thread thread
            && Jdk.isVirtual(thread)
            && !OwnThreads.has(thread)) {
          found.add(thread);
        }
      }
      containers.add(container, count);
      // To ask for children takes a look at every container there is. Only the root, and what
      // threads of a container have opened, has any.
      if (count > 0) {
        for (Iterator<?> children = stream(open.children, container); children.hasNext(); ) {
          add(children.next(), seen, left);
        }
      }
    }
    return found;
  }

  private static void add(
      @Nullable Object container, Set<@Nullable Object> seen, Deque<Object> to) {
    if (container != null && seen.add(container)) {
      if (seen.size() > MAX_CONTAINERS) {
        throw new IllegalStateException("containers without end");
      }
      to.add(container);
    }
  }

  private static Iterator<?> stream(Method method, Object container)
      throws IllegalAccessException, InvocationTargetException {
    return ((Stream<?>) method.invoke(container)).iterator();
  }

  private static @Nullable Registry registry() {
    Registry open = registry;
    if (open == null && !missing && Jdk.opens(PACKAGE)) {
      open = find();
      registry = open;
      missing = open == null;
    }
    return open;
  }

  private static @Nullable Registry find() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> containers = lookup.findClass("jdk.internal.vm.ThreadContainers");
      Class<?> container = lookup.findClass("jdk.internal.vm.ThreadContainer");
      return new Registry(
          containers.getMethod("root"),
          containers.getMethod("container", Thread.class),
          containers.getMethod("trackAllThreads"),
          container.getMethod("threads"),
          container.getMethod("children"));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }
}
