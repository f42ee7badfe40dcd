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
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.filter.ThreadEvidence;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The house: which rooms there are, which may know which, and what is shown outside. */
@SameOnEveryJdk
class ArchitectureTest {

  private static final String ROOT = "dev.leakcheck";

  /**
   * Each room with what it may know, from the bottom up: the JDK and jspecify everybody may. A name
   * with a dot at its end is a library's package.
   */
  private static final Map<String, String> ROOMS = new LinkedHashMap<>();

  static {
    room("model", "");
    room("report", "model");
    room("classify", "model");
    room("baseline", "model com.fasterxml.jackson.core.");
    room("recorder", "model report org.slf4j. com.fasterxml.jackson.core.");

    room("capture.base", "org.objectweb.asm.");
    room("capture.ask", "capture.base");
    room("capture.threads", "capture.ask capture.base model");
    room("capture.objects", "capture.ask capture.base capture.threads model");
    room("capture.dump", "capture.base capture.threads model com.fasterxml.jackson.core.");
    room("capture.waits", "capture.ask capture.base capture.dump capture.threads model");
    room(
        "capture.record",
        "capture.ask capture.base capture.objects capture.threads model"
            + " com.fasterxml.jackson.core.");
    room(
        "capture.failures",
        "capture.ask capture.base capture.objects capture.record capture.threads model");
    room(
        "filter",
        "capture.ask capture.base capture.objects capture.record capture.threads model"
            + " com.fasterxml.jackson.core. org.slf4j.");
    room(
        "agent",
        "capture.base capture.failures capture.objects capture.record capture.threads"
            + " org.objectweb.asm.");

    room(
        "engine.scope",
        "capture.ask baseline capture.base capture.dump capture.objects capture.record"
            + " capture.threads"
            + " classify model recorder");
    room(
        "engine.tier",
        "capture.ask capture.dump agent capture.base capture.failures capture.objects"
            + " capture.record capture.threads capture.waits classify engine.scope"
            + " filter model");
    room(
        "engine",
        "capture.ask baseline capture.base capture.dump capture.failures capture.objects"
            + " capture.record capture.threads capture.waits classify engine.scope engine.tier filter"
            + " model");
    room(
        "inspect",
        "capture.ask capture.base capture.dump capture.failures capture.objects"
            + " capture.record capture.threads capture.waits classify engine"
            + " engine.scope engine.tier filter model");
    room("proof.hprof", "");
    room("proof.walk", "proof.hprof model");
    room(
        "proof.heap",
        "proof.hprof proof.walk capture.base capture.dump capture.threads engine engine.scope"
            + " model");
    room(
        "growth",
        "engine.tier capture.base capture.objects capture.record capture.threads"
            + " classify engine engine.scope filter model");
    room(
        "hang",
        "engine.tier capture.threads capture.waits classify engine engine.scope"
            + " inspect model report org.slf4j.");
    room("proof.hprof", "");
    room("proof.walk", "model proof.hprof");
    room(
        "proof.heap",
        "capture.base capture.dump capture.threads engine engine.scope model proof.hprof"
            + " proof.walk");
    room(
        "proof.virtual",
        "capture.base capture.dump capture.threads engine engine.scope model proof.hprof"
            + " proof.walk");
    room(
        "wiring",
        "engine.scope engine.tier capture.dump capture.threads engine hang"
            + " inspect model proof.heap proof.virtual recorder");

    room(
        "",
        "baseline engine engine.scope growth hang model recorder report wiring" + " org.slf4j.");
    room(
        "integration",
        "engine.tier root capture.base capture.threads engine engine.scope growth hang model"
            + " recorder report wiring org.slf4j.");
    room("assertj", "root model org.assertj.");
    room(
        "contract",
        "root capture.base capture.objects capture.threads capture.waits classify model report");
    room("monitor", "capture.dump capture.threads classify filter model org.slf4j.");
    room("micrometer", "model monitor io.micrometer.");

    room("cli.base", "");
    room("cli.reports", "cli.base model report com.fasterxml.jackson.core.");
    room(
        "cli.formats",
        "cli.reports model report com.fasterxml.jackson.core. org.oasis_open." + " javax.xml.");
    room(
        "cli.html",
        "cli.base cli.reports model report com.fasterxml.jackson.core. org.commonmark.");
    room(
        "cli.dump",
        "capture.base capture.dump capture.threads capture.waits classify"
            + " cli.base filter inspect model proof.walk report com.fasterxml.jackson.core.");
    room(
        "cli.fleet",
        "capture.dump classify cli.base cli.dump cli.reports model report"
            + " com.fasterxml.jackson.core.");
    room("cli.prove", "cli.base cli.dump model proof.hprof proof.walk");
    room("cli.watch", "agent classify cli.base model com.fasterxml.jackson.core.");
    room("cli.init", "cli.base");
    room("cli.doctor", "root agent integration model report com.fasterxml.jackson.core.");
    room(
        "cli",
        "root baseline classify filter cli.base cli.doctor cli.dump cli.fleet cli.formats cli.html"
            + " cli.init cli.prove cli.reports cli.watch proof.walk model report picocli. org.commonmark."
            + " com.fasterxml.jackson.core.");
  }

