package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.model.Holder;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/** Queues and executors that the user told of. Holds them weakly. Thread-safe. */
public final class Tracked {

  private record Entry(WeakReference<Object> object, long number, int size) {}

  private final List<Entry> entries = new ArrayList<>();
  private long next;

  /** The number that the next tracked object will get. */
  public synchronized long next() {
    return next;
  }

  /** The user tells of an object; a second time does nothing. */
  public synchronized void add(Object object) {
    entries.removeIf(entry -> entry.object.refersTo(null));
    if (entries.stream().noneMatch(entry -> entry.object.refersTo(object))) {
      int size = object instanceof BlockingQueue<?> queue ? QueueProbe.size(queue) : 0;
      int known = size == QueueProbe.UNKNOWN ? Integer.MAX_VALUE : size;
      entries.add(new Entry(new OwnReference<>(object), next++, known));
    }
  }

  /** What was tracked since a number was given out. */
  public synchronized List<Holding> since(long number) {
    List<Holding> held = new ArrayList<>();
    for (Entry entry : entries) {
      Object object = entry.object.get();
      if (object != null && entry.number >= number) {
        String path = "tracked " + Identity.of(object);
        held.add(new Holding(object, new Holder(path, null, null)));
      }
    }
    return held;
  }

  /** How many elements a tracked queue held when it was tracked. */
  synchronized int sizeWhenTracked(Object queue) {
    for (Entry entry : entries) {
      if (entry.object.refersTo(queue)) {
        return entry.size;
      }
    }
    return 0;
  }
}
