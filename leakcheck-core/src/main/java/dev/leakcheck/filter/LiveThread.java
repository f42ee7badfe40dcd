package dev.leakcheck.filter;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers what no description of a thread tells: who holds it or its executor, and who made it. It
 * is asked only of threads whose name and frames fit a rule. Initialises no class. Thread-safe.
 *
 * <p>Whose worker a thread is the JDK tells an agent, and everybody before Java 24. Later a thread
 * dump tells, if one was taken. Where nothing does, a pool of the JDK that the field leads to and
 * that has workers is taken for the thread's, if it is a pool's worker that runs nothing foreign.
 */
final class LiveThread {

  /** Of this one the JDK itself tells the value. */
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common";

  /** What threads and workers are called whom nobody gave a name. */
  private static final Pattern NAMED_BY_THE_JDK =
      Pattern.compile("Thread-\\d+|(?:pool|ForkJoinPool)-\\d+-(?:thread|worker)-\\d+");

  private static final int MOST_KNOWN = 4096;

  /** Threads that were found to be held, by id: whose a thread is does not change. */
  private static final Map<Long, List<String>> HELD = latest();

  /** Whose workers threads are, as a dump told: the executor's identity, or empty if of none. */
  private static final Map<Long, String> TOLD = latest();

  /** Which wrapper of the JDK's, that a static field leads to, may hide a thread's executor. */
  private static final Map<Long, String> HIDDEN = latest();

