package dev.leakcheck.capture.objects;

import dev.leakcheck.model.Holder;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * An object that was found by following fields.
 *
 * @param object the object
 * @param direct whether a field of the owner itself holds it
 * @param holder how it was reached
 */
public record Holding(Object object, boolean direct, Holder holder) {

  /**
   * Adds what was found, and of an executor that wraps another also the one that does the work.
   *
   * @param holdings what was found
   * @param objects a set by identity
   */
  public static void addAll(Collection<Holding> holdings, Set<Object> objects) {
    for (Holding held : holdings) {
      objects.add(held.object());
      if (held.object() instanceof ExecutorService executor) {
        objects.add(WorkerExecutors.unwrap(executor));
      }
    }
  }
}
