package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A JVM of its own that has the agent, lets stages fail in scopes and prints what these tell. */
final class FailedStagesChild {

  private static final LeakCheckOptions PATIENT =
      LeakCheckOptions.defaults().settle(Duration.ofSeconds(25));

  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  private FailedStagesChild() {}

  /** Code of a scope. */
  private interface Body {
    void run() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    POOL.submit(() -> {}).get();
    POOL.submit(() -> {}).get();
    FORKS.submit(() -> {}).get();
    if (arguments[0].equals("message")) {
      message();
    } else {
      Map<String, Body> cases =
          switch (arguments[0]) {
            case "unseen" -> unseen();
            case "unseen tasks" -> unseenTasks();
            case "seen tasks" -> seenTasks();
            default -> seen();
          };
      for (Map.Entry<String, Body> one : cases.entrySet()) {
        check(one.getKey(), one.getValue());
      }
    }
    POOL.shutdown();
    FORKS.shutdown();
  }

  private static void message() {
    try (LeakScope scope = LeakCheck.open(PATIENT.named("OrderServiceTest.placesOrder()"))) {
      failed();
    } catch (LeakAssertionError e) {
      System.out.println(Golden.normalise(e.getMessage()).replaceAll("thread-[12]", "thread-N"));
    }
  }

  private static void check(String name, Body body) throws Exception {
    LeakScope scope = LeakCheck.open(PATIENT.named(name));
    body.run();
    Findings findings = scope.findings();
    scope.end();
    StringBuilder line = new StringBuilder(name).append(':');
    for (Finding finding : findings.list()) {
      line.append(' ').append(finding.kind().id()).append(' ').append(finding.title()).append(';');
    }
    System.out.println(findings.isEmpty() ? name + ": passed" : line);
  }

  private static <T> T fail() {
    throw new IllegalStateException("no price");
  }

  private static void failRun() {
    fail();
  }

  private static CompletableFuture<String> failed() {
    return awaited(CompletableFuture.supplyAsync(FailedStagesChild::fail, POOL));
  }

