package dev.leakcheck.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All programs of the corpus in a JVM of their own. */
record CorpusRun(Path directory) {

  /**
   * What was said of one program: the kinds that are right, found, all that is wrong, and what its
   * line refuses.
   */
  record Verdict(
      String name, Set<String> right, Set<String> found, Set<String> leaks, String refused) {

    static Verdict of(String line) {
      String[] parts = line.split("\\|", -1);
      return new Verdict(parts[1], kinds(parts[2]), kinds(parts[3]), kinds(parts[4]), parts[5]);
    }

    private static Set<String> kinds(String list) {
      Set<String> kinds = new HashSet<>(Arrays.asList(list.split(",")));
      kinds.remove("");
      return kinds;
    }
  }

  /** The verdicts of a tier, each of which has to be right. */
  List<Verdict> verdicts(String tier, String how, String... more) throws Exception {
    List<String> flags = new ArrayList<>(List.of(more));
    flags.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2");
    if (Jdk21.AVAILABLE) {
      flags.add("--enable-preview");
    }
    if (tier.equals("agent")) {
      flags.add(AgentJvm.option(directory));
    }
    List<String> lines = new AgentJvm(directory, CorpusChild.class).run(flags, tier, how);
    List<Verdict> verdicts =
        lines.stream().filter(line -> line.startsWith("verdict|")).map(Verdict::of).toList();
    assertThat(verdicts).hasSizeGreaterThanOrEqualTo(CorpusChild.cases().size() - 4);
    assertThat(verdicts)
        .as(String.join("\n", lines))
        .allSatisfy(
            verdict -> assertThat(verdict.found()).as(verdict.name()).isEqualTo(verdict.right()));
    assertThat(verdicts)
        .as(String.join("\n", lines))
        .allSatisfy(verdict -> assertThat(verdict.refused()).as(verdict.name()).isEqualTo("0"));
    return verdicts;
  }
}
