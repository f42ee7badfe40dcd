package dev.leakcheck.engine.tier;

import java.util.List;

/** What a scope did not open with. Looks anew on every call. Used by one thread. */
public interface Newcomers {

  /** Whether nothing at all is new; takes no stack, no dump and no list of threads. */
  boolean nothing();

  /** Live threads that may be new: all platform threads, and virtual ones that are known. */
  List<Thread> threads();

  /** Whether a platform thread is new. */
  boolean isNewPlatform(long id);

  /** Whether a virtual thread that only a dump lists is new. */
  boolean isNewVirtual(long id);

  /** Whether there may be new virtual threads that only a dump lists. */
  boolean mayHaveVirtual();

  /** Whether an executor of the JDK is new, by class name and identity. */
  boolean isNew(String executor);
}
