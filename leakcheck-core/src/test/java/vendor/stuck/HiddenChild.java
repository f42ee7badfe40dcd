package vendor.stuck;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.Planted;
import java.io.InputStream;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A JVM of its own with a thread that waits, and a live one that alone holds what the other waits
 * for, in a way that no dump shows. Prints the answer.
 */
public final class HiddenChild {

  private static final BlockingQueue<BlockingQueue<Object>> PASSED = new LinkedBlockingQueue<>();
  private static final BlockingQueue<Ending> PASSED_THREAD = new LinkedBlockingQueue<>();
  private static final CountDownLatch HIDDEN = new CountDownLatch(1);
  private static volatile boolean awaited;
  private static volatile long work;
  private static int repetition;
  private static ClassLoader locked;
  private static ThreadGroup group;

  private HiddenChild() {}

  /** How it is hidden. */
  public enum Case {
    /** An argument of a call whose class is being initialised. */
    INITIALISES,
    /** The same, by another thread. */
    AWAITS_INITIALISER,
    /** An argument of a call whose class is being loaded. */
    LOADS,
    /** The same, whose class loader the JVM wants to lock first. */
    WANTS_LOADER,
    /** Nowhere: the code itself wants a monitor. */
    WANTS_MONITOR,
    /** Nowhere: the monitor might be the JVM's, but nothing of that code is of a locked loader. */
    WANTS_ARRAY,
    /** An argument of a call by reflection whose class is being initialised. */
    REFLECTS,
    /** Nowhere: the thread has an id that its class made up. */
    OWN_ID,
    /** A part of an object that reflection is making. */
    MAKES,
    /** Perhaps in a register of a thread that runs. */
    WORKS,
    /** What a block holds that will be run again. */
    REPEATS,
    /**
     * A thread that is about to end and wants its own monitor, of which a live one is in a call.
     */
    ENDS,
    /** Given to a hidden class, whose static method asks for it. */
    CLASS_DATA,
    CLASS_DATA_BESIDE_A_LAMBDA,
    /** In no thread: the group of the one that waits is in a static field. */
    GROUP,
    /** The same, of a group that is not inside of that of main. */
    GROUP_BESIDE_MAIN,
    /** In no thread, and the group is known to nobody else. */
    GROUP_OF_NOBODY,
    /** In a field of the group of a thread that sleeps, which is told what that throws. */
    GROUP_THAT_IS_TOLD,
    /** The same, of a group around that one. */
    GROUP_AROUND_THAT_IS_TOLD,
    /** In such a field, and nobody is in the group but the one that waits. */
    GROUP_TOLD_OF_NOBODY,
    /** In a thread that was never started, which only the one that waits has. */
    NEVER_STARTED
  }

  private static void hidden() {
    HIDDEN.countDown();
    sleep();
  }

