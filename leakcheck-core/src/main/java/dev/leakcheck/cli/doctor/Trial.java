package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.LeakKind;
import java.util.Set;

/**
 * What became of one kind in one JVM. Immutable.
 *
 * @param kind the kind
 * @param found what the planted leak was found as
 * @param accused what the clean code was accused of
 * @param problem why the code could not be run, or empty
 */
record Trial(LeakKind kind, Set<LeakKind> found, Set<LeakKind> accused, String problem) {

  Trial {
    found = Set.copyOf(found);
    accused = Set.copyOf(accused);
  }
}
