package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.classify.Symptom;
import dev.leakcheck.cli.doctor.PlantedKinds;
import dev.leakcheck.corpus.Case;
import dev.leakcheck.corpus.CorpusChild;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.inspect.AllInspectors;
import dev.leakcheck.model.LeakKind;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A kind is all of these things, or it is not there; each failure says what is missing where. */
class KindsTest {

  /** What is found because it is left alive or filled; all else has an inspector of its own. */
  private static final Set<LeakKind> LEFT_ALIVE =
      EnumSet.of(
          LeakKind.STRAY_THREAD,
          LeakKind.STRAY_VIRTUAL_THREAD,
          LeakKind.UNCLOSED_EXECUTOR,
          LeakKind.UNCANCELLED_TIMER,
          LeakKind.LEFTOVER_QUEUE,
          LeakKind.STUCK_ON_QUEUE,
          LeakKind.GROWTH);

  private final List<String> missing = new ArrayList<>();

  @Test
  void everyKindIsWhole() {
    for (LeakKind kind : LeakKind.values()) {
      requirePage(kind);
      requirePlant(kind);
      requireCorpus(kind);
      requireInspector(kind);
    }

    assertThat(missing).as(String.join("\n", missing)).isEmpty();
  }

  @Test
  void everyInspectorOfThePackageIsHandedToTheEngine() throws Exception {
    List<String> handedIn =
        AllInspectors.list().stream().map(inspector -> inspector.getClass().getName()).toList();
    List<String> all = inspectors();

    assertThat(all).hasSizeGreaterThanOrEqualTo(9);
    for (String name : all) {
      if (!handedIn.contains(name)) {
        missing.add(name + " is not in inspect/AllInspectors: no engine asks it");
      }
    }
    assertThat(missing).as(String.join("\n", missing)).isEmpty();
  }

  private static List<String> inspectors() throws Exception {
    try (Stream<Path> files = Files.list(placeOf(AllInspectors.class))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith("Inspector.class"))
          .map(file -> "dev.leakcheck.inspect." + file.replace(".class", ""))
          .toList();
    }
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    Path classes = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    return classes.resolve(type.getPackageName().replace('.', '/'));
  }

  private void requirePage(LeakKind kind) {
    if (LeakKind.class.getResource("/dev/leakcheck/kinds/" + kind.id() + ".md") == null) {
      missing.add(kind + " has no page: write resources/dev/leakcheck/kinds/" + kind.id() + ".md");
    }
  }

  private void requirePlant(LeakKind kind) {
    if (!PlantedKinds.all().contains(kind)) {
      missing.add(
          kind + " is not planted by doctor: add it and its clean program to cli/doctor/Plants");
    }
  }

  private void requireCorpus(LeakKind kind) {
    List<Case> corpus = CorpusChild.cases();
    if (corpus.stream().noneMatch(program -> kinds(program, program.leaks()).contains(kind))) {
      missing.add(kind + " is in no program of the corpus: add a leaky one to corpus/*Cases");
    }
    if (corpus.stream()
        .filter(program -> program.leaks().isEmpty())
        .noneMatch(program -> kinds(program, Set.of(program.near())).contains(kind))) {
      missing.add(kind + " has no near miss in the corpus: add a clean program to corpus/*Cases");
    }
  }

  /** What runs on both sorts of threads is told as one kind of each. */
  private static Set<LeakKind> kinds(Case program, Set<LeakKind> kinds) {
    Set<LeakKind> all = EnumSet.noneOf(LeakKind.class);
    all.addAll(kinds);
    if (kinds.contains(LeakKind.STRAY_THREAD) && program.shape() != Case.Shape.PLATFORM) {
      all.add(LeakKind.STRAY_VIRTUAL_THREAD);
    }
    return all;
  }

  private void requireInspector(LeakKind kind) {
    Inspector inspector =
        AllInspectors.list().stream()
            .filter(one -> one.kind().equals(kind.id()))
            .findFirst()
            .orElse(null);
    if (inspector == null) {
      if (!LEFT_ALIVE.contains(kind)) {
        missing.add(
            kind
                + " is found by nothing: add an inspector and its symptom to inspect, and the"
                + " inspector to AllInspectors");
      }
      return;
    }
    String symptom = inspector.getClass().getName().replaceAll("Inspector$", "");
    try {
      if (!Symptom.class.isAssignableFrom(Class.forName(symptom))) {
        missing.add(symptom + " is no Symptom");
      }
    } catch (ClassNotFoundException e) {
      missing.add(kind + " has an inspector and no symptom beside it: write " + symptom);
    }
  }
}
