package dev.leakcheck.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monitor where the agent has opened the JDK's registry of virtual threads. */
class MonitorWithAgentTest {

  @TempDir private Path directory;

  @Test
  void listsVirtualThreadsAndExecutorsWithoutADump() throws Exception {
    Jdk21.assume();
    String agent = AgentJvm.option(directory);

    assertThat(new AgentJvm(directory, MonitorChild.class).run(List.of(agent)))
        .containsExactly(
            "grows \"session-*\": 6 virtual threads, 5 more in 5 samples, waiting in"
                + " CountDownLatch.await(), without a time limit",
            "unchanged \"mover\": 1 virtual thread, the same for 5 samples, waiting in"
                + " CountDownLatch.await(), without a time limit",
            "mover waiting in Semaphore.acquireUninterruptibly(), without a time limit",
            "pools 1",
            "virtual 7",
            "coverage []");
  }
}
