package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whom a finding names: who owns what was left, not who made it for them. */
class MakersTest {

  private static final String LIBRARYS_OWN = "; if that was done, this is the library's own leak";

  /** A library as many are: what starts it is inherited, what runs is deep inside. */
  private static final String SERVER =
      """
      package org.example.server;

      import java.util.concurrent.*;

      public class Server extends Lifecycle {
        static final class Workers implements ThreadFactory {
          public Thread newThread(Runnable worker) {
            Thread thread = new Thread(worker, "worker");
            thread.setDaemon(true);
            return thread;
          }

          void start(Runnable task) {
            newThread(task).start();
          }
        }

        private final Workers workers = new Workers();
        private Object[] parts;

        @Override
        void doStart() {
          parts = new Object[] {
            Executors.newScheduledThreadPool(1, workers), Executors.newFixedThreadPool(2, workers)
          };
          workers.start(() -> java.util.concurrent.locks.LockSupport.park());
        }

        /** What it returns cannot be stopped. */
        public static String open() {
          new Server().doStart();
          return "open";
        }
      }

      abstract class Lifecycle {
        public void start() {
          doStart();
        }

        public void stop() {}

        abstract void doStart();
      }
      """;

  /** One of which nothing but the caller tells what it is, as it overrides nothing. */
  private static final String QUIET =
      """
      package org.example.server;

      import java.util.concurrent.*;

      public class Quiet extends Pools {
        public static final class Builder {
          public Quiet build() {
            Quiet quiet = new Quiet();
            quiet.start();
            return quiet;
          }
        }
      }
      """;

  /** A builder of anything, and a client whose own threads make more. */
  private static final String CLIENT =
      """
      package org.example.server;

      import java.util.concurrent.*;

      public class Client implements AutoCloseable {
        public static class Builder<T> {
          private final Callable<T> made;

          public Builder(Callable<T> made) {
            this.made = made;
          }

          public final T build() throws Exception {
            return made.call();
          }
        }

        private final Pools pools = new Quiet();

        public Client() {
          pools.start();
        }

        /** Closed after it, but its timer goes on. */
        public static void send() throws InterruptedException {
          Thread first = daemon(() -> join(daemon(Client::startTimer)), "client-io");
          first.join();
        }

        private static void startTimer() {
          daemon(java.util.concurrent.locks.LockSupport::park, "client-timer");
        }

        private static Thread daemon(Runnable code) {
          return daemon(code, "client-helper");
        }

        private static Thread daemon(Runnable code, String name) {
          Thread thread = new Thread(code, name);
          thread.setDaemon(true);
          thread.start();
          return thread;
        }

        private static void join(Thread thread) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }

        @Override
        public void close() {
          pools.stop();
        }
      }
      """;

  private static final String POOLS =
      """
      package org.example.server;

      import java.util.concurrent.*;

      public abstract class Pools {
        private ExecutorService pool;

        public void start() {
          pool = Executors.newFixedThreadPool(1);
          ((ThreadPoolExecutor) pool).prestartAllCoreThreads();
        }

        public void stop() {
          pool.shutdown();
        }
      }
      """;

  /** What makes its threads when a part of it is first used, or by a method that can be undone. */
  private static final String GRID =
      """
      package org.example.server;

      import java.util.concurrent.*;

      public class Grid {
        public interface Cache {
          String get();
        }

        private static final class Part implements Cache {
          @Override
          public String get() {
            ExecutorService pool = Executors.newFixedThreadPool(1);
            ((ThreadPoolExecutor) pool).prestartAllCoreThreads();
            return "";
          }
        }

        public static Grid create() {
          return new Grid();
        }

        public Cache cache() {
          return new Part();
        }

        public Feed feed() {
          return new Feed();
        }

        public void shutdown() {}

        public interface Handle {
          void dispose();
        }

        /** Gives what ends the reading, or nothing, by methods of one name. */
        public static class Feed {
          public Handle read(Runnable reader) {
            start();
            return () -> {};
          }

          public void read(Runnable reader, int times) {
            start();
          }

          private static void start() {
            ((ThreadPoolExecutor) Executors.newFixedThreadPool(1)).prestartAllCoreThreads();
          }
        }

        public static class Hub implements AutoCloseable {
          public Cache cache() {
            return new Part();
          }

          @Override
          public void close() {}
        }

        /** A part that is in sight of nobody. */
        public static Cache shared(Object... of) {
          return new Part();
        }

        public static class Driver implements AutoCloseable {
          private final Thread thread;

          private Driver(Thread thread) {
            this.thread = thread;
          }

          public static Driver launch() {
            return new Driver(startOnThread());
          }

          private static Thread startOnThread() {
            Thread thread = new Thread(java.util.concurrent.locks.LockSupport::park, "driver");
            thread.setDaemon(true);
            thread.start();
            return thread;
          }

          @Override
          public void close() {
            thread.interrupt();
          }
        }

        public static class Broker {
          public void startServer() {
            ((ThreadPoolExecutor) Executors.newFixedThreadPool(1)).prestartAllCoreThreads();
          }

          public void stopServer() {}

          public void beginServer() {
            ((ThreadPoolExecutor) Executors.newFixedThreadPool(1)).prestartAllCoreThreads();
          }
        }
      }
      """;

