package dev.leakcheck.capture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the capture; none turns back. */
class RoomsTest {

  private static final String CAPTURE = "dev.leakcheck.capture.";

  /** Which rooms each room may use. */
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "base", List.of(),
          "objects", List.of("base"),
          "threads", List.of("base", "objects"),
          "dump", List.of("base", "objects", "threads"),
          "waits", List.of("base", "objects", "threads", "dump"),
          "record", List.of("base", "objects", "threads"),
          "failures", List.of("base", "objects", "threads", "record"));

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_ARCHIVES)
          .importPackages("dev.leakcheck.capture");

  @Test
  void everyClassIsInARoomThatIsKnown() {
    assertThat(MAIN.size()).isGreaterThan(60);
    assertThat(MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .isEqualTo(MAY_USE.keySet().stream().map(CAPTURE::concat).collect(Collectors.toSet()));
  }

  @Test
  void aRoomUsesOnlyThoseBelowIt() {
    MAY_USE.forEach(
        (room, below) -> {
          Set<String> others = new TreeSet<>(MAY_USE.keySet());
          others.remove(room);
          below.forEach(others::remove);
          noClasses()
              .that()
              .resideInAPackage(CAPTURE + room)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others.stream().map(CAPTURE::concat).toArray(String[]::new))
              .check(MAIN);
        });
  }
}
