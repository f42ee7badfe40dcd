package dev.leakcheck.corpus;

import static dev.leakcheck.corpus.Case.clean;
import static dev.leakcheck.corpus.Case.leaky;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.corpus.Case.Shape;
import dev.leakcheck.corpus.Case.Visible;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What is left in places that outlive the test: the common pool, pooled threads, the JVM, the OS.
 */
final class OtherCases {

  private static final ThreadLocal<Object> CURRENT_USER = new ThreadLocal<>();
  private static final ThreadLocal<List<Object>> BUFFER = ThreadLocal.withInitial(ArrayList::new);
  private static final int REPETITIONS = 8;

  private record User(String name) {}

  private OtherCases() {}

  static List<Case> all() {
    return List.of(
        leaky(
            "a task is stuck in the common pool",
            stage -> {
              CountDownLatch never = stage.after(new CountDownLatch(1), CountDownLatch::countDown);
              CountDownLatch begun = new CountDownLatch(1);
              CompletableFuture.runAsync(
                  () -> {
                    begun.countDown();
                    Stage.awaitQuietly(never);
                  });
              begun.await();
            },
            LeakKind.BUSY_COMMON_POOL),
        clean(
            "tasks in the common pool are joined",
            LeakKind.BUSY_COMMON_POOL,
            stage -> CompletableFuture.supplyAsync(() -> "price").join()),
        clean(
            "a task in the common pool ends soon",
            LeakKind.BUSY_COMMON_POOL,
            stage -> ForkJoinPool.commonPool().execute(Thread::yield)),
        leaky(
                "a task repeats in an older scheduler",
                stage ->
                    stage.after(
                        stage.fixture().scheduleAtFixedRate(BUFFER::remove, 1, 1, TimeUnit.HOURS),
                        task -> task.cancel(false)),
                LeakKind.LEFTOVER_TASK)
            .seen(Visible.IN_FIELDS_OF_THE_JDK),
        leaky(
                "a task is yet to run in an older scheduler",
                stage ->
                    stage.after(
                        stage.fixture().schedule(BUFFER::remove, 1, TimeUnit.HOURS),
                        task -> task.cancel(false)),
                LeakKind.LEFTOVER_TASK)
            .seen(Visible.WITH_AGENT),
        leaky(
                "a task never ends in an older pool",
                stage -> {
                  CountDownLatch begun = new CountDownLatch(1);
                  stage.after(
                      stage
                          .fixture()
                          .submit(
                              () -> {
                                begun.countDown();
                                return waiting(new CountDownLatch(1)).call();
                              }),
                      task -> task.cancel(true));
                  begun.await();
                },
                LeakKind.LEFTOVER_TASK)
            .seen(Visible.WITH_AGENT),
        clean(
            "tasks in an older scheduler are cancelled",
            LeakKind.LEFTOVER_TASK,
            stage -> {
              stage
                  .fixture()
                  .scheduleAtFixedRate(BUFFER::remove, 1, 1, TimeUnit.HOURS)
                  .cancel(true);
              stage.fixture().schedule(BUFFER::remove, 1, TimeUnit.HOURS).cancel(true);
            }),
        clean(
            "a task is about to run in an older scheduler",
            LeakKind.LEFTOVER_TASK,
            stage -> stage.fixture().schedule(BUFFER::remove, 10, TimeUnit.MILLISECONDS)),
        clean(
            "tasks in an older scheduler are done",
            LeakKind.LEFTOVER_TASK,
            stage -> {
              stage.fixture().submit(() -> "price").get();
              CountDownLatch thrice = new CountDownLatch(3);
              ScheduledFuture<?> task =
                  stage
                      .fixture()
                      .scheduleWithFixedDelay(thrice::countDown, 0, 1, TimeUnit.MILLISECONDS);
              thrice.await();
              task.cancel(false);
            }),
        leaky(
                "a task scope is never closed",
                stage -> {
                  AutoCloseable scope = TaskScopes.open();
                  stage.after(
                      () -> {
                        TaskScopes.join(scope);
                        scope.close();
                      });
                  CountDownLatch never =
                      stage.after(new CountDownLatch(1), CountDownLatch::countDown);
                  TaskScopes.fork(scope, waiting(never));
                },
                LeakKind.UNCLOSED_TASK_SCOPE)
            .with(Shape.STRUCTURED),
        clean(
                "a task scope is closed",
                LeakKind.UNCLOSED_TASK_SCOPE,
                stage -> {
                  try (AutoCloseable scope = TaskScopes.open()) {
                    TaskScopes.fork(scope, () -> "price");
                    TaskScopes.join(scope);
                  }
                })
            .with(Shape.STRUCTURED),
        leaky(
                "a fixture's thread keeps a value",
                stage -> stage.fixture().submit(() -> CURRENT_USER.set(new User("ann"))).get(),
                LeakKind.THREAD_LOCAL_RESIDUE)
            .seen(Visible.WITH_AGENT),
        clean(
            "a fixture's thread removes its value",
            LeakKind.THREAD_LOCAL_RESIDUE,
            stage ->
                stage
                    .fixture()
                    .submit(
                        () -> {
                          CURRENT_USER.set(new User("ann"));
                          CURRENT_USER.remove();
                        })
                    .get()),
        clean(
            "a fixture's thread keeps a buffer by design",
            LeakKind.THREAD_LOCAL_RESIDUE,
            stage -> stage.fixture().submit(() -> BUFFER.get().add("price")).get()),
        leaky(
            "a child process is never ended",
            stage -> stage.after(child(), Process::destroyForcibly),
            LeakKind.CHILD_PROCESS),
        clean(
            "a child process is ended",
            LeakKind.CHILD_PROCESS,
            stage -> child().destroyForcibly().waitFor()),
        leaky(
                "a shutdown hook is never removed",
                stage -> {
                  Thread hook = new Thread(() -> {}, "hook");
                  Runtime.getRuntime().addShutdownHook(hook);
                  stage.after(() -> Runtime.getRuntime().removeShutdownHook(hook));
                },
                LeakKind.SHUTDOWN_HOOK)
            .seen(Visible.WITH_AGENT),
        clean(
            "a shutdown hook is removed",
            LeakKind.SHUTDOWN_HOOK,
            stage -> {
              Thread hook = new Thread(() -> {}, "hook");
              Runtime.getRuntime().addShutdownHook(hook);
              Runtime.getRuntime().removeShutdownHook(hook);
            }),
        leaky(
                "every repetition leaves a thread",
                stage ->
                    LeakCheck.assertNoGrowth(
                        REPETITIONS,
                        () -> {
                          CountDownLatch never = new CountDownLatch(1);
                          stage.stuck("listener", never::await);
                        }),
                LeakKind.GROWTH)
            .onBoth(),
        clean(
                "every repetition ends what it starts",
                LeakKind.GROWTH,
                stage -> LeakCheck.assertNoGrowth(REPETITIONS, () -> stage.startAndJoin(() -> {})))
            .onBoth());
  }

  private static Callable<Object> waiting(CountDownLatch latch) {
    return () -> {
      latch.await();
      return "late";
    };
  }

  /** A process that lives until its input is closed, which nobody does. */
  private static Process child() throws IOException {
    List<String> command = JavaCommand.begin();
    command.add(Idle.class.getName());
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /** Reads its input to the end. */
  static final class Idle {
    private Idle() {}

    public static void main(String[] args) throws IOException {
      System.in.readAllBytes();
    }
  }
}
