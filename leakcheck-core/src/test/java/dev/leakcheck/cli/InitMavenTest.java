package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code leakcheck init} makes of builds of Maven in which something is set that matters. */
class InitMavenTest extends InitTestBase {

  private static final String FLAG = "\"-javaagent:${dev.leakcheck:leakcheck-core:jar}\"";
  private static final String PARENT =
      "<parent><groupId>g</groupId><artifactId>base</artifactId><version>1</version></parent>\n";

  /** A POM outside of the build, in the local repository. */
  private void parent(String inside) throws IOException {
    stored.lay(
        "==> g/base/1/base-1.pom\n<project><groupId>g</groupId><artifactId>base</artifactId>"
            + inside
            + "</project>");
  }

  private static String surefire(String inside) {
    return "<build><plugins><plugin>\n<artifactId>maven-surefire-plugin</artifactId>\n"
        + inside
        + "</plugin></plugins></build>\n";
  }

  private static String configured(String inside) {
    return surefire("<version>3.6.1</version>\n<configuration>" + inside + "</configuration>\n");
  }

  @Test
  void givesSurefireAVersionWhereNobodyDoes() throws IOException {
    String inProfile =
        "<profiles><profile><id>p</id>"
            + surefire("<version>3.5.0</version>\n")
            + "</profile></profiles>\n";
    build.pom(surefire("") + inProfile).apply();

    assertThat(build.read("pom.xml"))
        .contains(
            "<artifactId>maven-surefire-plugin</artifactId>\n<version>3.6.1</version>\n",
            "<artifactId>maven-surefire-plugin</artifactId>\n<version>3.5.0</version>\n");
  }

  @Test
  void leavesTheVersionOfSurefireToAParentThatNamesIt() throws IOException {
    parent(
        "<build><pluginManagement><plugins><plugin><artifactId>maven-surefire-plugin</artifactId>"
            + "<version>3.5.0</version></plugin></plugins></pluginManagement></build>");
    build.pom(PARENT + surefire("")).apply();

    assertThat(build.read("pom.xml"))
        .contains("leakcheck-junit5")
        .doesNotContain("<version>3.6.1</version>");
  }

  @ParameterizedTest
  @CsvSource({
    "<argLine/>, ''",
    "<argLine>  </argLine>, ''",
    "<argLine><!-- none yet --></argLine>, '<!-- none yet --> '",
    "<argLine>-Xmx1g</argLine>, '-Xmx1g '"
  })
  void keepsWhatAnArgLineHolds(String argLine, String kept) throws IOException {
    build.pom(configured(argLine)).apply();

    assertThat(build.read("pom.xml")).containsPattern("<argLine>\\Q" + kept + FLAG + "\\E\\s*</");
  }

  @Test
  void doesNotSetAPropertyThatAParentOutsideOfTheBuildSets() throws IOException {
    parent("<properties><argLine>-Xmx1g</argLine></properties>");
    build.pom(PARENT).apply();

    assertThat(build.read("pom.xml"))
        .contains("<argLine>@{argLine} " + FLAG)
        .doesNotContain("<argLine/>");
  }

  @Test
  void setsThePropertyWhereNoParentDoes() throws IOException {
    parent("<parent><artifactId>top</artifactId><relativePath/></parent>");
    build.pom(PARENT).apply();
    assertThat(build.read("pom.xml")).doesNotContain("<argLine/>");

    parent("");
    build.apply();

    assertThat(build.read("pom.xml")).contains("<argLine/>");
  }

  @Test
  void saysThatAParentCouldNotBeReadAndWhatToDo() throws IOException {
    String printed = build.pom(PARENT).print();

    assertThat(printed)
        .doesNotContain("+    <argLine/>")
        .contains(
            "g:base:1, the parent of pom.xml, is not in the local repository, so nothing is known"
                + " of what it sets: build once, then run this again")
        .contains("pom.xml: should no parent set the property argLine, add <argLine/>");
  }

