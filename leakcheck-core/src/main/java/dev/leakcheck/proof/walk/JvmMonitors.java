package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Monitors that the JVM itself enters in the midst of a call: that of a class loader which is not
 * parallel capable, to load a class, and an array of ints, to link or initialise one. The arguments
 * are its own meanwhile, and in no dump. See {@code SystemDictionary} and {@code InstanceKlass} of
 * HotSpot. Not thread-safe.
 */
final class JvmMonitors {

  private static final String LOADER = "java.lang.ClassLoader";

  /** As {@code Class.getName()} has it of what a class is locked by while it is linked. */
  private static final String INIT_LOCK = "[I";

  private final Heap heap;
  private @Nullable Boolean loading;
  private @Nullable Boolean lockedLoader;

  JvmMonitors(Heap heap) {
    this.heap = heap;
  }

  /**
   * Whether the monitor that a thread waits to enter may be wanted by the JVM, not by the bytecode.
   *
   * @param frame the thread's innermost frame, whose class is what the JVM would load others for
   * @param waiter what is known of the thread, or null
   */
  boolean mayWant(HeapFrame frame, @Nullable Waiter waiter) throws IOException {
    String type = waiter == null ? null : waiter.lockType();
    return (type == null || isJvms(type))
        && (isLoading() || (!isOfJdksLoader(frame) && hasLockedLoader()));
  }

  private boolean isJvms(String lockType) {
    boolean found = false;
    for (HeapClass type : heap.classes()) {
      if (type.name().equals(lockType)) {
        found = true;
        if (type.is(LOADER)) {
          return true;
        }
      }
    }
    return !found || lockType.equals(INIT_LOCK);
  }

  /** Such a loader asks none but the JDK's, and those are locked by nobody but who loads. */
  private boolean isOfJdksLoader(HeapFrame frame) throws IOException {
    HeapClass declared = frame.declared();
    if (declared == null) {
      return false;
    }
    int loader = heap.loader(declared);
    HeapClass type = loader < 0 ? null : heap.classOf(loader);
    return type == null || Cuts.isJdksLoader(type);
  }

  /** Whoever keeps a class locked for long loads another one for it. */
  private boolean isLoading() throws IOException {
    Boolean known = loading;
    if (known == null) {
      known = anybodyLoads();
      loading = known;
    }
    return known;
  }

  private boolean anybodyLoads() throws IOException {
    for (HeapThread thread : heap.threads()) {
      for (HeapFrame frame : thread.stack()) {
        if (Opacity.isCalledToLoad(frame)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean hasLockedLoader() throws IOException {
    Boolean known = lockedLoader;
    if (known == null) {
      known = anyLoaderIsLocked();
      lockedLoader = known;
    }
    return known;
  }

  private boolean anyLoaderIsLocked() throws IOException {
    BitSet loaders =
        Instances.of(heap, node -> true, type -> type.is(LOADER) && !Cuts.isJdksLoader(type));
    for (int node = loaders.nextSetBit(0); node >= 0; node = loaders.nextSetBit(node + 1)) {
      if (heap.target(node, LOADER, "parallelLockMap") < 0) {
        return true;
      }
    }
    return false;
  }
}
