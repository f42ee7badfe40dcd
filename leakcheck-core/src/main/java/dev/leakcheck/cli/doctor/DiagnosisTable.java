package dev.leakcheck.cli.doctor;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.TextReport;
import java.util.ArrayList;
import java.util.List;

/** A diagnosis as text. */
public final class DiagnosisTable {

  private static final int KIND_WIDTH = 22;
  private static final int TIER_WIDTH = 7;
  private static final int KEY_WIDTH = 9;

  private final Diagnosis diagnosis;
  private final List<String> lines = new ArrayList<>();

  private DiagnosisTable(Diagnosis diagnosis) {
    this.diagnosis = diagnosis;
  }

  /**
   * Renders it.
   *
   * @param diagnosis what was seen
   * @return its lines
   */
  public static List<String> lines(Diagnosis diagnosis) {
    DiagnosisTable table = new DiagnosisTable(diagnosis);
    table.setUp();
    table.table();
    table.lines.add("");
    diagnosis.troubles().forEach(trouble -> table.line("wrong", trouble));
    table.summary();
    return table.lines;
  }

  private void setUp() {
    lines.add(
        "LeakCheck "
            + TextReport.version()
            + " · JDK "
            + System.getProperty("java.runtime.version")
            + " ("
            + System.getProperty("java.vendor")
            + ") · "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " processors");
    lines.add("");
  }

  private void table() {
    StringBuilder head = new StringBuilder(pad("kind", KIND_WIDTH));
    diagnosis.tiers().forEach(tier -> head.append(pad(tier.toString(), TIER_WIDTH)));
    lines.add(head + "why not");
    for (LeakKind kind : LeakKind.values()) {
      StringBuilder row = new StringBuilder(pad(kind.id(), KIND_WIDTH));
      for (Tier tier : diagnosis.tiers()) {
        row.append(pad(cell(kind, tier), TIER_WIDTH));
      }
      lines.add((row + diagnosis.whyNot(kind)).stripTrailing());
    }
  }

  private String cell(LeakKind kind, Tier tier) {
    return diagnosis.isTrouble(kind, tier) ? "WRONG" : diagnosis.isFound(kind, tier) ? "yes" : "no";
  }

  private void summary() {
    for (Tier tier : diagnosis.tiers()) {
      line(
          tier.toString(),
          diagnosis.found(tier)
              + " of "
              + LeakKind.values().length
              + " kinds are found; of "
              + diagnosis.tried(tier)
              + " clean programs "
              + (diagnosis.accused(tier) == 0 ? "none" : diagnosis.accused(tier))
              + (diagnosis.accused(tier) > 1 ? " are accused" : " is accused"));
      for (Coverage.Note note : diagnosis.coverage(tier).notes()) {
        line("", "not seen: " + note.text());
      }
    }
    diagnosis.tiers().stream()
        .flatMap(tier -> diagnosis.fact(tier, Chart.PROOF).stream())
        .reduce((plain, agent) -> plain.equals(PlantedProof.RIGHT) ? agent : plain)
        .ifPresent(proof -> line("proof", proof(proof)));
    diagnosis
        .fact(Tier.PLAIN, Chart.ATTACH)
        .ifPresent(
            refused ->
                line(
                    "attach",
                    refused.isEmpty()
                        ? "works: leakcheck.agent=attach loads the agent into a running JVM"
                        : refused));
    diagnosis.tiers().stream()
        .findFirst()
        .flatMap(tier -> diagnosis.fact(tier, Chart.MODULES))
        .ifPresent(modules -> line("modules", modules));
    line(
        "reports",
        "in target/leakcheck under Maven and build/leakcheck under Gradle, elsewhere where "
            + LeakCheckSettings.REPORT_DIR
            + " says");
  }

  private static String proof(String became) {
    String right =
        "works: of two threads that wait the one that nobody can wake is proved stuck, the other is"
            + " not";
    return became.equals(PlantedProof.RIGHT)
        ? right
        : became.equals(PlantedProof.RIGHT_OF_VIRTUAL)
            ? right + "; of virtual threads likewise"
            : became.startsWith(PlantedProof.WRONG) ? "WRONG" : "does not work here: " + became;
  }

  private void line(String key, String value) {
    lines.add(pad(key, KEY_WIDTH + 2) + value);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
