package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that wait until another has initialised a class, which the JVM calls running. */
class InitializersTest {

  @TempDir private Path directory;

  private String message(String... steps) throws Exception {
    return String.join("\n", new AgentJvm(directory, InitializersChild.class).run(List.of(), steps))
        .replaceAll("waited [^)]*", "waited T")
        .replaceAll("java:\\d+", "java:LINE")
        .replaceAll("lambda\\$main\\$\\d+", "lambda\\$main\\$N")
        .replaceAll("id         .*", "id         FINGERPRINT")
        .replaceAll("(?m)^ *(not seen|plain tier): .*\n?", "");
  }

  @Test
  void classesThatWaitForEachOtherAreToldAsThat() throws Exception {
    String why =
        "each of the threads runs the static initializer of a class for which another waits: nothing"
            + " ends that, and no code can use these classes any more";
    String fix =
        "let the static initializer of one of the classes do without the other, or have one thread"
            + " initialise both before others use them; and, where its owner stops, join() the"
            + " thread: an interrupt does not end this wait";

    assertThat(message("circle"))
        .isEqualTo(
            """
            LeakCheck: circle left 2 threads behind (waited T)

            1) stray-thread   thread "prices" blocked for ever, waiting for class InitializersChild$Rates to be initialised
                 thread     prices (daemon)
                 doing      waiting for class InitializersChild$Rates to be initialised
                              at dev.leakcheck.inspect.InitializersChild$Prices.<clinit>(InitializersChild.java:LINE)
                 waits for  the static initializer of InitializersChild$Rates, which thread "rates" runs
                 why        %1$s
                 fix        %2$s
                 allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "prices", reason = "…")
                 id         FINGERPRINT

            2) stray-thread   thread "rates" blocked for ever, waiting for class InitializersChild$Prices to be initialised
                 thread     rates (daemon)
                 doing      waiting for class InitializersChild$Prices to be initialised
                              at dev.leakcheck.inspect.InitializersChild$Rates.<clinit>(InitializersChild.java:LINE)
                 waits for  the static initializer of InitializersChild$Prices, which thread "prices" runs
                 why        %1$s
                 fix        %2$s
                 allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "rates", reason = "…")
                 id         FINGERPRINT

            """
                .formatted(why, fix));
  }

  @Test
  void threadThatWaitsForAnotherToInitialiseAClassIsNotSaidToRun() throws Exception {
    assertThat(message("waits"))
        .contains(
            "thread \"second\" still alive, waiting for class InitializersChild$Slow to be"
                + " initialised\n",
            "waits for  the static initializer of InitializersChild$Slow, which thread \"first\""
                + " runs\n",
            "why        it waits without a time limit for a class that another thread initialises\n",
            "fix        see that the static initializer of InitializersChild$Slow ends; and, where"
                + " its owner stops, join() the thread: an interrupt does not end this wait\n");
  }

  @Test
  void threadThatRunsBesideAnInitializerIsSaidToRun() throws Exception {
    assertThat(message("waits", "spins"))
        .contains("thread \"spins\" still alive, running\n", "it may still end by itself\n");
  }
}