  /** Not asked how it ended. */
  private static <T> CompletableFuture<T> awaited(CompletableFuture<T> stage) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!stage.isDone()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it does not end");
      }
      Thread.onSpinWait();
    }
    afterTheHook();
    return stage;
  }

  /** Both workers have ended what they ran before, with all that comes after its end. */
  private static void afterTheHook() {
    CountDownLatch both = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      POOL.execute(
          () -> {
            both.countDown();
            Planted.await(both);
          });
    }
    Planted.await(both);
  }

  // Of fork-join pools

  private static final ForkJoinPool FORKS = new ForkJoinPool(1);

  /** Not asked how it ended; its one worker has ended it, with all that comes after its end. */
  private static <T> ForkJoinTask<T> ended(ForkJoinTask<T> task) {
    CountDownLatch next = new CountDownLatch(1);
    FORKS.execute(next::countDown);
    Planted.await(next);
    return task;
  }

  private static ForkJoinTask<?> failedTask() {
    return ended(FORKS.submit(FailedStagesChild::failRun));
  }

  private static Map<String, Body> unseenTasks() {
    Map<String, Body> cases = new LinkedHashMap<>();
    cases.put("callable", () -> ended(FORKS.submit((Callable<Object>) FailedStagesChild::fail)));
    cases.put("runnable", FailedStagesChild::failedTask);
    cases.put(
        "runnable with a result",
        () -> ended(FORKS.submit(FailedStagesChild::failRun, "a result")));
    cases.put("looked whether it is done", () -> assertThat(failedTask().isDone()).isTrue());
    cases.put(
        "one of two is asked",
        () -> {
          ForkJoinTask<?> asked = failedTask();
          failedTask();
          quietly(asked::join);
        });
    return cases;
  }

  private static Map<String, Body> seenTasks() {
    Map<String, Consumer<ForkJoinTask<?>>> asking = new LinkedHashMap<>();
    asking.put("get", task -> unchecked(task::get));
    asking.put("get with a limit", task -> unchecked(() -> task.get(1, TimeUnit.NANOSECONDS)));
    asking.put("join", task -> unchecked(task::join));
    asking.put("quietlyJoin", ForkJoinTask::quietlyJoin);
    asking.put("getException", ForkJoinTask::getException);
    asking.put("isCompletedAbnormally", ForkJoinTask::isCompletedAbnormally);
    asking.put("isCompletedNormally", ForkJoinTask::isCompletedNormally);
    asking.put("cancel", task -> task.cancel(true));
    asking.put("completeExceptionally", task -> task.completeExceptionally(new Exception()));
    Map<String, Body> cases = new LinkedHashMap<>();
    asking.forEach((how, asks) -> cases.put(how, () -> asks.accept(failedTask())));
    cases.put(
        "get before",
        () -> {
          Thread main = Thread.currentThread();
          ForkJoinTask<?> task =
              FORKS.submit(
                  () -> {
                    Planted.awaitWaitingIn(main, ForkJoinTask.class);
                    failRun();
                  });
          quietly(task::get);
          ended(task);
        });
    cases.put("works", () -> ended(FORKS.submit(() -> "works")));
    cases.put("invoked", () -> unchecked(() -> FORKS.invoke(ForkJoinTask.adapt(() -> failRun()))));
    cases.put("all invoked", () -> FORKS.invokeAll(List.of(FailedStagesChild::fail)));
    cases.put(
        "divided", () -> unchecked(() -> List.of(1, 2, 3).parallelStream().forEach(i -> fail())));
    cases.put(
        "interrupted",
        () ->
            ended(
                FORKS.submit(
                    (Callable<Object>)
                        () -> {
                          throw new InterruptedException();
                        })));
    return cases;
  }

  // Of stages

  private static Map<String, Body> unseen() {
    Map<String, Body> cases = new LinkedHashMap<>();
    cases.put("supplied", FailedStagesChild::failed);
    cases.put("run", () -> awaited(CompletableFuture.runAsync(FailedStagesChild::failRun, POOL)));
    cases.put(
        "dropped",
        () -> {
          CompletableFuture.runAsync(FailedStagesChild::failRun, POOL);
          afterTheHook();
        });
    cases.put(
        "wrapped",
        () ->
            awaited(
                CompletableFuture.runAsync(
                    () -> {
                      throw new CompletionException(new IllegalStateException("no price"));
                    },
                    POOL)));
    cases.put(
        "twice",
        () -> {
          for (int i = 0; i < 2; i++) {
            failed();
          }
        });
    cases.put(
        "one of two is asked",
        () -> {
          CompletableFuture<String> asked = failed();
          failed();
          quietly(asked::join);
        });
    cases.put("nobody asks what goes on", () -> failed().thenApply(String::length));
    cases.put(
        "nor the last",
        () -> failed().thenApply(String::length).thenAccept(length -> {}).thenRun(() -> {}));
    cases.put("nobody asks what combines it", () -> failed().thenCombine(works(), (a, b) -> a));
    cases.put("nor in a pool", () -> awaited(both(failed())));
    cases.put(
        "nor what takes the first",
        () -> failed().applyToEither(new CompletableFuture<>(), String::length));
    cases.put("nor all of them", () -> CompletableFuture.allOf(works(), failed()));
    cases.put("nor any of them", () -> CompletableFuture.anyOf(works(), failed()));
    cases.put(
        "what combines two fails",
        () -> awaited(works().thenCombineAsync(works(), (one, two) -> fail(), POOL)));
    cases.put(
        "all are asked, another is not",
        () -> {
          CompletableFuture<String> other = failed();
          quietly(CompletableFuture.allOf(failed(), works())::join);
          CompletableFuture.allOf(other, works());
        });
    cases.put(
        "what goes on fails",
        () -> awaited(works().thenApply(String::length).thenAcceptAsync(length -> fail(), POOL)));
    cases.put(
        "it fails, another is asked",
        () -> {
          CompletableFuture<String> works = works();
          awaited(works.thenRunAsync(FailedStagesChild::failRun, POOL));
          works.thenApply(String::length).join();
        });
    cases.put(
        "it fails, asked is what it goes on with",
        () -> {
          CountDownLatch asked = new CountDownLatch(1);
          CompletableFuture<String> works =
              CompletableFuture.supplyAsync(
                  () -> {
                    Planted.await(asked);
                    return "works";
                  },
                  POOL);
          CompletableFuture<Void> fails = works.thenRun(FailedStagesChild::failRun);
          works.isCompletedExceptionally();
          asked.countDown();
          awaited(fails);
        });
    return cases;
  }

  private static CompletableFuture<Void> both(CompletableFuture<String> stage) {
    return stage.thenAcceptBothAsync(works(), (one, two) -> {}, POOL);
  }

  private static CompletableFuture<String> works() {
    return CompletableFuture.supplyAsync(() -> "works", POOL);
  }

  private static CompletableFuture<String> manyLater(CompletableFuture<String> stage) {
    CompletableFuture<String> last = stage;
    for (int i = 0; i < 3_000; i++) {
      last = last.thenApply(result -> result);
    }
    return last;
  }

  private static void quietly(Body body) throws Exception {
    try {
      body.run();
    } catch (java.util.concurrent.ExecutionException
        | CompletionException
        | IllegalStateException
        | java.util.concurrent.TimeoutException expected) {
      return;
    }
  }

  /** Each is asked once before it fails and once after. */
  private static Map<String, Consumer<CompletableFuture<String>>> asking() {
    CompletableFuture<String> other = CompletableFuture.completedFuture("other");
    Map<String, Consumer<CompletableFuture<String>>> asking = new LinkedHashMap<>();
    asking.put("get with a limit", s -> unchecked(() -> s.get(1, TimeUnit.NANOSECONDS)));
    asking.put("getNow", s -> unchecked(() -> s.getNow("")));
    asking.put("isCompletedExceptionally", CompletableFuture::isCompletedExceptionally);
    asking.put("exceptionally", s -> s.exceptionally(e -> ""));
    asking.put("exceptionallyCompose", s -> s.exceptionallyCompose(e -> other));
    asking.put("handle", s -> s.handle((result, e) -> ""));
    asking.put("whenComplete", s -> s.whenComplete((result, e) -> {}));
    asking.put("whenCompleteAsync", s -> s.whenCompleteAsync((result, e) -> {}, POOL));
    asking.put("thenApply", s -> s.thenApply(String::length).handle((result, e) -> 0));
    asking.put("thenAccept", s -> s.thenAccept(result -> {}).isCompletedExceptionally());
    asking.put("thenRunAsync", s -> s.thenRunAsync(() -> {}, POOL).exceptionally(e -> null));
    asking.put("thenComposeAsync", s -> s.thenComposeAsync(r -> other, POOL).cancel(false));
    asking.put(
        "three later",
        s -> s.thenApply(r -> r).thenApply(r -> r).thenRun(() -> {}).whenComplete((r, e) -> {}));
    asking.put(
        "in another branch",
        s -> {
          s.thenRun(() -> {});
          s.exceptionally(e -> "");
        });
    asking.put("after very many", s -> manyLater(s).isCompletedExceptionally());
    asking.put("thenCombine", s -> s.thenCombine(other, (one, two) -> one).handle((r, e) -> r));
    asking.put("thenAcceptBothAsync", s -> both(s).exceptionally(e -> null));
    asking.put("acceptEither", s -> s.acceptEither(other, r -> {}).isCompletedExceptionally());
    asking.put("combined with", s -> other.thenCombine(s, (one, two) -> one));
    asking.put("runAfterEither", s -> new CompletableFuture<>().runAfterEither(s, () -> {}));
    asking.put("composed", s -> other.thenCompose(result -> s));
    asking.put("allOf", s -> CompletableFuture.allOf(other, s).handle((r, e) -> r));
    asking.put(
        "anyOf",
        s -> CompletableFuture.anyOf(new CompletableFuture<>(), s).isCompletedExceptionally());
    asking.put(
        "all of all",
        s ->
            CompletableFuture.allOf(CompletableFuture.allOf(s, s.thenRun(() -> {})), other)
                .thenRun(() -> {})
                .exceptionally(e -> null));
    asking.put("copy", CompletableFuture::copy);
    asking.put("minimalCompletionStage", CompletableFuture::minimalCompletionStage);
    asking.put("toCompletableFuture", CompletableFuture::toCompletableFuture);
    asking.put("orTimeout", s -> s.orTimeout(1, TimeUnit.HOURS));
    asking.put("cancel", s -> s.cancel(true));
    asking.put("complete", s -> s.complete(""));
    asking.put("completeExceptionally", s -> s.completeExceptionally(new Exception()));
    return asking;
  }

  private static void unchecked(Body body) {
    try {
      quietly(body);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Body> seen() {
    Map<String, Body> cases = new LinkedHashMap<>();
    cases.put("nothing", () -> {});
    cases.put("works", () -> awaited(works()));
    cases.put("goes on and works", () -> awaited(works().thenApply(String::length)));
    cases.put("join", () -> quietly(failed()::join));
    cases.put("get", () -> quietly(failed()::get));
    asking()
        .forEach(
            (how, asks) -> {
              cases.put(how, () -> asks.accept(failed()));
              cases.put(
                  how + " before",
                  () -> {
                    CountDownLatch asked = new CountDownLatch(1);
                    CompletableFuture<String> stage =
                        CompletableFuture.supplyAsync(
                            () -> {
                              Planted.await(asked);
                              return fail();
                            },
                            POOL);
                    asks.accept(stage);
                    asked.countDown();
                    afterTheHook();
                  });
            });
    cases.put(
        "waited for in join",
        () -> {
          Thread main = Thread.currentThread();
          CompletableFuture<String> stage =
              CompletableFuture.supplyAsync(
                  () -> {
                    Planted.awaitWaitingIn(main, CompletableFuture.class);
                    return fail();
                  },
                  POOL);
          quietly(stage::join);
        });
    cases.put(
        "as a Future",
        () -> {
          Future<String> future = failed();
          quietly(future::get);
        });
    cases.put(
        "given to be completed",
        () -> {
          CompletableFuture<String> stage = new CompletableFuture<>();
          stage.whenComplete((result, e) -> {});
          stage.completeAsync(FailedStagesChild::fail, POOL);
          awaited(stage);
        });
    cases.put(
        "failed by hand", () -> new CompletableFuture<>().completeExceptionally(new Exception()));
    cases.put(
        "in the test's own thread",
        () -> CompletableFuture.runAsync(() -> failRun(), Runnable::run));
    cases.put(
        "interrupted",
        () ->
            awaited(
                CompletableFuture.runAsync(
                    () -> {
                      throw new CompletionException(new InterruptedException());
                    },
                    POOL)));
    return cases;
  }
}
