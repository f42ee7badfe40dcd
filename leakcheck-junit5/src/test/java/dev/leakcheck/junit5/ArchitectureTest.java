package dev.leakcheck.junit5;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> location.contains(own()))
          .importPackages("dev.leakcheck.junit5");

  /** The directory or jar of the extension; the tests have the same packages elsewhere. */
  private static String own() {
    return LeakCheckExtension.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  @Test
  void the_extensions_own_classes_are_looked_at() {
    assertThat(CLASSES.stream().map(JavaClass::getSimpleName))
        .hasSizeGreaterThanOrEqualTo(10)
        .contains("LeakCheckExtension", "Session", "ClassCheck", "MethodCheck", "NoLeaks")
        .noneMatch(name -> name.endsWith("TestCase"));
  }

  @Test
  void nothing_is_printed() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
  }

  @Test
  void state_lives_in_the_store_so_static_fields_are_constants() {
    fields()
        .that()
        .areStatic()
        .and()
        .areNotDeclaredIn(Guard.class) // which stands before everything that a store needs
        .should()
        .beFinal()
        .andShould()
        .haveRawType(
            DescribedPredicate.describe(
                "a constant's",
                type ->
                    type.isPrimitive()
                        || type.isEnum()
                        || (type.isArray() && type.getComponentType().isEnum())
                        || type.isEquivalentTo(String.class)
                        || type.isEquivalentTo(Duration.class)
                        || type.isEquivalentTo(Pattern.class)
                        || type.isEquivalentTo(Extension.class) // which has no state: below
                        || type.getName()
                            .equals("org.junit.jupiter.api.extension.ExtensionContext$Namespace")))
        .check(CLASSES);
  }

  @Test
  void an_extension_has_no_fields_but_the_probes_that_it_was_given() {
    assertThat(
            CLASSES.stream()
                .filter(type -> type.isAssignableTo(Extension.class))
                .flatMap(type -> type.getFields().stream())
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                .map(JavaField::getFullName))
        .isEmpty();
    assertThat(
            CLASSES.stream()
                .filter(type -> type.isAssignableTo(Extension.class))
                .flatMap(type -> type.getFields().stream())
                .map(JavaField::getName))
        .containsExactly("probes");
    assertThat(CLASSES.stream().filter(type -> type.isAssignableTo(Extension.class))).isNotEmpty();
  }

  @Test
  void of_core_only_the_public_API_and_what_is_for_test_frameworks_is_used() {
    noClasses()
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("dev.leakcheck..")
                .and(
                    JavaClass.Predicates.resideOutsideOfPackages(
                        "dev.leakcheck",
                        "dev.leakcheck.integration",
                        "dev.leakcheck.model",
                        "dev.leakcheck.report",
                        "dev.leakcheck.junit5")))
        .check(CLASSES);
    assertThat(CLASSES.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream()))
        .anyMatch(
            dependency ->
                dependency.getTargetClass().getPackageName().equals("dev.leakcheck.integration"));
  }

  /** Core names classes of the extension that its walks leave out and its messages leave aside. */
  @ParameterizedTest
  @ValueSource(strings = {"Session", "ClassCheck", "MethodCheck", "LeakCheckExtension", "Repeated"})
  void classes_that_core_names_by_a_string_are_there(String name) {
    assertThat(CLASSES.stream().map(JavaClass::getName)).contains("dev.leakcheck.junit5." + name);
  }

  @Test
  void of_JUnit_only_the_public_API_is_used() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.junit.jupiter.engine..",
            "org.junit.platform.engine..",
            "org.junit.platform.launcher..")
        .check(
            CLASSES.that(
                DescribedPredicate.not(
                    JavaClass.Predicates.belongToAnyOf(RunListener.class, AnnotatedSuites.class))));
  }

  @Test
  void a_users_JVM_without_a_launcher_never_loads_the_listener() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(RunListener.class, AnnotatedSuites.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(RunListener.class, AnnotatedSuites.class)
        .check(CLASSES);
  }

  @Test
  void a_user_sees_the_extension_and_two_annotations_and_a_launcher_its_listener() {
    assertThat(
            CLASSES.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.isNestedClass())
                .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrder("LeakCheckExtension", "NoLeaks", "AllowLeaks", "RunListener");
  }
}