  private static void room(String name, String mayKnow) {
    ROOMS.put(name, mayKnow);
  }

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_ARCHIVES)
          .importPackages(ROOT);

  private static String packageOf(String room) {
    return room.isEmpty() || room.equals("root") ? ROOT : ROOT + "." + room;
  }

  static Set<String> rooms() {
    return ROOMS.keySet();
  }

  @Test
  void everyClassIsInARoomAndNoRoomIsEmpty() {
    Set<String> packages =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));

    assertThat(packages)
        .as("the packages; a new one needs a line in ROOMS that says what it may know")
        .isEqualTo(
            ROOMS.keySet().stream()
                .map(ArchitectureTest::packageOf)
                .collect(Collectors.toCollection(TreeSet::new)));
    assertThat(MAIN.size()).isGreaterThan(300);
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomKnowsOnlyWhatItMay(String room) {
    List<String> known =
        new ArrayList<>(
            List.of("java..", "javax..", "jdk..", "sun..", "com.sun..", "org.jspecify.."));
    known.add(packageOf(room));
    for (String name : ROOMS.get(room).split(" ")) {
      if (!name.isEmpty()) {
        known.add(name.endsWith(".") ? name + "." : packageOf(name));
      }
    }
    classes()
        .that()
        .resideInAPackage(packageOf(room))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known.toArray(String[]::new))
        .check(MAIN);
  }

  /** Each package is a slice of its own, be it inside another or not. */
  @Test
  void packagesHaveNoCycles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(ROOT)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(MAIN);
  }

  @Test
  void theRootPackageIsWhatAUserCalls() {
    assertThat(
            MAIN.stream()
                .filter(type -> type.getPackageName().equals(ROOT) && !type.isNestedClass())
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info")))
        .containsExactlyInAnyOrder(
            "LeakCheck",
            "LeakScope",
            "LeakCheckOptions",
            "LeakCheckSettings",
            "LeakAssertionError",
            "GrowthOptions");
  }

  @Test
  void aScopeHasOnlyWhatAUserOfItWants() {
    assertThat(
            MAIN.get(LeakScope.class).getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaMethod::getName))
        .containsExactlyInAnyOrder("watch", "watchStatics", "findings", "end", "close", "options");
  }

  @Test
  void exactlyThesePackagesAreExported() throws Exception {
    Path classes =
        Path.of(LeakCheck.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }

    assertThat(
            module.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source))
        .containsExactlyInAnyOrder(
            "dev.leakcheck",
            "dev.leakcheck.assertj",
            "dev.leakcheck.contract",
            "dev.leakcheck.integration",
            "dev.leakcheck.micrometer",
            "dev.leakcheck.model",
            "dev.leakcheck.monitor",
            "dev.leakcheck.report");
  }

  /** A rule that names a class of ours by a string would go blind when that class moves. */
  @Test
  void classesThatAreNamedByAStringAreThere() throws Exception {
    Pattern ours = Pattern.compile("dev\\.leakcheck\\.(?!junit5)(?:[a-z0-9]+\\.)*[A-Z]\\w*");
    Set<String> eventsAndMarks = Set.of("dev.leakcheck.Group", "dev.leakcheck.Hang");
    Set<String> named = new TreeSet<>();
    for (String text : strings()) {
      if (ours.matcher(text).matches() && !eventsAndMarks.contains(text)) {
        named.add(text);
      }
    }

    for (KnownThread rule : KnownThreads.all()) {
      for (ThreadEvidence evidence : rule.evidence()) {
        List<?> types = evidence.types();
        types.stream()
            .map(Object::toString)
            .filter(type -> ours.matcher(type).matches())
            .forEach(named::add);
      }
    }

    assertThat(named).hasSizeGreaterThan(15);
    assertThat(named.stream().filter(name -> !MAIN.contain(name))).isEmpty();
  }

  private static Set<String> strings() throws IOException {
    Set<String> strings = new TreeSet<>();
    for (JavaClass type : MAIN) {
      try (InputStream in =
          ArchitectureTest.class.getResourceAsStream(
              "/" + type.getName().replace('.', '/') + ".class")) {
        new ClassReader(in.readAllBytes())
            .accept(
                new ClassVisitor(Opcodes.ASM9) {
                  @Override
                  public MethodVisitor visitMethod(
                      int access, String name, String descriptor, String signature, String[] e) {
                    return new MethodVisitor(Opcodes.ASM9) {
                      @Override
                      public void visitLdcInsn(Object value) {
                        if (value instanceof String text) {
                          strings.add(text);
                        }
                      }
                    };
                  }
                },
                ClassReader.SKIP_DEBUG);
      }
    }
    return strings;
  }

  /** It is not in the jar that users get. */
  @Test
  void nothingKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.leakcheck.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.leakcheck.cli..", "picocli..")
        .check(MAIN);
  }

  /** Which tier a JVM is on is asked in one place; everybody else asks the tier. */
  @Test
  void onlyTheChooserKnowsTheTiersByName() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.leakcheck.engine.tier")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("ByCount")
        .orShould()
        .dependOnClassesThat()
        .haveSimpleName("ByBirth")
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.leakcheck.wiring", "dev.leakcheck.engine.tier")
        .should()
        .callMethod(dev.leakcheck.engine.tier.Tier.class, "isExact")
        .check(MAIN);
  }

  /** What is longer has more than one subject. */
  @Test
  void noSourceFileIsLong() throws IOException {
    Path sources = Path.of("src", "main", "java");
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        long lines = Files.readAllLines(file).size();
        if (lines > 400) {
          tooLong.add(sources.relativize(file) + " has " + lines + " lines");
        }
      }
    }
    assertThat(tooLong).isEmpty();
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

  /** The module of the flight recorder need not be there; one class is loaded only if it is. */
  @Test
  void onlyEventsNeedTheFlightRecorder() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Event")
        .and()
        .doNotHaveFullyQualifiedName("dev.leakcheck.recorder.FlightRecorder$Events")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.jfr..")
        .check(MAIN);
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