  /** What is built of parts, some of which have threads. */
  private static final String TRACES =
      """
      package org.example.server;

      import java.util.concurrent.locks.LockSupport;

      public class Traces implements AutoCloseable {
        public static Builder builder() {
          return new Builder();
        }

        @Override
        public void close() {}

        public static class Builder {
          public Builder add(Part part) {
            return this;
          }

          public Builder name(String name) {
            return this;
          }

          public Traces build() {
            return new Traces();
          }
        }

        public static class Sdk implements AutoCloseable {
          public Sdk(Traces traces) {}

          @Override
          public void close() {}
        }

        public interface Part {}

        public static class Batch implements Part, AutoCloseable {
          private Batch() {
            Thread worker = new Thread(LockSupport::park, "batch");
            worker.setDaemon(true);
            worker.start();
          }

          public static Batch create() {
            return new Batch();
          }

          @Override
          public void close() {}
        }
      }
      """;

  /** Some tasks of the common pool never end. */
  private static final String WORKERS = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=4";

  /** Threads that are to be closed, and what runs in some. */
  private static final String RUNNERS =
      """
      package org.example.server;

      import java.util.concurrent.*;
      import java.util.concurrent.locks.LockSupport;

      public class Runners {
        public static class Refresher extends Thread implements AutoCloseable {
          public Refresher() {
            setDaemon(true);
          }

          @Override
          public void run() {
            LockSupport.park();
          }

          @Override
          public void close() {
            interrupt();
          }
        }

        public static class Endless extends Thread {
          public Endless() {
            setDaemon(true);
          }

          @Override
          public void run() {
            LockSupport.park();
          }

          /** Nobody outside may call it. */
          void shutdown() {
            interrupt();
          }
        }

        /** Has a thread of its own, and another's run its loop. */
        public static class Watcher implements AutoCloseable {
          private final Thread reader = new Endless();

          public Watcher() {
            reader.start();
          }

          public void watch() throws InterruptedException {
            CountDownLatch runs = new CountDownLatch(1);
            CompletableFuture.runAsync(() -> loop(runs));
            runs.await();
          }

          private void loop(CountDownLatch runs) {
            runs.countDown();
            LockSupport.park();
          }

          @Override
          public void close() {}
        }

        public static class Loop implements Runnable, AutoCloseable {
          @Override
          public void run() {
            LockSupport.park();
          }

          @Override
          public void close() {}

          public static Thread startOnThread(Runnable loop) {
            Thread thread = new Thread(loop, "loop");
            thread.setDaemon(true);
            thread.start();
            return thread;
          }
        }
      }
      """;

  /** Its threads are started by one that is older than any of it. */
  private static final String LATE =
      """
      package org.example.server;

      import java.util.concurrent.*;
      import java.util.concurrent.locks.LockSupport;

      public class Late implements AutoCloseable {
        private static final BlockingQueue<Runnable> STARTS = new LinkedBlockingQueue<>();

        static {
          Thread starter = new Thread(Late::start, "late-starter");
          starter.setDaemon(true);
          starter.start();
        }

        private static final ScheduledExecutorService TICKS =
            Executors.newScheduledThreadPool(1);

        private final Worker worker = new Worker(this);

        public static void tick(Runnable each) {
          TICKS.scheduleAtFixedRate(each, 1, 1, TimeUnit.HOURS);
        }

        public static Future<?> scheduleTicks(Runnable each) {
          return TICKS.scheduleAtFixedRate(each, 1, 1, TimeUnit.HOURS);
        }

        public void begin() throws Exception {
          begin(worker);
        }

        @Override
        public void close() {}

        public static void beginHidden() throws Exception {
          begin(new Hidden().worker);
        }

        private static void begin(Worker worker) throws Exception {
          STARTS.put(worker::begin);
          worker.begun.await();
        }

        private static void start() {
          while (true) {
            try {
              STARTS.take().run();
            } catch (InterruptedException e) {
              return;
            }
          }
        }

        /** Nobody else knows it. */
        static class Hidden implements AutoCloseable {
          private final Worker worker = new Worker(this);

          @Override
          public void close() {}
        }

        static class Worker implements Runnable {
          final CountDownLatch begun = new CountDownLatch(1);
          private final Object of;
          private volatile Thread thread;

          Worker(Object of) {
            this.of = of;
          }

          void begin() {
            thread = new Thread(this, "late");
            thread.setDaemon(true);
            thread.start();
            begun.countDown();
          }

          @Override
          public void run() {
            LockSupport.park(of);
          }
        }
      }
      """;

  /** Calls what it stands before, or makes itself what is asked for. */
  private static final String ADVICE =
      """
      package org.example.server;

      import java.lang.reflect.*;
      import java.util.concurrent.*;

      public class Advice {
        public static <T> T around(Class<T> type, T target) {
          return proxy(type, (proxy, method, given) -> proceed(method, target, given));
        }

        public static <T> T instead(Class<T> type) {
          return proxy(type, (proxy, method, given) -> make());
        }

        private static <T> T proxy(Class<T> type, InvocationHandler handler) {
          Class<?>[] types = {type};
          return type.cast(Proxy.newProxyInstance(type.getClassLoader(), types, handler));
        }

        private static Object proceed(Method method, Object target, Object[] given)
            throws Exception {
          method.setAccessible(true);
          return method.invoke(target, given);
        }

        private static Object make() {
          Object[] made = {Executors.newFixedThreadPool(1), "kept by nobody"};
          ((ExecutorService) made[0]).submit(() -> {});
          return null;
        }
      }
      """;

