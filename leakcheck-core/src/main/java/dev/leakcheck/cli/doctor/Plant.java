package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.LeakKind;

/**
 * A leak of a kind, and code that comes close to it and is clean.
 *
 * @param kind what the leak is to be found as
 * @param leak leaves one behind
 * @param clean leaves nothing behind
 */
record Plant(LeakKind kind, Program leak, Program clean) {

  /** Code that is run in a scope of its own. */
  interface Program {
    void run(Scene scene) throws Throwable;
  }
}
