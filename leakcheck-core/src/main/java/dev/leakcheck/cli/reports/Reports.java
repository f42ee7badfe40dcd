package dev.leakcheck.cli.reports;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Proof;
import dev.leakcheck.report.OtherProofs;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Lifetime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The merged reports of all forks and shards of a run. Immutable.
 *
 * @param jvms the JVMs, by the time they started
 * @param groups what they found, one group for each cause: those that fail first, then by kind and
 *     fingerprint
 * @param problems what was wrong with the files and did not keep the rest from being read, each in
 *     a sentence that names the file
 */
public record Reports(List<JvmReport> jvms, List<Group> groups, List<String> problems) {

  /** Copies the lists. */
  public Reports {
    jvms = List.copyOf(jvms);
    groups = List.copyOf(groups);
    problems = List.copyOf(problems);
  }

  /**
   * What one JVM wrote.
   *
   * @param file where
   * @param jvm its first entry
   * @param end its last entry, or null if the JVM did not get to its end
   * @param checks its checks, in their order
   * @param lifetimes the threads that were left, the last entry of each
   */
  public record JvmReport(
      Path file,
      ReportEntry.Jvm jvm,
      ReportEntry.@Nullable End end,
      List<Check> checks,
      List<Lifetime> lifetimes) {
    /** Copies the lists. */
    public JvmReport {
      checks = List.copyOf(checks);
      lifetimes = List.copyOf(lifetimes);
    }
  }

  /**
   * One cause, wherever it was found.
   *
   * @param fingerprint its stable id
   * @param kind what sort of leak it is
   * @param occurrences where it was found, by time; at least one. The first {@link #DETAILED} are
   *     whole; later ones have neither facts, message, stacks nor threads, but their number
   */
  public record Group(String fingerprint, Kind kind, List<Occurrence> occurrences) {

    /** How many occurrences are whole. */
    public static final int DETAILED = 50;

    /** Copies the list. */
    public Group {
      occurrences = List.copyOf(occurrences);
    }

    /** The first time it was found: what a person is shown of it. */
    public Leak first() {
      return occurrences.get(0).leak();
    }

    /** Whether it fails somewhere. */
    public boolean isFailing() {
      return occurrences.stream().anyMatch(occurrence -> occurrence.leak().isFailing());
    }

    /**
     * What was proved of other ones, where that is not what was proved of one that is shown.
     *
     * @param shown the leak whose message is shown
     * @return lines to be put below that; empty if there is nothing else
     */
    public List<String> otherProofs(Leak shown) {
      List<String> lines = new ArrayList<>();
      List<Leak> all = occurrences.stream().map(Occurrence::leak).toList();
      for (List<String> proof : OtherProofs.of(shown, all, Leak::title, Group::proof)) {
        lines.add(Proof.FACT + " " + proof.get(0));
        proof.subList(1, proof.size()).forEach(line -> lines.add("  " + line));
      }
      return lines;
    }

    private static List<String> proof(Leak leak) {
      return leak.facts().stream()
          .filter(fact -> fact.key().equals(Proof.FACT))
          .findFirst()
          .map(Fact::lines)
          .orElse(List.of());
    }
  }

  /**
   * One leak in one JVM.
   *
   * @param jvm the JVM's {@link ReportEntry.Jvm#id()}
   * @param leak the leak
   */
  public record Occurrence(String jvm, Leak leak) {}
}