  /** What users write around a library, and around their own. */
  private static final String USES =
      """
      package com.acme;

      import java.util.Queue;
      import java.util.concurrent.*;
      import org.example.server.*;

      public class Uses {
        public static void inherited() {
          new Quiet().start();
        }

        public static void built() {
          new Quiet.Builder().build();
        }

        public static void generic() throws Exception {
          Client client = new Client.Builder<Client>(Client::new).build();
        }

        static class Shop implements AutoCloseable {
          private final Client client;

          Shop() throws Exception {
            client = new Client.Builder<Client>(Client::new).build();
          }

          public void close() {
            client.close();
          }
        }

        public static void genericInField() throws Exception {
          new Shop();
        }

        public static void sent() throws Exception {
          Client.send();
        }

        public static void superclass() {
          Pools pools = new Quiet();
          pools.start();
        }

        abstract static class Service {
          private final ExecutorService pool = Executors.newFixedThreadPool(1);

          public void stop() {
            pool.shutdown();
          }
        }

        static class Orders extends Service {}

        public static void service() {
          new Orders();
        }

        static class Web implements AutoCloseable {
          private final Quiet quiet = new Quiet();
          private final Server server = new Server();

          Web() {
            quiet.start();
            server.start();
          }

          public void close() {
            server.stop();
            quiet.stop();
          }
        }

        public static void wrapped() {
          new Web();
        }

        /** Keeps nothing of what it starts. */
        static class Starter implements AutoCloseable {
          Starter() {
            new Quiet().start();
          }

          public void close() {}
        }

        public static void local() {
          new Starter();
        }

        static class Hooked implements AutoCloseable {
          final ExecutorService pool = Executors.newFixedThreadPool(1);
          final Thread hook = new Thread(this::close, "hook");

          Hooked() {
            Runtime.getRuntime().addShutdownHook(hook);
          }

          public void close() {
            pool.shutdown();
            Runtime.getRuntime().removeShutdownHook(hook);
          }
        }

        public static void hooked() {
          new Hooked();
        }

        public static void hookBeside() {
          new Orders();
          Runtime.getRuntime().addShutdownHook(new Thread("other"));
        }

        static class Native implements AutoCloseable {
          final Process process;
          final Thread hook = new Thread(this::close, "native");

          Native() throws Exception {
            process = new ProcessBuilder("sleep", "60").start();
            Runtime.getRuntime().addShutdownHook(hook);
          }

          public void close() {
            process.destroy();
          }
        }

        public static void process() throws Exception {
          new Native();
        }

        static class Stuck implements AutoCloseable {
          final ExecutorService pool = Executors.newFixedThreadPool(1);
          final ExecutorService second = Executors.newFixedThreadPool(1);
          final CountDownLatch done = new CountDownLatch(1);
          final CountDownLatch closing = new CountDownLatch(1);

          public void close() {
            closing.countDown();
            try {
              done.await();
            } catch (InterruptedException e) {
              return;
            }
            pool.shutdown();
          }
        }

        public static void stuck() throws Exception {
          Stuck stuck = new Stuck();
          Thread closer = new Thread(stuck::close, "closer");
          closer.setDaemon(true);
          closer.start();
          stuck.closing.await();
        }

        static class Twins implements AutoCloseable {
          Twins() {
            for (int i = 0; i < 2; i++) {
              Thread twin = new Thread(java.util.concurrent.locks.LockSupport::park, "twin");
              twin.setDaemon(true);
              twin.start();
            }
            new java.util.Timer("ticks", true);
          }

          public void close() {}
        }

        public static void twins() {
          new Twins();
        }

        static class Maker {
          ExecutorService make() {
            return Executors.newFixedThreadPool(1);
          }
        }

        public static void made() {
          new Maker().make();
        }

        static class Lazy<T> {
          private final Callable<T> init;
          private T value;

          Lazy(Callable<T> init) {
            this.init = init;
          }

          T get() throws Exception {
            value = value == null ? init.call() : value;
            return value;
          }
        }

        public static void lazy() throws Exception {
          Object one = new Lazy<ExecutorService>(Executors::newCachedThreadPool).get().submit(() -> 1).get();
        }

        /** Near a factory: it keeps what it gives away. */
        static class Keeper {
          private static ExecutorService all;
          private ExecutorService pool;

          ExecutorService pool() {
            pool = Executors.newFixedThreadPool(1);
            return pool;
          }

          static ExecutorService all() {
            all = Executors.newFixedThreadPool(1);
            return all;
          }
        }

        public static void kept() {
          new Keeper().pool();
        }

        public static void keptByClass() {
          Keeper.all();
        }

        /** The same: it has a method to stop it. */
        static class Registry implements AutoCloseable {
          private final Queue<ExecutorService> all = new ConcurrentLinkedQueue<>();

          ExecutorService make() {
            ExecutorService pool = Executors.newFixedThreadPool(1);
            all.add(pool);
            return pool;
          }

          public void close() {
            all.forEach(ExecutorService::shutdown);
          }
        }

        public static void registered() {
          new Registry().make();
        }

        /** A factory: its object has nothing to do with what it gives away. */
        static class Source implements AutoCloseable {
          ExecutorService make() {
            return Executors.newFixedThreadPool(1);
          }

          public void close() {}
        }

        static class Till implements AutoCloseable {
          private final ExecutorService pool = new Source().make();

          public void close() {
            pool.shutdown();
          }
        }

        public static void handedOut() {
          new Till();
        }

        static class Drawer implements AutoCloseable {
          private ExecutorService pool;

          Drawer() {
            fill();
          }

          private void fill() {
            pool = new Source().make();
          }

          public void close() {
            pool.shutdown();
          }
        }

        public static void filled() {
          new Drawer();
        }

        public static void partly() {
          Grid.create().cache().get();
        }

        public static void readWithAHandle() {
          Grid.create().feed().read(() -> {});
        }

        public static void readWithoutOne() {
          Grid.create().feed().read(() -> {}, 2);
        }

        public static void traced() {
          Traces.builder().add(Traces.Batch.create()).name("orders").build();
        }

        public static void tracedInSdk() {
          Traces.Batch batch = Traces.Batch.create();
          Traces traces = Traces.builder().name("orders").add(batch).build();
          new Traces.Sdk(traces);
        }

        public static void tracedBeside() {
          Traces.builder().name("orders").build();
          Traces.Batch.create();
          Traces.builder().name("orders").build();
        }

        public static void partlyLater() {
          Grid grid = Grid.create();
          Grid.Cache cache = grid.cache();
          cache.get();
        }

        public static void partlyOfOneOfTwo() {
          Grid.Cache cache = Grid.shared(Grid.create(), new Grid.Hub());
          cache.get();
        }

        public static void launched() {
          Grid.Driver driver = Grid.Driver.launch();
        }

        static class Fleet implements AutoCloseable {
          private final Grid.Driver driver = Grid.Driver.launch();

          public void close() {
            driver.close();
          }
        }

        public static void launchedInField() {
          new Fleet();
        }

        public static void served() {
          new Grid.Broker().startServer();
        }

        public static void servedWithoutAnEnd() {
          new Grid.Broker().beginServer();
        }

        private static Quiet quiet() {
          Quiet quiet = new Quiet();
          quiet.start(); // the call
          return quiet;
        }

        public static void helped() {
          quiet(); // whose
        }

        public static void refreshed() {
          new Runners.Refresher().start();
        }

        private static Grid.Driver driver() {
          return Grid.Driver.launch();
        }

        public static void launchedByOwnFactory() {
          driver();
        }

        private static Runners.Refresher refresher() {
          Runners.Refresher refresher = new Runners.Refresher();
          refresher.start();
          return refresher;
        }

        public static void refreshedByOwnFactory() {
          refresher();
        }

        private static Thread parker() {
          Thread parker = new Thread(java.util.concurrent.locks.LockSupport::park, "parker");
          parker.setDaemon(true);
          parker.start();
          return parker;
        }

        public static void parkedByOwnFactory() {
          Thread parker = parker();
        }

        public static void endless() {
          new Runners.Endless().start();
        }

        public static void looped() {
          Runners.Loop.startOnThread(new Runners.Loop());
        }

        public static void watched() throws Exception {
          new Runners.Watcher().watch();
        }

        public static void watchedBeside() throws Exception {
          new Runners.Watcher();
          CountDownLatch runs = new CountDownLatch(1);
          CompletableFuture.runAsync(() -> parkAfter(runs));
          runs.await();
        }

        private static void parkAfter(CountDownLatch runs) {
          runs.countDown();
          java.util.concurrent.locks.LockSupport.park();
        }

        public static void late() throws Exception {
          new Late().begin();
        }

        public static void lateTwice() throws Exception {
          late();
          late();
        }

        public static void lateHidden() throws Exception {
          Late.beginHidden();
        }

        static Client client;
        static Shop shop;

        public static void clientInStaticField() {
          client = new Client();
        }

        public static void shopInStaticField() throws Exception {
          shop = new Shop();
        }

        public static void ticked() {
          Late.tick(() -> System.out.println("tick"));
        }

        public static void tickedWithAFuture() {
          Late.scheduleTicks(() -> System.out.println("tick"));
        }

        public static void parked() {
          Runners.Loop.startOnThread(java.util.concurrent.locks.LockSupport::park);
        }

        public interface Office {
          ExecutorService work();
        }

        interface Hidden {
          ExecutorService work();
        }

        static class Desk implements Office, Hidden {
          @Override
          public ExecutorService work() {
            return Executors.newFixedThreadPool(1);
          }
        }

        public static void advised() {
          Advice.around(Office.class, new Desk()).work();
        }

        public static void advisedHidden() {
          Advice.around(Hidden.class, new Desk()).work();
        }

        public static void answered() {
          Advice.instead(Office.class).work();
        }
      }
      """;