  private static void sleep() {
    try {
      Thread.sleep(1_000_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Sender {
    static {
      hidden();
    }

    static void send(BlockingQueue<Object> queue) {
      queue.add("sent");
    }
  }

  private static final class Made {
    private final BlockingQueue<Object> queue = next();

    private Made() {
      hidden();
    }
  }

  /** Of another loader, which takes its time. */
  public static final class Caller implements Runnable {
    /** Has the class loaded whose method it calls first. */
    public Caller() {
      HiddenChild.nothing();
    }

    @Override
    public void run() {
      Callee.send(next());
    }
  }

  /** Of the other loader's parent. */
  public static final class Callee {
    /** Feeds. */
    public static void send(BlockingQueue<Object> queue) {
      queue.add("sent");
    }
  }

  private static final class SlowLoader extends ClassLoader {
    SlowLoader() {
      super(HiddenChild.class.getClassLoader());
    }

    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
      if (name.equals(Callee.class.getName())) {
        hidden();
      }
      if (!name.equals(Caller.class.getName())) {
        return super.loadClass(name);
      }
      try (var file = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (java.io.IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** Does nothing. */
  public static void nothing() {}

  /** What the waiting thread waits for, which nobody else has from now on. */
  public static BlockingQueue<Object> next() {
    return PASSED.remove();
  }

  /** Plants one and asks. */
  public static void main(String[] args) throws Exception {
    switch (Case.valueOf(args[0])) {
      case ENDS -> joinOneThatEnds();
      case NEVER_STARTED -> waitInOneThatWasNeverStarted();
      case GROUP -> group = waitInAGroup();
      case GROUP_BESIDE_MAIN -> group = waitIn(new ThreadGroup(system(), "beside"));
      case GROUP_OF_NOBODY -> waitInAGroup();
      case GROUP_TOLD_OF_NOBODY -> {
        Told told = new Told();
        waitIn(told, told.queue);
      }
      default -> plant();
    }
    hide(Case.valueOf(args[0]));
    Planted.await(HIDDEN);
    StuckCases.settled();
    StuckChild.ask();
    Runtime.getRuntime().halt(0);
  }

  private static void plant() {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    PASSED.add(queue);
    StuckCases.start("?fed", queue::take);
  }

  private static void hide(Case how) throws Exception {
    switch (how) {
      case INITIALISES -> StuckCases.start("live", () -> Sender.send(next()));
      case AWAITS_INITIALISER -> {
        StuckCases.start("initialises", () -> Class.forName(Sender.class.getName()));
        Planted.await(HIDDEN);
        Thread live = StuckCases.start("live", () -> Sender.send(next()));
        awaitIn(live, "hide");
      }
      case LOADS -> {
        Runnable caller =
            (Runnable)
                new SlowLoader()
                    .loadClass(Caller.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
        StuckCases.start("live", caller::run);
      }
      case WANTS_LOADER -> {
        SlowLoader loader = new SlowLoader();
        Runnable caller =
            (Runnable)
                loader.loadClass(Caller.class.getName()).getDeclaredConstructor().newInstance();
        hold(loader);
        awaitBlocked(StuckCases.start("live", caller::run));
      }
      case WANTS_MONITOR -> {
        Object monitor = new Object();
        hold(monitor);
        awaitBlocked(StuckCases.start("live", () -> enter(monitor)));
      }
      case WANTS_ARRAY -> {
        locked = new SlowLoader();
        int[] monitor = new int[0];
        hold(monitor);
        awaitBlocked(StuckCases.start("live", () -> enter(monitor)));
      }
      case REFLECTS -> {
        Method send = Sender.class.getDeclaredMethod("send", BlockingQueue.class);
        StuckCases.start("live", () -> send.invoke(null, arguments()));
      }
      case OWN_ID -> {
        Thread live = new OwnId();
        live.setDaemon(true);
        live.start();
      }
      case MAKES -> {
        Constructor<Made> constructor = Made.class.getDeclaredConstructor();
        StuckCases.start("live", () -> constructor.newInstance().queue.add("sent"));
      }
      case WORKS -> StuckCases.start("live", HiddenChild::work);
      case REPEATS -> StuckCases.start("live", () -> repeat(next()));
      case CLASS_DATA, CLASS_DATA_BESIDE_A_LAMBDA -> {
        Class<?> given =
            given(how == Case.CLASS_DATA ? Given.class : Given$$LambdaForm.class, next());
        StuckCases.start(
            "live",
            () -> {
              hidden();
              given.getMethod("feed").invoke(null);
            });
      }
      case GROUP_THAT_IS_TOLD -> sleepIn(new Told(next()));
      case GROUP_AROUND_THAT_IS_TOLD -> sleepIn(new ThreadGroup(new Told(next()), "inside"));
      case ENDS, NEVER_STARTED, GROUP, GROUP_BESIDE_MAIN, GROUP_OF_NOBODY, GROUP_TOLD_OF_NOBODY ->
          HIDDEN.countDown();
      default -> throw new IllegalArgumentException(how.name());
    }
  }

  /** A class that is defined once more as a hidden one. */
  public static final class Given {
    private Given() {}

    public static void feed() throws IllegalAccessException {
      MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, Runnable.class)
          .run();
    }
  }

  /** The same in a class whose name begins as those do that the JDK makes for lambdas. */
  public static final class Given$$LambdaForm {
    private Given$$LambdaForm() {}

    public static void feed() throws IllegalAccessException {
      MethodHandles.classData(MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, Runnable.class)
          .run();
    }
  }

  private static Class<?> given(Class<?> type, BlockingQueue<Object> queue) throws Exception {
    Runnable feeds = () -> queue.add("fed");
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream in = HiddenChild.class.getResourceAsStream(file)) {
      return MethodHandles.lookup()
          .defineHiddenClassWithClassData(in.readAllBytes(), feeds, false)
          .lookupClass();
    }
  }

  private static final class Ending extends Thread {
    private final CountDownLatch ends = new CountDownLatch(1);

    Ending() {
      super("ends");
    }

    @Override
    public void run() {
      Planted.await(ends);
    }

    /** Compiled, it has the monitor and no variable. */
    synchronized void report() {
      ends.countDown();
      HiddenChild.sleep();
    }
  }

  /** Is told what its threads throw. */
  private static final class Told extends ThreadGroup {
    private final BlockingQueue<Object> queue;

    Told() {
      this(new LinkedBlockingQueue<>());
    }

    Told(BlockingQueue<Object> queue) {
      super("told");
      this.queue = queue;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
      queue.add(thrown);
    }
  }

  private static ThreadGroup system() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** Of a group inside the one that is given back. */
  private static ThreadGroup waitInAGroup() {
    ThreadGroup around = new ThreadGroup("around");
    waitIn(new ThreadGroup(around, "inside"));
    return around;
  }

  private static ThreadGroup waitIn(ThreadGroup group) {
    return waitIn(group, new LinkedBlockingQueue<>());
  }

  private static ThreadGroup waitIn(ThreadGroup group, BlockingQueue<Object> queue) {
    Thread thread =
        new Thread(
            group,
            () -> {
              try {
                queue.take();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            "?fed");
    thread.start();
    return group;
  }

  private static void sleepIn(ThreadGroup group) {
    Thread live =
        new Thread(
            group,
            () -> {
              hidden();
              throw new IllegalStateException("it was to sleep on");
            },
            "live");
    live.setDaemon(true);
    live.start();
  }

  private static void joinOneThatEnds() throws InterruptedException {
    Ending ending = new Ending();
    PASSED_THREAD.add(ending);
    ending.start();
    StuckCases.start("?fed", ending::join);
    awaitWaiting("?fed");
    StuckCases.start("live", () -> PASSED_THREAD.remove().report());
    while (listed("ends") != null) {
      Thread.sleep(10);
    }
  }

  private static void waitInOneThatWasNeverStarted() {
    Ending never = new Ending();
    StuckCases.start("?fed", () -> never.ends.await());
  }

  private static void awaitWaiting(String name) throws InterruptedException {
    Thread thread = listed(name);
    while (thread == null || thread.getState() != Thread.State.WAITING) {
      Thread.sleep(10);
      thread = listed(name);
    }
  }

  private static Thread listed(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static Object[] arguments() {
    return new Object[] {next()};
  }

  private static void hold(Object monitor) {
    StuckCases.start(
        "holds",
        () -> {
          synchronized (monitor) {
            hidden();
          }
        });
    Planted.await(HIDDEN);
  }

  private static void enter(Object monitor) {
    next();
    synchronized (monitor) {
      monitor.notifyAll();
    }
  }

  private static void awaitBlocked(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.BLOCKED) {
      Thread.sleep(10);
    }
  }

  /** As a thread may be before Java 19: nobody may ask it. */
  private static final class OwnId extends Thread {
    OwnId() {
      super("live");
    }

    @Override
    @SuppressWarnings("deprecation")
    public long getId() {
      throw new UnsupportedOperationException("it has none");
    }

    @Override
    public void run() {
      next();
      hidden();
    }
  }

  /** It has the queue no more, but who knows? */
  private static void work() {
    next();
    HIDDEN.countDown();
    while (!awaited) {
      work++;
    }
  }

  private static void repeat(BlockingQueue<Object> queue) {
    LeakCheck.assertNoGrowth(
        5,
        () -> {
          if (repetition++ == 0) {
            hidden();
          } else {
            queue.add("sent");
          }
        });
  }

  /** It has taken the queue, and its innermost frame is of a method here. */
  private static void awaitIn(Thread thread, String method) throws InterruptedException {
    while (!PASSED.isEmpty()
        || thread.getStackTrace().length == 0
        || !thread.getStackTrace()[0].getMethodName().contains(method)) {
      Thread.sleep(10);
    }
  }
}
