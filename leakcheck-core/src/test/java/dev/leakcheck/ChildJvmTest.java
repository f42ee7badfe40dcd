package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.agent.AgentJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a JVM with other flags, other modules or fewer rights sees, and what it says of the rest.
 */
class ChildJvmTest {

  @TempDir private Path directory;

  private List<String> run(List<String> flags, String... leaks)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-Xshare:auto"));
    all.addAll(flags);
    List<String> lines = new AgentJvm(directory, ChildMain.class).run(all, leaks);
    assertThat(lines).as("output of the child").contains("done");
    return lines;
  }

  private static List<String> startingWith(String word, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .toList();
  }

  @Test
  void ordinaryJvmFindsEverythingAndHasNothingToNote() throws Exception {
    Jdk21.assume();

    List<String> lines = run(List.of(), "thread", "virtual", "pool", "virtual-pool");

    assertThat(startingWith("kind", lines))
        .containsExactly(
            "unclosed-executor", "unclosed-executor", "stray-thread", "stray-virtual-thread");
    assertThat(startingWith("note", lines)).isEmpty();
  }

  @Test
  void untrackedVirtualThreadsAreNoted() throws Exception {
    Jdk21.assume();

    List<String> lines =
        run(List.of("-Djdk.trackAllThreads=false"), "thread", "virtual", "virtual-pool");

    assertThat(startingWith("kind", lines)).contains("unclosed-executor", "stray-thread");
    assertThat(startingWith("note", lines)).containsExactly("VIRTUAL_THREADS_UNTRACKED");
  }

  @Test
  void jvmWithoutTheManagementExtensionsFindsThreadsAndPools() throws Exception {
    List<String> lines =
        run(List.of("--limit-modules", "java.base,java.management"), "thread", "pool");

    assertThat(startingWith("kind", lines)).containsExactly("unclosed-executor", "stray-thread");
    assertThat(startingWith("note", lines))
        .containsExactlyElementsOf(
            Jdk21.AVAILABLE
                ? List.of("NO_THREAD_DUMP")
                // there is no other way there to tell whether a class is initialised
                : List.of("JDK_BEFORE_21", "FIELDS_UNREAD"));
  }

  @Test
  void whatNoCheckOfTheJvmSeesIsToldByItsFirstMessageAlone() throws Exception {
    String text =
        Jdk21.AVAILABLE
            ? "not seen: jdk.trackAllThreads=false: virtual threads"
            : "not seen: JDK " + Runtime.version().feature() + " has no virtual threads";
    String limit = Jdk21.AVAILABLE ? "VIRTUAL_THREADS_UNTRACKED" : "JDK_BEFORE_21";

    List<String> lines =
        new AgentJvm(directory, ToldOnceChild.class)
            .run(List.of("-Xshare:auto", "-Djdk.trackAllThreads=false"));

    assertThat(lines)
        .filteredOn(line -> !line.equals("done"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("first message: " + text),
            line -> assertThat(line).startsWith("first report: " + text),
            line -> assertThat(line).isEqualTo("first knows: " + limit),
            line -> assertThat(line).startsWith("second report: " + text),
            line -> assertThat(line).isEqualTo("second knows: " + limit));
  }

  @Test
  void oneLeakAmongTenThousandVirtualThreadsIsFound() throws Exception {
    Jdk21.assume();

    List<String> lines = run(List.of("-Xmx256m"), "many-virtual");

    assertThat(startingWith("kind", lines)).containsExactly("stray-virtual-thread");
    assertThat(startingWith("title", lines))
        .singleElement()
        .asString()
        .startsWith("virtual thread \"stray\" blocked for ever");
  }

  @Test
  void temporaryDirectoryThatDoesNotExistBreaksNothing() throws Exception {
    List<String> lines =
        run(List.of("-Djava.io.tmpdir=" + directory.resolve("missing")), "thread", "pool");

    assertThat(startingWith("kind", lines)).containsExactly("unclosed-executor", "stray-thread");
  }

  @Test
  void securityManagerWithTheDefaultPolicyBreaksNothing() throws Exception {
    assumeTrue(Runtime.version().feature() < 24, "security managers went with JDK 24");
    List<String> flags = List.of("-Djava.security.manager=default");

    assertThat(startingWith("kind", run(flags, "none"))).isEmpty();
    assertThat(startingWith("kind", run(flags, "short-thread"))).isEmpty();

    List<String> lines = run(flags, "daemon-thread");
    assertThat(startingWith("kind", lines)).containsExactly("stray-thread");
    assertThat(startingWith("note", lines)).contains("SECURITY_MANAGER");
  }
}
