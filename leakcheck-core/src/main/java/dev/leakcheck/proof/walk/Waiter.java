package dev.leakcheck.proof.walk;

import org.jspecify.annotations.Nullable;

/**
 * A thread that was in one and the same wait before the dump and after it.
 *
 * @param lockType class of the object that it waits for or wants to enter, or null if that is not
 *     known
 * @param owner id of the thread that holds that, or a negative number
 */
public record Waiter(@Nullable String lockType, long owner) {

  /** Hidden classes are called otherwise in a dump, where all of one kind have one name. */
  public Waiter {
    int hidden = lockType == null ? -1 : lockType.indexOf("/0x");
    lockType = lockType == null || hidden < 0 ? lockType : lockType.substring(0, hidden);
  }
}
