package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Initialized;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TimerTasks;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.ThreadDump.Container;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * A time in which what is made belongs to no scope. Executors are listed at its end if a thread was
 * created in it: nobody answers for those that are listed for the first time then, unless something
 * tells that they are from before. Thread-safe.
 */
final class ScopePause implements Pause {

  private final ByCount tier;
  private final Shared shared;
  private final Reading from;

  /** Weakly: a pause may outlast a test, whose options lead to its instance. */
  private final WeakReference<Scope> scope;

  /** Those of the scope that are at hand, and whose fields others may fill. */
  private final List<WeakReference<Object>> instances = new ArrayList<>();

  /** Weakly: who checks meanwhile asks whether anything else refers to an executor. */
  private final List<WeakReference<Object>> heldBefore = new ArrayList<>();

  private final long fromTask = TaskProbe.next();
  private final long fromTimerTask = TimerTasks.look();
  private final Set<Class<?>> asleep;
  private final ProcessPause processes;
  private boolean over;

  ScopePause(ByCount tier, Shared shared, Scope scope, Collection<?> owners) {
    this.tier = tier;
    this.shared = shared;
    this.scope = new OwnReference<>(scope);
    List<Object> known = new ArrayList<>(scope.instances());
    known.addAll(owners);
    known.forEach(instance -> instances.add(new OwnReference<>(instance)));
    for (Object value : ObjectGraph.values(known, scope.classes())) {
      heldBefore.add(new OwnReference<>(value));
    }
    this.asleep = scope.asleep();
    this.processes = new ProcessPause(shared);
    this.from = shared.counter().read();
    tier.paused(from);
  }

  @Override
  public synchronized void close() {
    if (over) {
      return;
    }
    over = true;
    tier.paused(null);
    noteGiven();
    Reading to = shared.counter().read();
    processes.close();
    shared.outside().addTasks(fromTask, TaskProbe.next());
    long toTimerTask = TimerTasks.look();
    for (long number = fromTimerTask; number < toTimerTask; number++) {
      shared.outside().addTask(number);
    }
    HeldThings ofStatics = new HeldThings(List.of(), awake());
    ofStatics.executors().forEach(shared.outside()::remove);
    if (!from.sameAs(to)) {
      ofStatics.threads(ThreadDump.NONE).forEach(shared.outside()::remove);
      shared.outside().add(from, to);
      leaveOutside(tier.dump(id -> false).containers());
    }
  }

  /** What fields hold now that did not when the pause began was put there by others. */
  private void noteGiven() {
    Scope open = scope.get();
    if (open == null) {
      return;
    }
    for (Object value : ObjectGraph.values(OwnReference.alive(instances), List.of())) {
      if ((value instanceof ExecutorService || !Fields.isJdk(value.getClass()))
          && heldBefore.stream().noneMatch(before -> before.refersTo(value))) {
        open.watched().give(value);
      }
    }
  }

  /** But for what was in the test's own fields when the pause began, or may be inside of that. */
  private void leaveOutside(List<Container> containers) {
    List<Container> made =
        containers.stream()
            .filter(container -> !tier.wasListedBefore(container.name()))
            .filter(container -> !isTaskScope(container) && !isFromBefore(container))
            .toList();
    if (!made.isEmpty()) {
      HeldThings own = HeldThings.of(OwnReference.alive(heldBefore));
      Set<String> executors = own.executors();
      Set<String> hidden = own.hiddenTypes();
      made.stream()
          .filter(it -> !executors.contains(it.name()) && !hidden.contains(it.type()))
          .map(Container::name)
          .forEach(shared.outside()::add);
    }
  }

  /**
   * One that the user's code left open before the pause was not listed then, and would be forgotten
   * here. One that was opened in the pause is as much in the way of what its thread opens later.
   */
  private static boolean isTaskScope(Container container) {
    return container.owner() != null;
  }

  private boolean isFromBefore(Container container) {
    return container.threads().stream()
        .anyMatch(id -> id <= from.lastId() && !shared.outside().contains(id));
  }

  /**
   * Classes that others touched first: the class of a test, say, for the method that tells what its
   * parameters are. What their static fields hold is theirs.
   */
  private List<Class<?>> awake() {
    List<Class<?>> awake = new ArrayList<>();
    for (Class<?> type : asleep) {
      if (Initialized.is(type)) {
        awake.add(type);
      }
    }
    return awake;
  }
}
