package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.ThreadDump.Container;
import java.lang.management.ManagementFactory;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The structured task scopes that the current thread has opened and not closed, innermost first,
 * from the JDK's own list ({@code Thread.headStackableScopes}, JDK 21 and later). It can be read
 * once the agent has opened the JDK. Thread-safe.
 */
public final class TaskScopes {

  /** More than anybody opens inside each other; a list that never ends must not hang a test. */
  private static final int MAX_SCOPES = 10_000;

  private static final int LAST_PREVIEW = 26;

  /** Asked for the first time when the plain tier's first class has been checked. */
  private static final class Preview {
    static final boolean ENABLED = isEnabled();

    private static boolean isEnabled() {
      try {
        return ManagementFactory.getRuntimeMXBean()
            .getInputArguments()
            .contains("--enable-preview");
      } catch (LinkageError | SecurityException cannotBeTold) {
        return true;
      }
    }
  }

  private static volatile @Nullable Access access;
  private static volatile boolean missing = !Jdk.HAS_CONTAINERS;

  private record Access(Field head, Field previous, Class<?> container, Method threads) {}

  private TaskScopes() {}

  /**
   * Whether code that runs here may open any: up to Java 26 they are a preview, which has to be
   * enabled.
   *
   * @return false if none can be there, but for those that are opened by reflection
   */
  public static boolean mayBeOpened() {
    return Jdk.HAS_CONTAINERS && (Jdk.FEATURE > LAST_PREVIEW || Preview.ENABLED);
  }

  /**
   * Whether they can be read.
   *
   * @return true on Java 21 and later, once the agent is in place
   */
  public static boolean available() {
    return access() != null;
  }

  /**
   * The innermost of whatever the current thread has open. Costs nanoseconds.
   *
   * @return an object to be compared by identity, or null if nothing is open or that can't be told
   */
  public static @Nullable Object innermost() {
    Access open = access();
    try {
      return open == null ? null : open.head.get(Thread.currentThread());
    } catch (IllegalAccessException | RuntimeException refused) {
      return null;
    }
  }

  /**
   * The task scopes that the current thread has opened since.
   *
   * @param since what {@link #innermost} returned then
   * @return the scopes, each with the ids of all threads that were forked in it or by these
   */
  public static List<Container> openedSince(@Nullable Object since) {
    Access open = access();
    List<Container> scopes = new ArrayList<>();
    if (open == null) {
      return scopes;
    }
    try {
      long owner = Jdk.threadId(Thread.currentThread());
      Object scope = innermost();
      for (int i = 0; scope != null && scope != since && i < MAX_SCOPES; i++) {
        if (open.container.isInstance(scope)) {
          scopes.add(new Container(String.valueOf(scope), owner, forkedIn(scope, open)));
        }
        scope = open.previous.get(scope);
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return List.of();
    }
    return scopes;
  }

  /** Its threads, those of the scopes that these have opened, and so on. */
  private static List<Long> forkedIn(Object container, Access open)
      throws ReflectiveOperationException {
    List<Long> ids = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>();
    seen.add(container);
    left.add(container);
    Object next;
    while ((next = left.poll()) != null && seen.size() < MAX_SCOPES) {
      for (Iterator<?> threads = ((Stream<?>) open.threads.invoke(next)).iterator();
          threads.hasNext(); ) {
        if (threads.next() instanceof Thread thread) {
          ids.add(Jdk.threadId(thread));
          for (Object scope = open.head.get(thread);
              scope != null && seen.add(scope);
              scope = open.previous.get(scope)) {
            if (open.container.isInstance(scope)) {
              left.add(scope);
            }
          }
        }
      }
    }
    return ids;
  }

  private static @Nullable Access access() {
    Access open = access;
    if (open == null && !missing && Jdk.opens("java.lang") && Jdk.opens("jdk.internal.vm")) {
      open = find();
      access = open;
      missing = open == null;
    }
    return open;
  }

  private static @Nullable Access find() {
    try {
      Class<?> scope = Class.forName("jdk.internal.vm.StackableScope", false, null);
      Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer", false, null);
      return new Access(
          opened(Thread.class.getDeclaredField("headStackableScopes")),
          opened(scope.getDeclaredField("previous")),
          container,
          opened(container.getDeclaredMethod("threads")));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  private static <A extends AccessibleObject> A opened(A member) {
    member.setAccessible(true);
    return member;
  }
}
