package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import org.jspecify.annotations.Nullable;

/** Pools of the JDK's that the user's code made by itself, whatever library works in them. */
final class UsersPools {

  private static final String POOLS = "java.util.concurrent.";

  private UsersPools() {}

  /**
   * Whether a pool is one. What else of the JDK's made it, such as a group of channels, has it.
   *
   * @param made where it was made; null if that is not known
   */
  static boolean has(ExecutorRecord executor, @Nullable Origin made) {
    return executor.type().startsWith(POOLS)
        && made instanceof Origin.Known known
        && known.maker() != null
        && !known.maker().librarys()
        && known.stack().stream()
            .filter(frame -> !frame.getClassName().startsWith(POOLS))
            .findFirst()
            .filter(frame -> !Stacks.isJdk(frame) && !Classifier.isLibrary(frame))
            .isPresent();
  }
}
