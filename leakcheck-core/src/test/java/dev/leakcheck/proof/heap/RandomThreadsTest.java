package dev.leakcheck.proof.heap;

import dev.leakcheck.proof.RandomThreads;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class of its own as it takes long: it runs beside the rest. */
class RandomThreadsTest {

  @TempDir private Path directory;

  @Test
  void exactlyThoseAreProvedThatNobodyCanWake() throws Exception {
    RandomThreads.require(directory, List.of(), 160);
  }
}
