package dev.leakcheck.corpus;

import static dev.leakcheck.corpus.Case.clean;
import static dev.leakcheck.corpus.Case.leaky;

import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;

/** Senders and receivers that miss each other. */
final class QueueCases {

  private static final Object POISON = new Object();

  private QueueCases() {}

  static List<Case> all() {
    return List.of(
        leaky(
                "nobody receives from a hand-off queue",
                stage -> {
                  BlockingQueue<Object> queue = new SynchronousQueue<>();
                  stage.stuck("sender", () -> queue.put("order"));
                },
                LeakKind.STUCK_ON_QUEUE)
            .onBoth(),
        clean(
                "a hand-off queue's receiver comes",
                LeakKind.STUCK_ON_QUEUE,
                stage -> {
                  BlockingQueue<Object> queue = new SynchronousQueue<>();
                  Thread sender = stage.stuck("sender", () -> queue.put("order"));
                  queue.take();
                  Stage.join(sender);
                })
            .onBoth(),
        leaky(
                "nobody receives what is transferred",
                stage -> {
                  LinkedTransferQueue<Object> queue = new LinkedTransferQueue<>();
                  stage.stuck("sender", () -> queue.transfer("order"));
                },
                LeakKind.STUCK_ON_QUEUE)
            .onBoth(),
        leaky(
                "a sender is stuck on a full queue",
                stage -> {
                  BlockingQueue<Object> queue = new ArrayBlockingQueue<>(1);
                  stage.queue = queue;
                  stage.stuck(
                      "sender",
                      () -> {
                        queue.put("first");
                        queue.put("second");
                      });
                },
                LeakKind.STUCK_ON_QUEUE,
                LeakKind.LEFTOVER_QUEUE)
            .seen(Case.Visible.AS_ONE_WITH_AGENT)
            .onBoth(),
        clean(
                "a full queue is drained",
                LeakKind.STUCK_ON_QUEUE,
                stage -> {
                  BlockingQueue<Object> queue = new ArrayBlockingQueue<>(1);
                  stage.queue = queue;
                  Thread sender =
                      stage.stuck(
                          "sender",
                          () -> {
                            queue.put("first");
                            queue.put("second");
                          });
                  queue.take();
                  queue.take();
                  Stage.join(sender);
                })
            .onBoth(),
        leaky(
                "a consumer is never told to stop",
                stage -> {
                  BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
                  stage.stuck("consumer", () -> consume(queue));
                  queue.put("order");
                },
                LeakKind.STUCK_ON_QUEUE)
            .onBoth(),
        clean(
                "a consumer gets its poison pill",
                LeakKind.STUCK_ON_QUEUE,
                stage -> {
                  BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
                  Thread consumer = stage.stuck("consumer", () -> consume(queue));
                  queue.put("order");
                  queue.put(POISON);
                  Stage.join(consumer);
                })
            .onBoth(),
        leaky(
            "events stay in a queue",
            stage -> {
              BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
              stage.queue = queue;
              queue.add("event");
              queue.add("event");
            },
            LeakKind.LEFTOVER_QUEUE),
        clean(
            "events are all taken",
            LeakKind.LEFTOVER_QUEUE,
            stage -> {
              BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
              stage.queue = queue;
              queue.add("event");
              queue.take();
            }),
        clean(
            "a queue that nothing reaches any more is garbage",
            LeakKind.LEFTOVER_QUEUE,
            stage -> new LinkedBlockingQueue<Object>().add("event")));
  }

  private static void consume(BlockingQueue<Object> queue) throws InterruptedException {
    while (queue.take() != POISON) {
      Thread.onSpinWait();
    }
  }
}
