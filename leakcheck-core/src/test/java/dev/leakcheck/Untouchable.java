package dev.leakcheck;

/** A user's object: none of the methods that collections and messages call may run. */
public abstract class Untouchable {

  @Override
  public final boolean equals(Object other) {
    throw new AssertionError("equals was called");
  }

  @Override
  public final int hashCode() {
    throw new AssertionError("hashCode was called");
  }

  @Override
  public final String toString() {
    throw new AssertionError("toString was called");
  }
}
