package dev.leakcheck.proof.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who holds what was left, and what only that holds. */
class HoldersTest {

  @TempDir private Path directory;

  @Test
  void whoHoldsItIsToldInTheFewestStepsWithTheOneToLetGoAt() throws Exception {
    List<String> printed = new AgentJvm(directory, HoldersChild.class).run(List.of());

    assertThat(printed.stream().map(line -> line.replaceAll("\\.(head|tail),", ".end,")))
        .containsExactly(
            "static = [static field vendor.stuck.HeldThings.pool   ← let go here], 0 MB, []",
            "field of a service = [static field vendor.stuck.HeldThings.SERVICES,"
                + " LinkedHashMap.end, LinkedHashMap$Entry.value,"
                + " vendor.stuck.HeldThings$Service.orders   ← let go here], 0 MB, []",
            "lock = [static field vendor.stuck.HeldThings.SERVICES, LinkedHashMap.end,"
                + " LinkedHashMap$Entry.value, vendor.stuck.HeldThings$Service.lock   ← let go"
                + " here], 0 MB, []",
            // What it alone holds counts, and so does what its worker leads to.
            "nobody = [nobody besides itself and its own threads], 1 MB, []",
            // A weak reference keeps nothing; what others hold as well does not count.
            "weakly = [nobody besides itself and its own threads], 0 MB, []",
            "local variable = [live thread \"holder\" in vendor.stuck.HeldThings.sleepWith() →"
                + " ScheduledThreadPoolExecutor   ← let go here], 0 MB, []",
            printed.stream().filter(line -> line.startsWith("thread-local")).findFirst().get(),
            "softly = [static field vendor.stuck.HeldThings.softly   ← let go here,"
                + " SoftReference.referent], 0 MB, []",
            // Not by way of others that the same cleaner runs.
            "cleaner = [what a Cleaner runs → jdk.internal.ref.CleanerImpl$PhantomCleanableRef,"
                + " jdk.internal.ref.CleanerImpl$PhantomCleanableRef.action,"
                + " vendor.stuck.HeldThings$Shutdown.executor   ← let go here], 0 MB, []",
            "own cleanable = [static field vendor.stuck.HeldThings.own,"
                + " jdk.internal.ref.CleanerImpl$PhantomCleanableRef.action,"
                + " vendor.stuck.HeldThings$Shutdown.executor   ← let go here], 0 MB, []",
            "loader = [nobody besides itself and its own threads], 0 MB,"
                + " [vendor.stuck.HeldThings$PluginLoader]",
            "test's = [the test's own instance → vendor.stuck.HeldThings$OwnTest,"
                + " vendor.stuck.HeldThings$OwnTest.own   ← let go here], 0 MB, []");
    assertThat(printed)
        .anyMatch(
            line ->
                line.startsWith("thread-local = [live thread \"local-holder\" → Thread,")
                    && line.endsWith("ThreadLocal$ThreadLocalMap$Entry.value], 1 MB, []"));
  }
}
