package dev.leakcheck.cli.doctor;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.agent.Attach;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program of the JVM that is looked at: plants each leak in a scope of its own, then the clean
 * code that comes close to it, and writes down what each scope found.
 */
final class DoctorChild {

  /** What is left need not be waited for; what is clean gets the time that it takes. */
  private static final Duration SETTLE_LEAKS = Duration.ofMillis(500);

  private static final Duration SETTLE_CLEAN = Duration.ofSeconds(20);
  private static final Set<LeakKind> OF_JDK_21 =
      EnumSet.of(LeakKind.STRAY_VIRTUAL_THREAD, LeakKind.UNCLOSED_TASK_SCOPE);

  private final Chart.Writer chart;
  private final ScheduledExecutorService fixture = Executors.newScheduledThreadPool(1);
  private Coverage coverage = Coverage.FULL;
  private boolean recorded;

  private DoctorChild(Chart.Writer chart) {
    this.chart = chart;
  }

  /**
   * Looks at this JVM.
   *
   * @param args the file to write the chart to, and the tier; nothing for a process that merely
   *     lives until its input ends
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      System.in.readAllBytes();
      return;
    }
    Chart.Writer chart = new Chart.Writer(Path.of(args[0]));
    try {
      new DoctorChild(chart).run(Tier.valueOf(args[1]));
    } catch (Throwable e) {
      chart.fact(Chart.FAILED, e.toString());
    } finally {
      Runtime.getRuntime().halt(0); // what was planted may never end
    }
  }

  static boolean canBePlanted(LeakKind kind, int feature) {
    return Jdk21.isOf(feature) || !OF_JDK_21.contains(kind);
  }

  private void run(Tier tier) throws Exception {
    tellOfThisJvm();
    fixture.submit(() -> {}).get();
    for (Plant plant : Plants.all()) {
      if (canBePlanted(plant.kind(), Runtime.version().feature())) {
        chart.begin(plant.kind().id());
        chart.trial(trial(plant));
      }
    }
    for (Coverage.Note note : coverage.notes()) {
      chart.note(note);
    }
    chart.begin("a proof");
    chart.fact(Chart.PROOF, new PlantedProof(fixture).look(tier));
    chart.fact(Chart.RECORDED, Boolean.toString(recorded));
    if (tier == Tier.PLAIN) {
      chart.begin("attaching the agent");
      chart.fact(Chart.ATTACH, attach());
    }
    chart.end();
  }

  private void tellOfThisJvm() throws IOException {
    chart.fact(
        Chart.MODULES,
        Stream.of("jdk.management", "jdk.attach")
            .map(
                name ->
                    name + (ModuleLayer.boot().findModule(name).isPresent() ? " yes" : " MISSING"))
            .collect(Collectors.joining(", ")));
  }

  private Trial trial(Plant plant) {
    try {
      Set<LeakKind> found = judge(plant, plant.leak(), SETTLE_LEAKS);
      return new Trial(plant.kind(), found, judge(plant, plant.clean(), SETTLE_CLEAN), "");
    } catch (Throwable e) {
      return new Trial(plant.kind(), Set.of(), Set.of(), e.toString());
    }
  }

  private Set<LeakKind> judge(Plant plant, Plant.Program program, Duration settle)
      throws Throwable {
    Scene scene = new Scene(fixture);
    LeakCheckOptions options = LeakCheckOptions.defaults().settle(settle);
    TestScope scope = TestScope.open(TestOptions.of(options.named(plant.kind().id())).byEntry());
    scope.watch(scene.fields());
    Set<LeakKind> kinds = EnumSet.noneOf(LeakKind.class);
    try {
      TestScope.Entry entry = scope.enter();
      try {
        program.run(scene);
      } finally {
        entry.close();
      }
      Findings findings = scope.findings();
      coverage = coverage.and(findings.coverage());
      recorded |= findings.recorded();
      // What repetitions left beside what grows, their warm-up's, is no finding of its own.
      (scene.found().isEmpty() ? findings.list() : scene.found())
          .forEach(finding -> kinds.add((LeakKind) finding.kind()));
    } finally {
      scope.end();
      scene.end();
    }
    return kinds;
  }

  private static String attach() {
    try {
      Attach.toThisJvm();
      return "";
    } catch (Attach.RefusedException | LinkageError e) {
      return String.valueOf(e.getMessage());
    }
  }
}