  @Test
  void saysThatAParentCouldNotBeReadWhereNoTestsAreFound() throws IOException {
    build.lay("==> pom.xml\n<project>" + PARENT + "</project>\n");

    assertThat(build.print())
        .contains("g:base:1, the parent of pom.xml, is not in the local repository");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"checks", "${project.basedir}/checks", "${basedir}/${kind}", "${kind}", "${a.b}"})
  void putsTestSettingsWhereAParentHasTheTestResources(String directory) throws IOException {
    parent(
        "<properties><kind>checks</kind><a.b>${kind}</a.b></properties><build><testResources>"
            + ("<testResource><directory>" + directory + "</directory></testResource>")
            + "</testResources></build>");
    build.pom(PARENT).apply();

    assertThat(build.read("checks/junit-platform.properties")).contains("leakcheck.baseline");
    assertThat(build.directory().resolve("src/test/resources")).doesNotExist();
  }

  @Test
  void saysWhatToSetWhereTheTestResourcesAreNotUnderstood() throws IOException {
    assertThat(
            build
                .pom(
                    "<build><testResources><testResource><directory>${x}</directory>"
                        + "</testResource></testResources></build>\n")
                .apply())
        .contains(
            "pom.xml: the test resources are in ${x}: add"
                + " junit.jupiter.extensions.autodetection.enabled=true to the"
                + " junit-platform.properties there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"checks", "${project.basedir}/checks", "${kind}"})
  void looksForTestsWhereAParentHasThem(String directory) throws IOException {
    parent(
        "<properties><kind>checks</kind></properties><build><testSourceDirectory>"
            + directory
            + "</testSourceDirectory></build>");
    build.lay(
        "==> pom.xml\n<project>"
            + PARENT
            + "</project>\n==> checks/ATest.java\nimport org.junit.jupiter.api.Test;\n");

    assertThat(build.apply()).contains("wrote pom.xml");
  }

  @Test
  void saysThatADirectoryOfTestsIsNotUnderstood() throws IOException {
    build.pom("<build><testSourceDirectory>${x}</testSourceDirectory></build>\n");

    assertThat(build.print()).contains("pom.xml: its tests are in ${x}, which is not understood");
  }

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "<phase>process-test-classes</phase>, false",
    "<phase>package</phase>, true",
    "<phase>test</phase>, true",
    "<phase>none</phase>, true"
  })
  void namesTheJarBeforeTheTestsBegin(String phase, boolean added) throws IOException {
    build
        .pom(
            "<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId><executions>"
                + ("<execution>" + phase + "<goals><goal>properties</goal></goals></execution>")
                + "</executions></plugin></plugins></build>\n")
        .apply();

    assertThat(build.read("pom.xml").contains("<id>leakcheck</id>")).isEqualTo(added);
  }

  @ParameterizedTest
  @CsvSource({"2.19.1", "2.21.0", "2.4.3", "${sf}"})
  void saysThatAnOldSurefireRunsNothing(String version) throws IOException {
    build.pom(
        "<properties><sf>2.19.1</sf></properties>\n"
            + surefire("<version>" + version + "</version>\n"));

    assertThat(build.print())
        .contains(version.replace("${sf}", "2.19.1") + " runs no test of JUnit Jupiter; 3.0 and");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.22.0", "2.22.2", "3.0.0-M3"})
  void saysThatAnOlderSurefireRunsNothingOfANewJUnit(String version) throws IOException {
    parent(
        "<build><pluginManagement><plugins><plugin><artifactId>maven-surefire-plugin</artifactId>"
            + ("<version>" + version + "</version></plugin></plugins></pluginManagement></build>"));

    assertThat(build.pom(PARENT).print())
        .contains(version + " runs no test of JUnit 5.12 and later, and the build succeeds; 3.0");
    parent("");
    assertThat(build.pom(PARENT + surefire("<version>3.2.5</version>")).print())
        .doesNotContain("runs no test");
  }

  @ParameterizedTest
  @CsvSource({
    "<forkCount>0</forkCount>, forkCount is 0",
    "<forkCount>${forks}</forkCount>, forkCount is 0",
    "<forkMode>never</forkMode>, forkMode is never",
    "<forkMode>${mode}</forkMode>, forkMode is never",
    "<jdkToolchain><version>11</version></jdkToolchain>, asks for JDK 11",
    "<jdkToolchain><version>1.8</version></jdkToolchain>, asks for JDK 1.8",
    "'<jdkToolchain><version>[11,17)</version></jdkToolchain>', 'asks for JDK [11,17)'",
    "<argLine>-Dleakcheck.mode=${off}</argLine>, sets leakcheck.mode=off",
  })
  void saysWhatKeepsTestsFromBeingChecked(String set, String said) throws IOException {
    String properties =
        "<properties><forks>0</forks><mode>never</mode><off>off</off></properties>\n";
    assertThat(build.pom(properties + configured(set)).print()).contains("pom.xml", said);
    parent(configured(set));
    assertThat(build.pom(properties + PARENT).print()).contains("base-1.pom", said);
  }

  @ParameterizedTest
  @CsvSource({
    "<forkCount>1</forkCount>",
    "<forkMode>once</forkMode>",
    "<jdkToolchain><version>17</version></jdkToolchain>",
    "<jdkToolchain><version>21</version></jdkToolchain>",
    "<jdkToolchain><version>${jdk11}</version></jdkToolchain>",
    "<argLine>-Dleakcheck.mode=warn</argLine>",
  })
  void saysNothingOfWhatDoesNoHarm(String set) throws IOException {
    assertThat(build.pom(configured(set)).print()).doesNotContain("not added:");
  }

  @Test
  void saysThatPropertiesAndToolchainsKeepTestsFromBeingChecked() throws IOException {
    build.pom(
        "<properties><forkCount>0</forkCount></properties>\n<build><plugins><plugin>"
            + "<artifactId>maven-toolchains-plugin</artifactId><configuration><toolchains><jdk>"
            + "<version>11</version></jdk></toolchains></configuration></plugin></plugins></build>\n");

    assertThat(build.print()).contains("pom.xml: forkCount is 0", "pom.xml asks for JDK 11:");
  }

  @ParameterizedTest
  @CsvSource({
    "junit.jupiter.extensions.autodetection.enabled, false, switches auto-detection off",
    "junit.jupiter.extensions.autodetection.exclude, 'org.*, dev.*', must not name dev.leakcheck",
    "junit.jupiter.extensions.autodetection.exclude, *LeakCheck*, must not name dev.leakcheck",
    "junit.jupiter.extensions.autodetection.include, org.*, has to name dev.leakcheck",
    "leakcheck.mode, off, sets leakcheck.mode=off",
  })
  void saysWhichSettingsKeepTestsFromBeingChecked(String key, String value, String said)
      throws IOException {
    String parameters =
        "<properties><configurationParameters>\na = b\n%s = %s\n</configurationParameters></properties>"
            .formatted(key, value);
    String variables =
        "<systemPropertyVariables><%1$s>%2$s</%1$s></systemPropertyVariables>"
            .formatted(key, value);

    assertThat(build.pom(configured(parameters)).print()).contains("  pom.xml", said);
    assertThat(build.pom(configured(variables)).print()).contains("  pom.xml", said);
    build.pom("").lay("==> " + InitBuild.TEST_SETTINGS + "\n" + key + "=" + value + "\n");
    assertThat(build.print()).contains("  " + InitBuild.TEST_SETTINGS, said);
  }

  @ParameterizedTest
  @CsvSource({
    "junit.jupiter.extensions.autodetection.exclude, org.*",
    "junit.jupiter.extensions.autodetection.exclude, dev",
    "junit.jupiter.extensions.autodetection.include, 'org.*, dev.leakcheck.*'",
    "leakcheck.mode, warn",
  })
  void saysNothingOfSettingsThatDoNoHarm(String key, String value) throws IOException {
    build.pom("").lay("==> " + InitBuild.TEST_SETTINGS + "\n" + key + "=" + value + "\n");

    assertThat(build.print()).doesNotContain("not added:");
  }

  @Test
  void namesTestsBesideSrcTestThatItDoesNotKnow() throws IOException {
    String other = "==> src/it/java/AnIT.java\nimport org.junit.jupiter.api.Test;\n";
    build.pom("").lay(other);

    assertThat(build.print())
        .contains("  src/it uses JUnit Jupiter, but the lines are for src/test alone");
  }

  @Test
  void setsUpAModuleThatCompilesOtherSourcesAmongItsTests() throws IOException {
    build.lay(
        "==> pom.xml\n<project><build><plugins><plugin>"
            + "<artifactId>build-helper-maven-plugin</artifactId><executions><execution>"
            + "<goals><goal>add-test-source</goal></goals></execution></executions>"
            + "</plugin></plugins></build></project>\n"
            + "==> src/it/java/AnIT.java\nimport org.junit.jupiter.api.Test;\n");

    assertThat(build.apply()).contains("wrote pom.xml").doesNotContain("src/it uses");
  }

  @Test
  void saysNothingOfBuildsThatTheInvokerRuns() throws IOException {
    build.pom("").lay("==> src/it/a/src/test/java/A.java\nimport org.junit.jupiter.api.Test;\n");

    assertThat(build.print()).doesNotContain("src/it");
  }
}
