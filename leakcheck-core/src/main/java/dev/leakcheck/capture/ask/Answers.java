package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which methods of a found object may be called. One may if the code that would run is the JDK's
 * own and is listed here: a class that overrides it, a proxy, a fake and a mock are never asked.
 * Thread-safe.
 */
public final class Answers {

  /** What a method does before it answers. */
  public enum Cost {
    /** It neither takes a lock, nor blocks, nor calls anybody back. */
    NONE,
    /** It takes a lock of the object's, which somebody may hold for ever. */
    LOCK
  }

  /**
   * A method that may be called.
   *
   * @param type the class that has the code, or a class of the JDK's that inherits it
   * @param method its name
   * @param cost what it does before it answers
   * @param reason why that is known
   * @param calls methods that its code calls on the object itself, so that a class which overrides
   *     one of these must not be asked either
   */
  public record Row(String type, String method, Cost cost, String reason, List<String> calls) {}

  private static final String UTIL = "java.util.";
  private static final String CONCURRENT = UTIL + "concurrent.";
  private static final String LOCKS = CONCURRENT + "locks.";

  private static final List<Row> ROWS = new ArrayList<>();

  /** By class and method, the number of the row. */
  private static final Map<String, Map<String, Integer>> BY_CLASS = new HashMap<>();

  static {
    executors();
    queues();
    locks();
    collections();
    references();
    exceptions();
    others();
    stopping();
  }

  private static final int NEVER = -1;

  /** Protected: where no class of the user's has it, it is the JDK's. */
  private static final String TERMINATED = "terminated";

