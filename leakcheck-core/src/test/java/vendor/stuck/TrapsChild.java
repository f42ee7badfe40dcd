package vendor.stuck;

import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.walk.Compiled;
import dev.leakcheck.proof.walk.Liveness;
import dev.leakcheck.proof.walk.Question;
import dev.leakcheck.proof.walk.Waiter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A JVM of its own with what a naive look at a dump takes for stuck. Prints the naive answer, for
 * which nothing counts as compiled, and then the right one.
 */
public final class TrapsChild {

  static Door open = new Door();

  private TrapsChild() {}

  /** The optimising compiler takes it apart, since it never leaves a method. */
  private record Holder(BlockingQueue<Object> queue) {}

  static final class Door {
    synchronized void await(Door other) throws InterruptedException {
      wait();
      other.touch();
    }

    void touch() {}
  }

  private static void feedLater(List<BlockingQueue<Object>> box, long millis)
      throws InterruptedException {
    Holder holder = new Holder(box.remove(0));
    Thread.sleep(millis);
    holder.queue().clear();
  }

  /** Plants both. */
  public static void main(String[] args) throws Exception {
    hideInCompiledCode();
    waitInCompiledCode();
    StuckCases.settled();
    print("naive ", Compiled.read(""));
    StuckChild.ask();
    Runtime.getRuntime().halt(0);
  }

  private static void hideInCompiledCode() throws Exception {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    Thread warm =
        StuckCases.start(
            "warms-up",
            () -> {
              for (int i = 0; i < 5_000; i++) {
                feedLater(new ArrayList<>(List.of(new LinkedBlockingQueue<>())), 0);
              }
            });
    warm.join();
    StuckCases.start("?taken-apart", queue::take);
    List<BlockingQueue<Object>> box = new ArrayList<>(List.of(queue));
    StuckCases.start("sleeper", () -> feedLater(box, 1_000_000));
  }

  private static void waitInCompiledCode() {
    Door other = new Door();
    StuckCases.start("?compiled-wait", () -> open.await(other));
  }

  private static void print(String prefix, Compiled compiled) throws Exception {
    Map<Long, String> names = new HashMap<>();
    Map<Long, Waiter> waiters = new HashMap<>();
    note(names, waiters);
    new HeapDumper()
        .dump(
            1 << 26,
            (file, memory) -> {
              try (Heap heap = HeapReader.read(file, 1 << 26, read -> {})) {
                Question question =
                    new Question(Optional.of(waiters), Set.of(), compiled, -1, "", Set.of(), names);
                for (Liveness.Answer answer : Liveness.of(heap, question)) {
                  System.out.println(prefix + names.get(answer.id()) + " = " + answer.proof());
                }
              }
              return null;
            });
  }

  private static void note(Map<Long, String> names, Map<Long, Waiter> waiters) {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      names.put(thread.getId(), thread.getName());
      if (thread.getName().startsWith("?")) {
        waiters.put(thread.getId(), new Waiter(Door.class.getName(), -1));
      }
    }
  }
}
