package dev.leakcheck.engine.tier;

/** A time in which what is made belongs to no scope. */
public interface Pause extends AutoCloseable {

  /** Ends the pause. A second call does nothing. */
  @Override
  void close();
}