  /**
   * Of a class, the number of the row of each method that was asked for. Not the row itself: a
   * class of the JDK's would hold LeakCheck's classes, and their loader, for ever.
   */
  private static final ClassValue<Map<String, Integer>> RESOLVED =
      new ClassValue<>() {
        @Override
        protected Map<String, Integer> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  /** All others have none. */
  private static final Map<String, Class<?>[]> PARAMETERS =
      Map.of(
          "getKeepAliveTime", new Class<?>[] {TimeUnit.class},
          "forEach", new Class<?>[] {BiConsumer.class},
          "orElse", new Class<?>[] {Object.class},
          "getNow", new Class<?>[] {Object.class},
          "hasQueuedThread", new Class<?>[] {Thread.class});

  private static final Class<?>[] NONE = {};

  private static final String UNCONFIGURABLE = CONCURRENT + "Executors$DelegatedExecutorService";

  private Answers() {}

  /**
   * What it costs to call a method of an object.
   *
   * @param object any object
   * @param method the name of one of the methods that are listed
   * @return the cost, or null if the method must not be called
   */
  public static @Nullable Cost cost(Object object, String method) {
    Cost cost = ofClass(object.getClass(), method);
    return cost == null || Mocks.isMock(object) || mayHideMock(object) ? null : cost;
  }

  /** One that {@code newSingleThreadScheduledExecutor()} made is of another class. */
  private static boolean mayHideMock(Object object) {
    return object.getClass().getName().equals(UNCONFIGURABLE) && Mocks.areThere();
  }

  /**
   * Whether methods may be called on any thread at any time.
   *
   * @param object any object
   * @param methods the names of methods that are listed
   * @return false if one of them must not be called, or may wait for a lock
   */
  public static boolean isFree(Object object, String... methods) {
    for (String method : methods) {
      if (ofClass(object.getClass(), method) != Cost.NONE) {
        return false;
      }
    }
    return !Mocks.isMock(object);
  }

  /**
   * Whether an object is a mock or a spy, whose methods tell its framework that they were called.
   *
   * @param object any object
   * @return true if it is one, or may be for all that is known
   */
  public static boolean isMock(Object object) {
    return Mocks.isMock(object);
  }

  private static @Nullable Cost ofClass(Class<?> type, String method) {
    Map<String, Integer> resolved = RESOLVED.get(type);
    Integer row = resolved.get(method);
    if (row == null) {
      row = resolve(type, method);
      resolved.put(method, row);
    }
    return row == NEVER ? null : ROWS.get(row).cost;
  }

  /**
   * All methods that may be called.
   *
   * @return one row for each
   */
  public static List<Row> all() {
    return Collections.unmodifiableList(ROWS);
  }

  private static int resolve(Class<?> type, String method) {
    try {
      Class<?> declaring = declaring(type, method);
      if (!isJdks(declaring)) {
        return NEVER;
      }
      Integer row = isJdks(type) ? row(type, method) : null;
      row = row == null ? row(declaring, method) : row;
      if (row == null) {
        return NEVER;
      }
      for (String called : ROWS.get(row).calls) {
        if (!isJdks(declaring(type, called))) {
          return NEVER;
        }
      }
      return row;
    } catch (NoSuchMethodException | SecurityException | LinkageError e) {
      return NEVER;
    }
  }

  private static Class<?> declaring(Class<?> type, String method) throws NoSuchMethodException {
    Class<?>[] parameters = PARAMETERS.getOrDefault(method, NONE);
    for (Class<?> each = type; each != null && !isJdks(each); each = each.getSuperclass()) {
      for (Method own :
          each.getDeclaredMethods()) { // one that is not public is found like this only
        if (own.getName().equals(method) && Arrays.equals(own.getParameterTypes(), parameters)) {
          return each;
        }
      }
    }
    return method.equals(TERMINATED)
        ? Object.class
        : type.getMethod(method, parameters).getDeclaringClass();
  }

  private static boolean isJdks(Class<?> type) {
    return type.getModule() == Object.class.getModule();
  }

  private static @Nullable Integer row(Class<?> type, String method) {
    return BY_CLASS.getOrDefault(type.getName(), Map.of()).get(method);
  }

  private static void executors() {
    String pool = CONCURRENT + "ThreadPoolExecutor";
    free(pool, "reads a field", "isShutdown", "isTerminated", "getCorePoolSize");
    free(pool, "reads a field", "getMaximumPoolSize", "getQueue", "getThreadFactory");
    free(CONCURRENT + "ScheduledThreadPoolExecutor", "reads a field", "getQueue");
    free(pool, "converts a field", "getKeepAliveTime");
    locking(pool, "its main lock", "getActiveCount", "getCompletedTaskCount", "getPoolSize");
    String forkJoin = CONCURRENT + "ForkJoinPool";
    free(forkJoin, "reads a field", "isShutdown", "getParallelism", "getPoolSize");
    free(forkJoin, "reads a field", "getActiveThreadCount");
    free(forkJoin, "adds up fields", "getQueuedTaskCount", "getQueuedSubmissionCount");
    free(forkJoin, "looks at fields", "isQuiescent");
    free(forkJoin, "adds up fields", "getStealCount");
    free(CONCURRENT + "ForkJoinWorkerThread", "reads a field", "getPool");
    free(CONCURRENT + "ThreadPerTaskExecutor", "reads a field", "isShutdown", "isTerminated");
    String own = "asks the pool that newSingleThreadExecutor() made for it";
    free(CONCURRENT + "Executors$FinalizableDelegatedExecutorService", own, "isShutdown");
    free(CONCURRENT + "Executors$AutoShutdownDelegatedExecutorService", own, "isShutdown");
    // What these two wrap may be anybody's. They are asked only where it cannot be read.
    String wrapped = "whatever the executor takes that it wraps";
    locking(UNCONFIGURABLE, wrapped, "isShutdown");
    locking(UNCONFIGURABLE, wrapped, "isTerminated");
  }

  private static void queues() {
    String linked = CONCURRENT + "LinkedBlockingQueue";
    free(linked, "reads a counter", "size", "remainingCapacity");
    locking(linked, "both its locks", "iterator");
    String transfer = CONCURRENT + "LinkedTransferQueue";
    free(transfer, "follows its nodes", "size", "iterator");
    free(transfer, "a constant", "remainingCapacity");
    free(CONCURRENT + "SynchronousQueue", "a constant", "size", "remainingCapacity", "iterator");
    for (String queue :
        List.of("ArrayBlockingQueue", "LinkedBlockingDeque", "PriorityBlockingQueue")) {
      locking(CONCURRENT + queue, "its lock", "size", "iterator");
    }
    locking(CONCURRENT + "ArrayBlockingQueue", "its lock", "remainingCapacity");
    locking(CONCURRENT + "LinkedBlockingDeque", "its lock", "remainingCapacity");
    free(CONCURRENT + "PriorityBlockingQueue", "a constant", "remainingCapacity");
    free(CONCURRENT + "DelayQueue", "a constant", "remainingCapacity");
    locking(CONCURRENT + "DelayQueue", "its lock", "size", "iterator");
    String delayed = CONCURRENT + "ScheduledThreadPoolExecutor$DelayedWorkQueue";
    locking(delayed, "its lock", "size", "iterator");
    free(delayed, "a constant", "remainingCapacity");
    calling(CONCURRENT + "PriorityBlockingQueue", "iterator", "toArray");
    calling(CONCURRENT + "DelayQueue", "iterator", "toArray");
  }

  private static void locks() {
    String lock = LOCKS + "ReentrantLock";
    free(lock, "reads its state", "isLocked", "getHoldCount");
    free(lock, "follows its nodes", "getQueueLength", "hasQueuedThread");
    String readWrite = LOCKS + "ReentrantReadWriteLock";
    free(readWrite, "reads its state", "isWriteLocked", "getReadLockCount");
    free(readWrite, "reads its state", "getWriteHoldCount", "getReadHoldCount", "writeLock");
    free(readWrite, "follows its nodes", "getQueueLength", "hasQueuedThread");
    free(LOCKS + "StampedLock", "reads its state", "isWriteLocked", "getReadLockCount");
    free(CONCURRENT + "CyclicBarrier", "reads a field", "getParties");
  }

  private static void collections() {
    String walks = "walks its own array or nodes";
    String counts = "reads a field";
    for (String list :
        List.of("ArrayList", "LinkedList", "ArrayDeque", "HashSet", "LinkedHashSet")) {
      free(UTIL + list, walks, "iterator");
      free(UTIL + list, counts, "isEmpty");
    }
    for (String map :
        List.of("HashMap", "LinkedHashMap", "TreeMap", "IdentityHashMap", "EnumMap")) {
      free(UTIL + map, walks, "forEach");
      free(UTIL + map, counts, "isEmpty");
    }
    free(UTIL + "PriorityQueue", walks, "iterator");
    free(UTIL + "PriorityQueue", counts, "isEmpty");
    for (String view :
        List.of(
            "Arrays$ArrayList",
            "ArrayList$SubList",
            "HashMap$KeySet",
            "HashMap$Values",
            "LinkedHashMap$LinkedKeySet",
            "LinkedHashMap$LinkedValues",
            "TreeMap$Values",
            "ImmutableCollections$ListN",
            "ImmutableCollections$List12",
            "ImmutableCollections$SetN",
            "ImmutableCollections$Set12",
            "Collections$SingletonList",
            "Collections$SingletonSet")) {
      free(UTIL + view, walks, "iterator");
    }
    for (String map :
        List.of(
            "ImmutableCollections$Map1", "ImmutableCollections$MapN", "Collections$SingletonMap")) {
      free(UTIL + map, walks, "forEach");
    }
    for (String map : List.of("ConcurrentHashMap", "ConcurrentSkipListMap")) {
      free(CONCURRENT + map, walks, "forEach", "isEmpty");
    }
    free(CONCURRENT + "ConcurrentHashMap$KeySetView", walks, "iterator");
    free(CONCURRENT + "ConcurrentHashMap$ValuesView", walks, "iterator");
    free(UTIL + "Properties", "asks a map of its own", "isEmpty");
    for (String list :
        List.of(
            "ConcurrentLinkedQueue",
            "ConcurrentLinkedDeque",
            "CopyOnWriteArrayList",
            "CopyOnWriteArraySet")) {
      free(CONCURRENT + list, walks, "iterator", "isEmpty");
    }
    locking(UTIL + "Vector", "its monitor", "isEmpty");
    locking(UTIL + "Hashtable", "its monitor", "isEmpty");
    locking(UTIL + "WeakHashMap", "its reference queue's lock", "isEmpty");
    calling(UTIL + "WeakHashMap", "isEmpty", "size");
    calling(CONCURRENT + "ConcurrentLinkedDeque", "isEmpty", "peekFirst");
    calling(CONCURRENT + "CopyOnWriteArrayList", "isEmpty", "size");
  }

  private static void references() {
    free(CONCURRENT + "atomic.AtomicReference", "reads a field", "get");
    free(CONCURRENT + "atomic.AtomicReferenceArray", "reads its array", "length");
    free(UTIL + "Optional", "reads a field", "orElse");
    free("java.lang.ref.SoftReference", "reads a field and notes when", "get");
    String stage = CONCURRENT + "CompletableFuture";
    free(stage, "reads a field", "isDone", "isCompletedExceptionally");
    free(stage, "reads a field, of one that is done and has not failed", "getNow");
    if (Jdk.HAS_FINAL_ID) { // Java 19 brought these as well
      free(CONCURRENT + "FutureTask", "reads a field", "state");
      free(CONCURRENT + "FutureTask", "reads a field", "resultNow");
      calling(CONCURRENT + "FutureTask", "resultNow", "state");
    }
  }

  private static void exceptions() {
    free("java.lang.Throwable", "reads a field", "getMessage");
    free("java.lang.Throwable", "asks for its message", "getLocalizedMessage");
    free("java.lang.NullPointerException", "asks the JVM once and keeps that", "getMessage");
    calling("java.lang.Throwable", "getLocalizedMessage", "getMessage");
    free("java.nio.file.FileSystemException", "joins its fields", "getMessage");
    calling("java.nio.file.FileSystemException", "getMessage", "getReason");
    free("java.lang.reflect.InvocationTargetException", "reads a field", "getCause");
    locking("java.lang.Throwable", "its monitor, for a moment", "getCause", "getStackTrace");
  }

  private static void others() {
    free(CONCURRENT + "FutureTask", "reads a field", "isDone", "isCancelled");
    String periodic = CONCURRENT + "ScheduledThreadPoolExecutor$ScheduledFutureTask";
    free(periodic, "reads a field", "isPeriodic");
    free("java.lang.Thread", "asks the JVM", "getState", "isInterrupted", "getStackTrace");
    free("java.lang.Thread", "reads a field", "getUncaughtExceptionHandler");
    free("java.lang.Thread", "reads a field", "getContextClassLoader");
  }

  /** Called only where the user asks for it, and from {@link Stop} alone. */
  private static void stopping() {
    locking("java.lang.Thread", "the lock that it is interrupted under", "interrupt");
    locking("java.lang.VirtualThread", "the lock that it is interrupted under", "interrupt");
    locking(CONCURRENT + "ThreadPoolExecutor", "its main lock", "shutdownNow");
    calling(CONCURRENT + "ThreadPoolExecutor", "shutdownNow", TERMINATED);
    locking(CONCURRENT + "ScheduledThreadPoolExecutor", "its main lock", "shutdownNow");
    calling(CONCURRENT + "ScheduledThreadPoolExecutor", "shutdownNow", TERMINATED);
    locking(CONCURRENT + "ForkJoinPool", "its registration lock", "shutdownNow");
    locking(CONCURRENT + "ThreadPerTaskExecutor", "its termination lock", "shutdownNow");
    String own = "the main lock of the pool that newSingleThreadExecutor() made for it";
    locking(CONCURRENT + "Executors$FinalizableDelegatedExecutorService", own, "shutdownNow");
    locking(CONCURRENT + "Executors$AutoShutdownDelegatedExecutorService", own, "shutdownNow");
  }

  private static void free(String type, String reason, String... methods) {
    add(type, Cost.NONE, reason, methods);
  }

  private static void locking(String type, String lock, String... methods) {
    add(type, Cost.LOCK, "takes " + lock, methods);
  }

  private static void add(String type, Cost cost, String reason, String... methods) {
    for (String method : methods) {
      Row row = new Row(type, method, cost, reason, List.of());
      BY_CLASS.computeIfAbsent(type, name -> new HashMap<>()).put(method, ROWS.size());
      ROWS.add(row);
    }
  }

  /** Says of a method that is listed what its code calls on the object itself. */
  private static void calling(String type, String method, String called) {
    int number = BY_CLASS.getOrDefault(type, Map.of()).getOrDefault(method, NEVER);
    Row row = ROWS.get(number);
    ROWS.set(number, new Row(type, method, row.cost, row.reason, List.of(called)));
  }
}