  private static final List<String> USED =
      List.of(
          "inherited",
          "superclass",
          "built",
          "generic",
          "genericInField",
          "sent",
          "service",
          "wrapped",
          "local",
          "hooked",
          "hookBeside",
          "stuck",
          "twins",
          "made",
          "lazy",
          "kept",
          "keptByClass",
          "registered",
          "handedOut",
          "filled",
          "partly",
          "partlyLater",
          "readWithAHandle",
          "readWithoutOne",
          "traced",
          "tracedInSdk",
          "tracedBeside",
          "partlyOfOneOfTwo",
          "launched",
          "launchedByOwnFactory",
          "refreshedByOwnFactory",
          "parkedByOwnFactory",
          "launchedInField",
          "served",
          "servedWithoutAnEnd",
          "helped",
          "advised",
          "advisedHidden",
          "answered",
          "refreshed",
          "endless",
          "looped",
          "parked",
          "watched",
          "watchedBeside");

  private static final List<String> WATCHED =
      List.of(
          "late",
          "lateTwice",
          "lateHidden",
          "ticked",
          "tickedWithAFuture",
          "clientInStaticField",
          "shopInStaticField");

  @TempDir private static Path directory;
  private static String text;
  private static String withoutAgent;

  @BeforeAll
  static void runAll() throws Exception {
    Path library = Files.createDirectory(directory.resolve("library"));
    compile(library, library, "Server", SERVER);
    compile(library, library, "Pools", POOLS);
    compile(library, library, "Quiet", QUIET);
    compile(library, library, "Client", CLIENT);
    compile(library, library, "Grid", GRID);
    compile(library, library, "Advice", ADVICE);
    compile(library, library, "Runners", RUNNERS);
    compile(library, library, "Late", LATE);
    compile(library, library, "Traces", TRACES);
    Path jar = AgentJvm.write(directory.resolve("server.jar"), new Manifest(), library);
    Path user = Files.createDirectory(directory.resolve("user"));
    compile(user, jar, "Uses", USES);
    List<String> programs =
        new ArrayList<>(
            List.of(
                "factory",
                "own-pool",
                "one-object",
                "no-stop",
                "deep",
                "works",
                "for-test",
                "started-twice",
                "for-object",
                "two-methods",
                "server start",
                "static open"));
    USED.forEach(method -> programs.add("use " + method));
    WATCHED.forEach(method -> programs.add("watch " + method));
    if (!OS.WINDOWS.isCurrentOs()) {
      programs.add("use process");
    }
    String classPath =
        String.join(
            File.pathSeparator,
            System.getProperty("java.class.path"),
            jar.toString(),
            user.toString());
    text =
        String.join(
            "\n",
            new AgentJvm(directory, MakersChild.class, classPath)
                .run(
                    List.of(AgentJvm.option(directory), WORKERS), programs.toArray(String[]::new)));
    withoutAgent =
        String.join(
            "\n",
            new AgentJvm(directory, MakersChild.class, classPath)
                .run(List.of(WORKERS), "watch refreshed", "watch lateHidden"));
  }

