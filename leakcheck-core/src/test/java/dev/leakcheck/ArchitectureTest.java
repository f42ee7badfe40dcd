package dev.leakcheck;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the packages; none turns back. */
class ArchitectureTest {

  private static final String[] JDK = {"java..", "javax..", "jdk..", "sun..", "com.sun.."};

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_ARCHIVES)
          .importPackages("dev.leakcheck");

  private static String[] jdkAnd(String... packages) {
    String[] all = java.util.Arrays.copyOf(JDK, JDK.length + packages.length);
    System.arraycopy(packages, 0, all, JDK.length, packages.length);
    return all;
  }

  @Test
  void everythingWasScanned() {
    assertThat(MAIN.size()).isGreaterThan(60);
    for (String layer :
        new String[] {
          "model",
          "capture",
          "filter",
          "classify",
          "report",
          "baseline",
          "assertj",
          "agent",
          "contract",
          "cli",
          "monitor",
          "micrometer"
        }) {
      assertThat(MAIN.stream().filter(c -> c.getPackageName().equals("dev.leakcheck." + layer)))
          .as(layer)
          .isNotEmpty();
    }
  }

  @Test
  void modelKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(jdkAnd("dev.leakcheck.model..", "org.jspecify.."))
        .check(MAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"filter", "classify", "report"})
  void layerKnowsOnlyTheModel(String layer) {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck." + layer + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd("dev.leakcheck." + layer + "..", "dev.leakcheck.model..", "org.jspecify.."))
        .check(MAIN);
  }

  @Test
  void captureKnowsOnlyTheModelAndTheJsonReader() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.capture..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd(
                "dev.leakcheck.capture..",
                "dev.leakcheck.model..",
                "org.jspecify..",
                "com.fasterxml.jackson.core.."))
        .check(MAIN);
  }

  @Test
  void baselineKnowsOnlyTheModelAndTheJsonLibrary() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.baseline..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd(
                "dev.leakcheck.baseline..",
                "dev.leakcheck.model..",
                "org.jspecify..",
                "com.fasterxml.jackson.core.."))
        .check(MAIN);
  }

  @Test
  void recorderKnowsOnlyWhatItWritesAndTheJsonLibrary() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.recorder..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd(
                "dev.leakcheck.recorder..",
                "dev.leakcheck.model..",
                "dev.leakcheck.report..",
                "org.jspecify..",
                "org.slf4j..",
                "com.fasterxml.jackson.core.."))
        .check(MAIN);
  }

  @Test
  void agentKnowsOnlyTheCaptureAndTheClassFileLibrary() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.agent..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd(
                "dev.leakcheck.agent..",
                "dev.leakcheck.capture..",
                "org.jspecify..",
                "org.objectweb.asm.."))
        .check(MAIN);
  }

  /** It is a user of the library, beside the root: it opens scopes and looks at threads itself. */
  @Test
  void contractKnowsTheRootAndTheLayersBelow() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.contract..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd(
                "dev.leakcheck",
                "dev.leakcheck.capture..",
                "dev.leakcheck.classify..",
                "dev.leakcheck.contract..",
                "dev.leakcheck.model..",
                "dev.leakcheck.report..",
                "org.jspecify.."))
        .check(MAIN);
  }

  /** It samples threads itself, and needs no scopes. */
  @Test
  void monitorKnowsTheLayersBelowTheRoot() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.monitor..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            jdkAnd(
                "dev.leakcheck.capture..",
                "dev.leakcheck.classify..",
                "dev.leakcheck.filter..",
                "dev.leakcheck.model..",
                "dev.leakcheck.monitor..",
                "org.jspecify..",
                "org.slf4j.."))
        .check(MAIN);
  }

  @Test
  void onlyTheAssertJEntryPointAndTheContractsKnowTheRoot() {
    noClasses()
        .that()
        .resideInAPackage("dev.leakcheck..")
        .and()
        .resideOutsideOfPackages(
            "dev.leakcheck",
            "dev.leakcheck.assertj..",
            "dev.leakcheck.cli..",
            "dev.leakcheck.contract..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.leakcheck")
        .check(MAIN);
  }

  /** It is not in the jar that users get. */
  @Test
  void nothingKnowsTheCommandLineAndItAloneKnowsPicocli() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.leakcheck.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.leakcheck.cli..", "picocli..")
        .check(MAIN);
  }

  /** What reads reports knows of nothing that is made of them. */
  @Test
  void theReaderOfReportsKnowsReportsAndTheJsonReader() {
    classes()
        .that()
        .resideInAPackage("dev.leakcheck.cli.reports..")
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                    jdkAnd(
                        "dev.leakcheck.cli.reports..",
                        "dev.leakcheck.report..",
                        "dev.leakcheck.model..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.core.."))
                .or(HasName.Predicates.name("dev.leakcheck.cli.base.BadInput")))
        .check(MAIN);
  }

  @Test
  void onlyThePagesOfKindsAreMarkdownThatIsRead() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.leakcheck.cli", "dev.leakcheck.cli.html")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.commonmark..")
        .check(MAIN);
  }

  /** The module of the JDK's HTTP server need not be there. */
  @Test
  void onlyTheHttpProbeNeedsTheHttpServer() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.leakcheck.contract.HttpProbe")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.net.httpserver..")
        .check(MAIN);
  }

  @Test
  void nothingButTheAssertJEntryPointNeedsAssertJ() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.leakcheck.assertj..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.assertj..")
        .check(MAIN);
  }

  @Test
  void nothingButItsEntryPointNeedsMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.leakcheck.micrometer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "dev.leakcheck.micrometer..")
        .check(MAIN);
  }

  /** The module of the flight recorder need not be there. */
  @Test
  void onlyEventsNeedTheFlightRecorder() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Event")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.jfr..")
        .check(MAIN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.leakcheck.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void nothingPrintsButComplaintsOfTheAgentWhatHangsAndWhatTheJdkWouldPrint() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
        MAIN.that(
            DescribedPredicate.not(
                HasName.Predicates.name("dev.leakcheck.agent.Agent")
                    .or(HasName.Predicates.name("dev.leakcheck.cli.Main"))
                    .or(HasName.Predicates.name("dev.leakcheck.hang.LoudLog"))
                    .or(
                        HasName.Predicates.name(
                            "dev.leakcheck.capture.failures.UncaughtExceptions")))));
  }

  /** The rules can fail: the tests, which do what they forbid, break them. */
  @Test
  void rulesAreNotVacuous() {
    JavaClasses tests =
        new ClassFileImporter().importClasses(Planted.class, ArchitectureTest.class);
    ArchRule rule =
        noClasses().should().dependOnClassesThat().resideInAPackage("java.util.concurrent..");

    assertThatThrownBy(() -> rule.check(tests)).isInstanceOf(AssertionError.class);
  }
}
