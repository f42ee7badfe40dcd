package dev.leakcheck.filter;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Threads of libraries that no test depends on, as far as rules look at them: classes that have the
 * names of the libraries' own, compiled when they are needed.
 */
final class StandIns {

  enum Form {
    /** A class that extends Thread. */
    THREAD,
    /** A Runnable that a plain thread runs. */
    RUNNABLE,
    /** A class of which a static field holds the pool whose worker the thread is. */
    HOLDER,
    /** A class that makes the threads of the pool whose worker the thread is. */
    FACTORY
  }

  /** What to make: {@code Outer$Inner}, and for a holder the field after the last dot. */
  record StandIn(String rule, String name, Form form, String path) {
    String outer() {
      String type = type();
      return type.contains("$") ? type.substring(0, type.indexOf('$')) : type;
    }

    String type() {
      return form == Form.HOLDER ? path.substring(0, path.lastIndexOf('.')) : path;
    }

    String field() {
      return path.substring(path.lastIndexOf('.') + 1);
    }
  }

  private static StandIn standIn(String rule, String name, Form form, String path) {
    return new StandIn(rule, name, form, path);
  }

  static final List<StandIn> ALL =
      List.of(
          standIn("OKHTTP_STATIC", "Okio Watchdog", Form.THREAD, "okio.AsyncTimeout$Watchdog"),
          standIn(
              "JNA_CLEANER", "JNA Cleaner", Form.THREAD, "com.sun.jna.internal.Cleaner$Cleaning"),
          standIn(
              "BATIK", "Batik CleanerThread", Form.THREAD, "org.apache.batik.util.CleanerThread"),
          standIn(
              "KOTLIN_STATIC",
              "kotlinx.coroutines.DefaultExecutor",
              Form.RUNNABLE,
              "kotlinx.coroutines.DefaultExecutor"),
          standIn(
              "DEBUGGER",
              "Monitor Ctrl-Break",
              Form.THREAD,
              "com.intellij.rt.execution.application.AppMainV2$Monitor"),
          standIn(
              "DEBUGGER",
              "TransformListener",
              Form.THREAD,
              "org.jboss.byteman.agent.TransformListener"),
          standIn(
              "JUNIT_WORKER",
              "junit-1-worker-3",
              Form.THREAD,
              "org.junit.platform.engine.support.hierarchical.StandIn"),
          standIn(
              "JUNIT_TIMEOUT",
              "junit-timeout-thread-1",
              Form.RUNNABLE,
              "org.junit.jupiter.engine.extension.StandIn"),
          standIn(
              "JUNIT4_TIMEOUT",
              "Time-limited test",
              Form.RUNNABLE,
              "org.junit.internal.runners.statements.FailOnTimeout$Call"),
          standIn(
              "GRADLE",
              "Test worker Thread 2",
              Form.RUNNABLE,
              "org.gradle.internal.concurrent.ThreadFactoryImpl$ManagedThreadRunnable"),
          standIn(
              "SUREFIRE",
              "surefire-forkedjvm-command-thread",
              Form.RUNNABLE,
              "org.apache.maven.surefire.booter.StandIn"),
          standIn(
              "MYSQL_CLEANUP",
              "mysql-cj-abandoned-connection-cleanup",
              Form.RUNNABLE,
              "com.mysql.cj.jdbc.AbandonedConnectionCleanupThread"),
          standIn("H2_SEED", "Generate Seed", Form.RUNNABLE, "org.h2.util.MathUtils$Seed"),
          standIn(
              "NETTY_STATIC",
              "globalEventExecutor-1-2",
              Form.RUNNABLE,
              "io.netty.util.concurrent.GlobalEventExecutor$TaskRunner"),
          standIn(
              "NETTY_STATIC",
              "threadDeathWatcher-2-1",
              Form.RUNNABLE,
              "io.netty.util.ThreadDeathWatcher$Watcher"),
          standIn(
              "OKHTTP_TASK",
              "OkHttp localhost ping",
              Form.HOLDER,
              "okhttp3.internal.concurrent.TaskRunner.INSTANCE"),
          standIn(
              "TESTCONTAINERS",
              "testcontainers-ryuk",
              Form.RUNNABLE,
              "org.testcontainers.utility.RyukResourceReaper"),
          standIn(
              "TESTCONTAINERS",
              "dockerjava-netty-1-2",
              Form.RUNNABLE,
              "com.github.dockerjava.netty.Loop"),
          standIn(
              "TESTCONTAINERS",
              "ducttape-0",
              Form.HOLDER,
              "org.rnorth.ducttape.timeouts.Timeouts.EXECUTOR_SERVICE"),
          standIn(
              "GRPC_STATIC",
              "grpc-default-executor-0",
              Form.HOLDER,
              "io.grpc.internal.SharedResourceHolder.holder"),
          standIn(
              "MONGO_STATIC",
              "BufferPoolPruner-1-thread-1",
              Form.HOLDER,
              "com.mongodb.internal.connection.PowerOfTwoBufferPool.DEFAULT"),
          standIn(
              "LOG4J_ASYNC",
              "Log4j2-TF-1-AsyncLogger[AsyncContext@1b2c3d]-1",
              Form.THREAD,
              "org.apache.logging.log4j.core.util.Log4jThread"),
          standIn(
              "JGIT_STATIC",
              "JGit-WorkQueue",
              Form.HOLDER,
              "org.eclipse.jgit.lib.internal.WorkQueue.executor"),
          standIn(
              "FAILSAFE",
              "FailsafeDelayScheduler",
              Form.HOLDER,
              "dev.failsafe.internal.util.DelegatingScheduler.DELAYER"),
          standIn(
              "RXJAVA_STATIC",
              "RxSchedulerPurge-1",
              Form.HOLDER,
              "io.reactivex.internal.schedulers.SchedulerPoolFactory.PURGE_THREAD"),
          standIn(
              "RXJAVA_SHARED",
              "RxCachedThreadScheduler-2",
              Form.HOLDER,
              "io.reactivex.rxjava3.schedulers.Schedulers.IO"),
          standIn(
              "REACTOR_STATIC",
              "boundedElastic-evictor-1",
              Form.FACTORY,
              "reactor.core.scheduler.BoundedElasticScheduler$Evictors"));

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String outer, String text) {
      super(
          URI.create("string:///" + outer.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private final URLClassLoader loader;
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<ExecutorService> pools = new ArrayList<>();

  StandIns(Path directory) throws Exception {
    Map<String, List<StandIn>> byOuter = new LinkedHashMap<>();
    ALL.forEach(one -> byOuter.computeIfAbsent(one.outer(), key -> new ArrayList<>()).add(one));
    Map<String, String> sources = new LinkedHashMap<>();
    byOuter.forEach((outer, all) -> sources.put(outer, source(outer, all)));
    loader = compile(directory, sources);
  }

  /** Classes of a loader of their own, by their names. */
  static URLClassLoader compile(Path directory, Map<String, String> texts) throws IOException {
    List<Source> sources = new ArrayList<>();
    texts.forEach((outer, text) -> sources.add(new Source(outer, text)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options = List.of("-d", directory.toString(), "-proc:none", "-cp", "");
    if (!compiler.getTask(null, null, null, options, null, sources).call()) {
      throw new IllegalStateException("the stand-ins do not compile");
    }
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}, null);
  }

  private static String source(String outer, List<StandIn> all) {
    int dot = outer.lastIndexOf('.');
    String simple = outer.substring(dot + 1);
    StringBuilder text = new StringBuilder("package " + outer.substring(0, dot) + ";\n");
    StandIn itself =
        all.stream().filter(one -> one.type().equals(outer)).findFirst().orElse(all.get(0));
    boolean isOuter = itself.type().equals(outer);
    text.append(head("public class " + simple, isOuter ? itself.form() : Form.HOLDER));
    for (StandIn one : all) {
      if (one.form() == Form.HOLDER) {
        text.append("  static volatile Object ").append(one.field()).append(" = \"\";\n");
      } else if (!one.type().equals(outer)) {
        String inner = one.type().substring(one.type().indexOf('$') + 1);
        text.append(head("  public static class " + inner, one.form())).append("  }\n");
      }
    }
    return text.append("}\n").toString();
  }

  private static String head(String name, Form form) {
    if (form == Form.HOLDER) {
      return name + " {\n";
    }
    if (form == Form.FACTORY) {
      return name
          + " implements java.util.concurrent.ThreadFactory {\n"
          + "  public Thread newThread(Runnable worker) {\n"
          + "    Thread thread = new Thread(worker);\n"
          + "    thread.setDaemon(true);\n"
          + "    return thread;\n"
          + "  }\n";
    }
    return name
        + (form == Form.THREAD ? " extends Thread" : " implements Runnable")
        + " {\n"
        + "  public java.util.concurrent.CountDownLatch end;\n"
        + "  public void run() {\n"
        + "    try { end.await(); } catch (InterruptedException e) { }\n"
        + "  }\n";
  }

  Thread start(StandIn one) throws Exception {
    Class<?> type = Class.forName(one.type(), true, loader);
    Thread thread =
        switch (one.form()) {
          case HOLDER -> held(type, one.field());
          case FACTORY -> worker((ThreadFactory) type.getConstructor().newInstance());
          case THREAD, RUNNABLE -> runs(type, one);
        };
    thread.setName(one.name());
    return thread;
  }

  private Thread runs(Class<?> type, StandIn one) throws Exception {
    Object made = type.getConstructor().newInstance();
    type.getField("end").set(made, end);
    Thread thread = one.form() == Form.THREAD ? (Thread) made : new Thread((Runnable) made);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private Thread held(Class<?> type, String field) throws Exception {
    Thread made =
        worker(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              thread.setContextClassLoader(loader);
              return thread;
            });
    Field holder = type.getDeclaredField(field);
    holder.setAccessible(true);
    holder.set(null, pools.get(pools.size() - 1));
    return made;
  }

  private Thread worker(ThreadFactory factory) throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>(), factory);
    pools.add(pool);
    return pool.submit(Thread::currentThread).get();
  }

  void end() throws Exception {
    end.countDown();
    pools.forEach(ExecutorService::shutdownNow);
    loader.close();
  }
}