  private static void compile(Path classes, Path classPath, String name, String source)
      throws IOException {
    Path file = Files.writeString(directory.resolve(name + ".java"), source);
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-g",
                "-cp",
                classPath.toString(),
                "-d",
                classes.toString(),
                file.toString());
    assertThat(failed).isZero();
  }

  /** What is said of one of the programs. */
  private static String of(String program) {
    return of(program, text);
  }

  private static String of(String program, String text) {
    String from = text.substring(text.indexOf("== " + program + "\n"));
    int next = from.indexOf("\n== ", 1);
    return next < 0 ? from : from.substring(0, next);
  }

  private static List<String> lines(String text, String key) {
    return Arrays.stream(text.split("\n"))
        .map(String::strip)
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length()).strip())
        .toList();
  }

  @Test
  void factoryIsNotTheOwnerButWhoKeepsWhatItGaveAway() {
    assertThat(lines(of("factory"), "id")).hasSize(2).doesNotHaveDuplicates();
    assertThat(lines(of("factory"), "fix"))
        .noneMatch(fix -> fix.contains("Pools"))
        .satisfiesExactlyInAnyOrder(
            fix ->
                assertThat(fix)
                    .matches(
                        "see that MakersChild\\$Orders.close\\(\\) ends it \\(it made the executor at"
                            + " MakersChild.java:\\d+\\), and that it is called: the"
                            + " MakersChild\\$Orders is made at MakersChild.java:\\d+"),
            fix -> assertThat(fix).startsWith("see that MakersChild$Bills.stop() ends it"));
  }

  @Test
  void nothingIsMadeByItsOwnConstructor() {
    assertThat(fix("own-pool"))
        .startsWith(
            "call shutdown() when the test ends (it made the executor at MakersChild.java:");
  }

  @Test
  void methodOfAnObjectIsAFactoryTooIfNeitherKeepsWhatItMade() {
    for (String program : List.of("use made", "use lazy")) {
      assertThat(fix(program))
          .startsWith(
              "call shutdown() when the test ends (Uses."
                  + program.substring("use ".length())
                  + "() made the executor at Uses.java:");
      assertThat(lines(of(program), "allow"))
          .singleElement()
          .asString()
          .contains("createdBy = \"com.acme.Uses\"");
    }
  }

  @Test
  void whatAProxyStandsBeforeIsCalledByWhoCalledTheProxy() {
    for (String program : List.of("use advised", "use advisedHidden")) {
      assertThat(fix(program))
          .startsWith(
              "call shutdown() when the test ends (Uses."
                  + program.substring("use ".length())
                  + "() made the executor at Uses.java:");
      assertThat(of(program)).contains("Uses$Desk.work(").doesNotContain("Advice", "$Proxy");
    }
  }

  /** Near one: nothing of that name was called in its place. */
  @Test
  void whatAProxyMakesInstead() {
    assertThat(of("use answered")).contains("Advice.make(").doesNotContain("$Proxy");
    assertThat(fix("use answered")).startsWith("stop what Advice.").contains(" at Uses.java:");
  }

  @Test
  void methodThatKeepsWhatItMadeIsNoFactory() {
    assertThat(fix("use kept")).startsWith("call shutdown() in Uses$Keeper when it stops");
    assertThat(fix("use keptByClass"))
        .startsWith("call shutdown() when the test ends (Uses$Keeper.all() made the executor");
    assertThat(fix("use registered")).startsWith("see that Uses$Registry.close() ends it");
  }

  @Test
  void methodThatHasNothingToDoWithItsObjectIsAFactory() {
    assertThat(fix("use handedOut"))
        .startsWith("see that Uses$Till.close() ends it (it made the executor at Uses.java:")
        .contains("and that it is called: the Uses$Till is made at Uses.java:");
  }

  /** Whatever its constructor calls: the line is not the one that calls that. */
  @Test
  void ofAnObjectWhoseConstructorLedToItTheLineIsToldThatMakesTheObject() {
    assertThat(fix("use filled"))
        .contains("the Uses$Drawer is made at Uses.java:")
        .doesNotContain("fill() is called");
  }

  @Test
  void lineOfACallIsTheLineThatMakesIt() {
    assertThat(fix("use helped"))
        .startsWith(
            "call Quiet.stop() (Quiet.start() is called at Uses.java:"
                + lineOf("// the call")
                + " for Uses.java:"
                + lineOf("// whose")
                + ")");
  }

  private static int lineOf(String comment) {
    return (int) USES.substring(0, USES.indexOf(comment)).lines().count();
  }

  @Test
  void ownerIsTheSameLeakFromWhereverItIsMadeAndIsToldOnce() {
    assertThat(lines(of("two-methods"), "id")).hasSize(1).isSubsetOf(lines(of("factory"), "id"));
    assertThat(lines(of("two-methods"), "and")).containsExactly("1 more with the same id:");
  }

  @Test
  void whatOneCallWouldEndIsOneFinding() {
    assertThat(of("one-object"))
        .contains(
            "1) unclosed-executor   MakersChild$Feed, not ended: 2 executors and 2 threads\n");
    assertThat(lines(of("one-object"), "id")).hasSize(1);
  }

  @Test
  void ownerThatCannotBeStoppedIsNamedWithWhereItMadeIt() {
    assertThat(lines(of("no-stop"), "fix"))
        .singleElement()
        .asString()
        .startsWith("call shutdown() in MakersChild$Once when it stops (it made the executor at");
    assertThat(lines(of("deep"), "id")).isEqualTo(lines(of("no-stop"), "id"));
  }

  /** Near a factory: what it returns is not what it leaks. */
  @Test
  void whatAStaticMethodLeaksIsToBeEndedByWhoeverCalledIt() {
    String when = "when the test ends \\(MakersChild\\$Pools.";
    String where = " at MakersChild.java:\\d+ and is called at MakersChild.java:\\d+\\)";

    assertThat(fix("works"))
        .matches("call shutdown\\(\\) " + when + "sorted\\(\\) made the executor" + where + ".*");
    assertThat(fix("for-test"))
        .matches(when + "park\\(\\) started the thread" + where + ", interrupt\\(\\) .*");
    assertThat(of("for-test")).contains("createdBy = \"dev.leakcheck.agent.MakersChild\"");
  }

  @Test
  void whatAnotherTookThePlaceOfIsNotEndedByItsOwnersCall() {
    assertThat(lines(of("started-twice"), "id")).hasSize(1);
    assertThat(fix("started-twice"))
        .startsWith("see that MakersChild$Started.stop() ends it")
        .endsWith(
            "; if that was done, a later start() may have put another in its place: have that end"
                + " what is there first");
  }

  @Test
  void whatAStaticMethodMadeForAnObjectIsTheObjects() {
    assertThat(fix("for-object"))
        .matches(
            "when MakersChild\\$Parker stops \\(MakersChild\\$Pools.park\\(\\) started the thread at"
                + " MakersChild.java:\\d+ and is called at MakersChild.java:\\d+\\), .*");
  }

  @Test
  void theUsersLineIsShownHoweverDeepTheCallsAre() {
    String created = of("deep").substring(of("deep").indexOf("created at"));

    assertThat(created.substring(0, created.indexOf("workers")))
        .containsPattern("Pools.create\\(.*\n")
        .containsPattern("Once.<init>\\(.*\n")
        .containsPattern("… \\d+ frames\n")
        .containsPattern("MakersChild.main\\(.*\n");
  }

  @Test
  void libraryIsOneFindingThatNamesItsOwnCallAndTheUsersLine() {
    assertThat(of("server start"))
        .contains("1) unclosed-executor   Server, not ended: 2 executors and 1 thread\n");
    assertThat(lines(of("server start"), "fix"))
        .singleElement()
        .asString()
        .matches(
            "call Server.stop\\(\\) \\(Server.start\\(\\) is called at MakersChild.java:\\d+\\)"
                + LIBRARYS_OWN);
  }

  @Test
  void whatALibraryGaveNothingToStopForIsSaidToBeItsFault() {
    assertThat(lines(of("static open"), "fix"))
        .singleElement()
        .asString()
        .matches(
            "stop what Server.open\\(\\) made at MakersChild.java:\\d+; if that was done or cannot be,"
                + " this is the library's own leak");
  }

  @Test
  void librarysThingsAreOtherLeaksWhereverElseTheyAreMade() {
    assertThat(lines(of("server start"), "id")).isNotEqualTo(lines(of("static open"), "id"));
  }

  private static String fix(String program) {
    return String.join("\n", lines(of(program), "fix"));
  }

  @Test
  void classThatTheUserKnowsIsNamedAndNotTheOneThatItExtends() {
    assertThat(fix("use inherited"))
        .matches(
            "call Quiet.stop\\(\\) \\(Quiet.start\\(\\) is called at Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(fix("use superclass"))
        .matches(
            "call Pools.stop\\(\\) \\(Pools.start\\(\\) is called at Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(fix("use built"))
        .matches(
            "call Quiet.stop\\(\\) \\(Quiet\\$Builder.build\\(\\) is called at Uses.java:\\d+\\); if that"
                + " was done, or build\\(\\) threw, this is the library's own leak");
    assertThat(fix("use service"))
        .startsWith("see that Uses$Orders.stop() ends it (it made the executor at Uses.java:")
        .contains("and that it is called: the Uses$Orders is made at Uses.java:");
  }

  @Test
  void whatAGenericBuilderGivesIsWhatItsCallerTakesItFor() {
    assertThat(fix("use generic"))
        .matches(
            "call Client.close\\(\\) \\(Client\\$Builder.build\\(\\) is called at Uses.java:\\d+\\); if"
                + " that was done, or build\\(\\) threw, this is the library's own leak");
    assertThat(fix("use genericInField"))
        .startsWith("see that Uses$Shop.close() ends it")
        .contains("the Uses$Shop is made at Uses.java:");
  }

  @Test
  void whatAPartMadeIsOfTheObjectThatTheUserHadAtHand() {
    for (String program : List.of("use partly", "use partlyLater")) {
      assertThat(fix(program))
          .as(program)
          .matches(
              "call Grid.shutdown\\(\\) \\(Grid\\$Part.get\\(\\) is called at Uses.java:\\d+\\)"
                  + LIBRARYS_OWN);
    }
  }

  /** A method of the same name gives what could be disposed of; the user got nothing of it. */
  @Test
  void whatTheCalledMethodDoesNotGiveIsNotToBeStopped() {
    assertThat(fix("use readWithoutOne"))
        .matches(
            "call Grid.shutdown\\(\\) \\(Grid\\$Feed.read\\(\\) is called at Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(fix("use readWithAHandle"))
        .startsWith("call Grid$Handle.dispose() (Grid$Feed.read() is called at Uses.java:");
  }

  @Test
  void whatAPartMadeIsOfTheObjectThatThePartWasGivenTo() {
    String part =
        "or Traces\\$Batch.close\\(\\) \\(Traces\\$Batch.create\\(\\) is called at Uses.java:\\d+\\) if"
            + " that does not end it"
            + LIBRARYS_OWN;
    assertThat(fix("use traced"))
        .matches(
            "call Traces.close\\(\\), to which the Traces\\$Batch was given"
                + " \\(Traces\\$Builder.build\\(\\) is called at Uses.java:\\d+\\), "
                + part);
    assertThat(fix("use tracedInSdk"))
        .matches(
            "call Traces\\$Sdk.close\\(\\), to which the Traces\\$Batch was given"
                + " \\(the Traces\\$Sdk is made at Uses.java:\\d+\\), "
                + part);
  }

  /** Near one: others of the library are made beside it, and get nothing. */
  @Test
  void objectThatThePartWasNotGivenToIsNotNamed() {
    assertThat(fix("use tracedBeside"))
        .startsWith("call Traces$Batch.close() (Traces$Batch.create() is called at Uses.java:");
  }

  @Test
  void ofTwoObjectsAtHandNoneIsNamed() {
    assertThat(fix("use partlyOfOneOfTwo"))
        .startsWith("stop what Grid$Part.get() made at Uses.java:");
  }

  @Test
  void threadOfAnObjectThatALibrarysFactoryGaveIsNotTheTestsToInterrupt() {
    assertThat(fix("use launched"))
        .matches(
            "call Grid\\$Driver.close\\(\\) \\(Grid\\$Driver.launch\\(\\) is called at"
                + " Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(fix("use launchedInField"))
        .startsWith("see that Uses$Fleet.close() ends it (it started the thread at Uses.java:");
  }

  @Test
  void threadOfALibrarysObjectThatAFactoryOfTheUsersGaveIsNotTheTestsToInterrupt() {
    assertThat(fix("use launchedByOwnFactory"))
        .matches(
            "call Grid\\$Driver.close\\(\\) \\(Grid\\$Driver.launch\\(\\) is called at"
                + " Uses.java:\\d+ for Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(fix("use refreshedByOwnFactory"))
        .matches(
            "call Runners\\$Refresher.close\\(\\) \\(Runners\\$Refresher.start\\(\\) is called at"
                + " Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
  }

  /** Near one: what the user's factory gave is a thread of the user's own. */
  @Test
  void threadThatAFactoryOfTheUsersGaveIsInterrupted() {
    assertThat(fix("use parkedByOwnFactory"))
        .startsWith(
            "when the test ends (Uses.parkedByOwnFactory() started the thread at Uses.java:")
        .contains("interrupt() the thread and join() it");
  }

  @Test
  void threadThatIsALibrarysObjectToBeClosedIsNotInterrupted() {
    assertThat(fix("use refreshed"))
        .matches(
            "call Runners\\$Refresher.close\\(\\) \\(Runners\\$Refresher.start\\(\\) is called at"
                + " Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(fix("use looped"))
        .matches(
            "call Runners\\$Loop.close\\(\\) \\(Runners\\$Loop.startOnThread\\(\\) is called at"
                + " Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
    assertThat(lines(of("use looped"), "allow")).singleElement().asString().contains("acme.Uses");
  }

  @Test
  void taskOfTheCommonPoolIsOfTheObjectWhoseCodeItRuns() {
    assertThat(of("use watched"))
        .contains("1) stray-thread   Runners$Watcher, not ended: 1 thread and 1 busy common pool\n")
        .doesNotContain("2) ");
    assertThat(fix("use watched"))
        .matches(
            "call Runners\\$Watcher.close\\(\\) \\(the Runners\\$Watcher is made at"
                + " Uses.java:\\d+\\); if that was done, or new Runners\\$Watcher\\(\\) threw, this"
                + " is the library's own leak");
  }

  /** Near one: the user's own code runs there, beside such an object. */
  @Test
  void taskOfTheCommonPoolIsNobodysElse() {
    assertThat(of("use watchedBeside"))
        .contains("1) stray-thread ", "2) busy-common-pool ")
        .doesNotContain("3) ");
  }

  @Test
  void threadThatALibrarysOlderThreadStartedIsOfTheObjectThatItWorksFor() {
    assertThat(lines(of("watch late"), "held by"))
        .singleElement()
        .asString()
        .matches("Late@[0-9a-f]+, which its threads work for \\(where it was made is not known\\)");
    assertThat(of("watch late"))
        .containsPattern(
            "1\\) \\S+   Late@[0-9a-f]+, which its threads work for, not ended: 1 thread");
    assertThat(fix("watch late"))
        .matches(
            "call close\\(\\) on Late@[0-9a-f]+, which its threads work for, and let it end the thread");
    assertThat(lines(of("watch late"), "started by")).containsExactly("thread \"late-starter\"");
    assertThat(lines(of("watch lateTwice"), "id")).isEqualTo(lines(of("watch late"), "id"));
    assertThat(lines(of("watch lateTwice"), "and")).containsExactly("1 more with the same id:");
  }

  /** Near one: the test's code does not know what it works for. */
  @Test
  void soIsOneOfWhichNobodyTellsWhoStartedIt() {
    assertThat(lines(of("watch refreshed", withoutAgent), "fix"))
        .singleElement()
        .asString()
        .matches(
            "call close\\(\\) on Runners\\$Refresher@[0-9a-f]+, which its threads work for, and let it"
                + " end the thread");
    assertThat(of("watch lateHidden", withoutAgent))
        .contains("1) stray-thread ")
        .doesNotContain("which its threads work for");
  }

  /** Near one: the thread works for an object that the test's code does not know. */
  @Test
  void objectThatTheTestDoesNotKnowIsNotNamed() {
    assertThat(of("watch lateHidden")).contains("1) stray-thread ").doesNotContain("which its");
  }

  /** Near one: nothing that the user may call, and code of the user's in a library's thread. */
  @Test
  void threadThatNothingElseEndsIsInterrupted() {
    for (String program : List.of("use endless", "use parked")) {
      assertThat(fix(program)).contains("interrupt() the thread and join() it");
    }
  }

  @Test
  void methodThatUndoesAnotherIsNamedWhereNoneOfAUsualNameIsThere() {
    assertThat(fix("use served"))
        .startsWith("call Grid$Broker.stopServer() (Grid$Broker.startServer() is called at Uses");
    assertThat(fix("use servedWithoutAnEnd"))
        .startsWith("stop what Grid$Broker.beginServer() made at Uses.java:");
  }

  @Test
  void whatTheUsersOwnCloseHasToDoIsAdvisedAndNotWhatALibrarysHasTo() {
    assertThat(fix("watch clientInStaticField"))
        .isEqualTo(
            "close static field Uses.client (Client is AutoCloseable); if that was done, this is the"
                + " library's own leak");
    assertThat(fix("watch shopInStaticField"))
        .startsWith(
            "close static field Uses.shop (Uses$Shop is AutoCloseable), and let its close()");
  }

  @Test
  void taskThatALibraryGaveAwayIsStoppedByWhatTheUserCalledUnlessThatGivesItsFuture() {
    assertThat(fix("watch ticked"))
        .matches(
            "stop what Late.tick\\(\\) made at Uses.java:\\d+; if that was done or cannot be, this is"
                + " the library's own leak");
    assertThat(fix("watch tickedWithAFuture"))
        .startsWith("keep the ScheduledFuture that schedule…() returned, ");
  }

  /** The threads between the user's call and what is left have ended. */
  @Test
  void whatALibrarysThreadStartedIsOfTheUsersCallThatStartedTheFirst() {
    String started = of("use sent").substring(of("use sent").indexOf("started at"));

    assertThat(started.substring(0, started.indexOf("thread     ")))
        .containsSubsequence("Client.daemon(", "Client.send(", "Uses.sent(", "\n     started by")
        .contains("thread \"client-helper\": its own frames come first, then those that led to it");
    assertThat(fix("use sent"))
        .matches(
            "stop what Client.send\\(\\) made at Uses.java:\\d+; if that was done or cannot be, this is"
                + " the library's own leak");
    assertThat(lines(of("use sent"), "allow")).singleElement().asString().contains("com.acme.Uses");
  }

  @Test
  void usersOwnObjectAroundALibraryIsNamedIfItKeepsThat() {
    assertThat(of("use wrapped"))
        .contains("1) unclosed-executor   Uses$Web, not ended: 3 executors and 1 thread\n")
        .doesNotContain("2) ");
    assertThat(fix("use wrapped"))
        .startsWith("see that Uses$Web.close() ends it")
        .contains("the Uses$Web is made at Uses.java:");
    assertThat(fix("use local"))
        .matches(
            "call Quiet.stop\\(\\) \\(Quiet.start\\(\\) is called at Uses.java:\\d+\\)"
                + LIBRARYS_OWN);
  }

  @Test
  void shutdownHookIsOfTheCauseThatItsOwnerIs() {
    assertThat(of("use hooked"))
        .contains("1) unclosed-executor   Uses$Hooked, not ended: 1 executor and 1 shutdown hook\n")
        .doesNotContain("2) ");
    assertThat(lines(of("use hooked"), "hook")).containsExactly("\"hook\", still registered");
    assertThat(of("use hookBeside"))
        .contains("1) unclosed-executor ")
        .contains("2) shutdown-hook ");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void processAndHookOfOneOwnerAreOneCause() {
    assertThat(of("use process"))
        .contains(
            "1) child-process   Uses$Native, not ended: 1 child process and 1 shutdown hook\n")
        .doesNotContain("2) ");
    assertThat(fix("use process")).startsWith("see that Uses$Native.close() ends it");
  }

  @Test
  void callThatWasMadeAndHangsIsNotAdvised() {
    assertThat(of("use stuck"))
        .contains("unclosed-executor   Uses$Stuck, closed and not ended: 2 executors\n");
    assertThat(lines(of("use stuck"), "called"))
        .singleElement()
        .asString()
        .startsWith(
            "Uses$Stuck.close(), and thread \"closer\" is still in it, waiting in"
                + " CountDownLatch.await() at Uses.java:");
    assertThat(fix("use stuck"))
        .contains("Uses$Stuck.close() was called and has not returned: see that what it waits for");
  }

  @Test
  void threadsOfOneNameAreCounted() {
    assertThat(lines(of("use twins"), "threads"))
        .singleElement()
        .isIn("2 × twin, ticks (daemon)", "ticks, 2 × twin (daemon)");
  }
}