  private static <V> Map<Long, V> latest() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
            return size() > MOST_KNOWN;
          }
        });
  }

  /** So that what a field holds is reached as any object in a field is. */
  private record Root(Object value) {}

  private LiveThread() {}

  private static @Nullable Thread of(ThreadRecord thread, @Nullable Thread live) {
    return live != null ? live : LiveThreads.byId(thread.id()).orElse(null);
  }

  static boolean isHeld(ThreadRecord record, @Nullable Thread live, List<String> fields) {
    if (fields.equals(HELD.get(record.id()))) {
      return true;
    }
    Thread thread = of(record, live);
    if (thread == null || !leads(fields, record, thread)) {
      return false;
    }
    if (!isUnsure(record)) {
      HELD.put(record.id(), fields);
    }
    return true;
  }

  /** Whether only a dump can tell whose worker a thread is, and none has. */
  static boolean isUnsure(ThreadRecord record) {
    return !WorkerExecutors.isTold()
        && WorkerStacks.isPoolWorker(record.stack())
        && !TOLD.containsKey(record.id());
  }

  static void learn(long thread, String executor) {
    TOLD.put(thread, executor);
  }

  private static boolean leads(List<String> fields, ThreadRecord record, Thread thread) {
    ExecutorService executor = executorOf(thread);
    if (fields.contains(COMMON_POOL) && CommonPool.is(executor)) {
      return true;
    }
    List<Object> held = new ArrayList<>();
    for (String field : fields) {
      held.addAll(reach(field, thread));
    }
    String told = TOLD.get(record.id());
    for (Object object : held) {
      if (object == thread
          || (object instanceof ExecutorService pool
              && (executor == null
                  ? Identity.of(pool).equals(told)
                  : WorkerExecutors.unwrap(pool) == executor))) {
        return true;
      }
    }
    if (executor != null
        || WorkerExecutors.isTold()
        || !WorkerStacks.isPoolWorker(record.stack())) {
      return false;
    }
    for (Object object : held) {
      if (object instanceof ExecutorService pool
          && Fields.isJdk(pool.getClass())
          && ExecutorProbe.mayHaveThreads(pool)
          && (told == null || mayHide(pool, told))) {
        if (told != null) {
          HIDDEN.put(record.id(), Identity.of(pool));
        }
        return true;
      }
    }
    return false;
  }

  /** What a static field leads to. The JDK's own fields are not read. */
  private static List<Object> reach(String field, Thread thread) {
    List<Object> reached = new ArrayList<>();
    if (!field.equals(COMMON_POOL)) {
      for (Object value : values(field, thread)) {
        for (Holding held : ObjectGraph.reach(List.of(new Root(value)), List.of())) {
          reached.add(held.object());
        }
      }
    }
    return reached;
  }

  /** Whether it is a wrapper of the JDK's, which does not tell what it wraps. */
  private static boolean mayHide(ExecutorService pool, String executor) {
    String type = pool.getClass().getName();
    return type.startsWith("java.util.concurrent.Executors$")
        && executor.startsWith("java.util.concurrent.")
        && type.contains("Scheduled") == executor.contains("Scheduled");
  }

  /** The executor of a thread, as a dump told, that one wrapper may hide, and no second one. */
  static @Nullable Hidden hidden(long thread) {
    String wrapper = HIDDEN.get(thread);
    String executor = TOLD.get(thread);
    return wrapper == null || executor == null ? null : new Hidden(wrapper, executor);
  }

  /**
   * What a wrapper may hide.
   *
   * @param wrapper its identity
   * @param executor that of the executor
   */
  record Hidden(String wrapper, String executor) {}

  private static @Nullable ExecutorService executorOf(Thread thread) {
    return thread instanceof ForkJoinWorkerThread worker
        ? Ask.pool(worker)
        : WorkerExecutors.of(thread);
  }

  /**
   * A static field's values, one for each class of that name that the thread may have to do with.
   */
  private static List<Object> values(String path, Thread thread) {
    int dot = path.lastIndexOf('.');
    List<Object> values = new ArrayList<>();
    for (Class<?> type : classes(path.substring(0, dot), thread)) {
      for (Field field : Fields.ofClass(type)) {
        Object value = field.getName().equals(path.substring(dot + 1)) ? read(field) : null;
        if (value != null) {
          values.add(value);
        }
      }
    }
    return values;
  }

  private static @Nullable Object read(Field field) {
    return Fields.read(field, null);
  }

  private static List<Class<?>> classes(String name, Thread thread) {
    List<Class<?>> classes = new ArrayList<>();
    List<@Nullable ClassLoader> loaders = new ArrayList<>();
    loaders.add(AskThread.contextClassLoader(thread));
    loaders.add(thread.getClass().getClassLoader());
    loaders.add(AskThread.contextClassLoader(Thread.currentThread()));
    loaders.add(LiveThread.class.getClassLoader());
    try {
      loaders.add(ClassLoader.getSystemClassLoader());
    } catch (SecurityException e) {
      // a security manager keeps it to itself
    }
    for (ClassLoader loader : loaders) {
      Class<?> type = find(name, loader);
      if (type != null && !classes.contains(type)) {
        classes.add(type);
      }
    }
    return classes;
  }

  private static @Nullable Class<?> find(String name, @Nullable ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError | RuntimeException notThere) {
      return null;
    }
  }

  /** Whether nobody chose its name, so that it tells nothing of whose it is. */
  static boolean isNamedByTheJdk(ThreadRecord record) {
    return NAMED_BY_THE_JDK.matcher(record.name()).matches();
  }

  static boolean isMadeBy(ThreadRecord record, @Nullable Thread live, ThreadEvidence evidence) {
    Thread thread = of(record, live);
    if (thread == null) {
      return false;
    }
    List<StackTraceElement> creation = creation(thread);
    if (!creation.isEmpty()) {
      return creation.stream()
          .takeWhile(frame -> !evidence.isForeign(frame))
          .anyMatch(frame -> ClassPattern.any(evidence.madeBy(), frame.getClassName()));
    }
    if (executorOf(thread) instanceof ThreadPoolExecutor pool) {
      ThreadFactory factory = Ask.threadFactory(pool);
      return factory != null && ClassPattern.any(evidence.madeBy(), factory.getClass().getName());
    }
    // A name that nobody chose tells nothing at all.
    return !WorkerExecutors.isTold()
        && !isNamedByTheJdk(record)
        && WorkerStacks.isPoolWorker(record.stack())
        && !evidence.runsForeign(record);
  }

  /**
   * Whether an agent saw that other code than the library's, or than the JDK's for itself, made and
   * started the thread: then it is that code's, whatever it is called and whatever it runs.
   */
  static boolean isMadeByUser(ThreadRecord record, @Nullable Thread live, ThreadEvidence evidence) {
    Thread thread = record.virtual() ? live : of(record, live);
    List<StackTraceElement> creation = thread == null ? List.of() : creation(thread);
    for (StackTraceElement frame : creation) {
      if (evidence.isForeign(frame)) {
        return !Stacks.isTestRunner(frame);
      }
      String type = frame.getClassName();
      if (!type.startsWith("java.lang.Thread") && !type.startsWith("java.util.concurrent.")) {
        return false;
      }
    }
    return false;
  }

  /**
   * The classes that made a thread, as far as is known: on the stack that did, or the thread
   * factory of its pool.
   */
  static Set<String> makers(ThreadRecord record, @Nullable Thread live) {
    Thread thread = record.virtual() ? live : of(record, live);
    Set<String> makers = new LinkedHashSet<>();
    if (thread != null) {
      creation(thread).forEach(frame -> makers.add(frame.getClassName()));
      ThreadFactory factory =
          executorOf(thread) instanceof ThreadPoolExecutor pool ? Ask.threadFactory(pool) : null;
      if (factory != null) {
        makers.add(factory.getClass().getName());
      }
    }
    return makers;
  }

  /** The stack that made a thread, or the executor that it works for; empty if none is known. */
  private static List<StackTraceElement> creation(Thread thread) {
    if (!(Births.jvm().of(thread) instanceof ThreadBirth birth)) {
      return List.of();
    }
    return birth.executor() == null
        ? birth.stack()
        : Objects.requireNonNull(birth.executor()).stack();
  }
}
