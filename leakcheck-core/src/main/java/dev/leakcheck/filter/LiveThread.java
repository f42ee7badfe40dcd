package dev.leakcheck.filter;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Fields;
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
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * <p>Whose worker a thread is the JDK tells an agent, and everybody before Java 24. Where it does
 * not, a pool of the JDK that the field leads to and that has workers is taken for the thread's, if
 * it is a pool's worker that runs nothing foreign.
 */
final class LiveThread {

  /** The JDK's own fields are not read; of this one the JDK tells the value. */
  private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common";

  /** What threads and workers are called whom nobody gave a name. */
  private static final Pattern NAMED_BY_THE_JDK =
      Pattern.compile("Thread-\\d+|pool-\\d+-thread-\\d+");

  private static final int MOST_KNOWN = 4096;

  /** Threads that were found to be held, by id: whose a thread is does not change. */
  private static final Map<Long, List<String>> HELD =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<String>> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  /** So that what a field holds is reached as any object in a field is. */
  private record Root(Object value) {}

  private LiveThread() {}

  private static @Nullable Thread of(ThreadRecord thread, @Nullable Thread live) {
    return live != null ? live : LiveThreads.byId(thread.id()).orElse(null);
  }

  static boolean isHeld(ThreadRecord record, @Nullable Thread live, List<String> fields) {
    synchronized (HELD) {
      if (fields.equals(HELD.get(record.id()))) {
        return true;
      }
    }
    Thread thread = of(record, live);
    if (thread == null || fields.stream().noneMatch(field -> holds(field, record, thread))) {
      return false;
    }
    synchronized (HELD) {
      HELD.put(record.id(), fields);
    }
    return true;
  }

  private static boolean holds(String field, ThreadRecord record, Thread thread) {
    ExecutorService executor = executorOf(thread);
    if (field.equals(COMMON_POOL)) {
      return CommonPool.is(executor);
    }
    for (Object value : values(field, thread)) {
      List<Object> held = new ArrayList<>();
      ObjectGraph.reach(List.of(new Root(value)), List.of()).stream()
          .map(Holding::object)
          .forEach(held::add);
      if (held.stream().anyMatch(object -> isOrRuns(object, record, thread, executor))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOrRuns(
      Object held, ThreadRecord record, Thread thread, @Nullable ExecutorService executor) {
    if (held == thread) {
      return true;
    }
    if (!(held instanceof ExecutorService pool)) {
      return false;
    }
    if (executor != null) {
      return WorkerExecutors.unwrap(pool) == executor;
    }
    return !WorkerExecutors.isTold()
        && Stacks.isPoolWorker(record.stack())
        && Fields.isJdk(pool.getClass())
        && ExecutorProbe.mayHaveThreads(pool);
  }

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
        && !NAMED_BY_THE_JDK.matcher(record.name()).matches()
        && Stacks.isPoolWorker(record.stack())
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
