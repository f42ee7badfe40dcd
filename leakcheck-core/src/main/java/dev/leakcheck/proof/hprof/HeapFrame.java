package dev.leakcheck.proof.hprof;

import org.jspecify.annotations.Nullable;

/**
 * A frame of a thread that a dump lists.
 *
 * @param type the class's name
 * @param method the method's name
 * @param line line number, or a negative number
 * @param declared the class, or null if the dump does not have it
 */
public record HeapFrame(String type, String method, int line, @Nullable HeapClass declared) {

  /** Whether it is in native code. */
  public boolean isNative() {
    return line == -3;
  }
}
