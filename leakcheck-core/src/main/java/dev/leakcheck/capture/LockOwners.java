package dev.leakcheck.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import org.jspecify.annotations.Nullable;

/** Asks a lock for its owner, which the JDK allows once an agent has opened it. Thread-safe. */
final class LockOwners {

  private static volatile @Nullable MethodHandle getter;

  private LockOwners() {}

  /**
   * The owner of a lock.
   *
   * @param lock what a thread is parked for
   * @return the thread that owns it, or null if there is none or that can't be told
   */
  static @Nullable Thread of(Object lock) {
    if (!(lock instanceof AbstractOwnableSynchronizer)) {
      return null;
    }
    MethodHandle handle = getter;
    if (handle == null) {
      if (!Jdk.opens("java.util.concurrent.locks")) {
        return null;
      }
      handle = find();
      getter = handle;
    }
    if (handle == null) {
      return null;
    }
    try {
      return (Thread) handle.invoke(lock);
    } catch (Throwable otherwiseBuilt) {
      return null;
    }
  }

  private static @Nullable MethodHandle find() {
    try {
      return MethodHandles.privateLookupIn(
              AbstractOwnableSynchronizer.class, MethodHandles.lookup())
          .findVirtual(
              AbstractOwnableSynchronizer.class,
              "getExclusiveOwnerThread",
              MethodType.methodType(Thread.class));
    } catch (ReflectiveOperationException | RuntimeException otherwiseBuilt) {
      return null;
    }
  }
}
