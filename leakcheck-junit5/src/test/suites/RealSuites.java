import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Runs the published tests of real projects bare, with LeakCheck, and with LeakCheck and its agent,
 * and prints what was found there and what it cost. It is no part of the build: it takes minutes,
 * and a person has to read the code behind each report.
 *
 * <p>Usage, at the top of a checkout after {@code mvn -B -ntp -DskipTests package}:
 *
 * <pre>
 * java leakcheck-junit5/src/test/suites/RealSuites.java
 *     [--java HOME] [--rounds N] [--jvm OPTION]... [SUITE...]
 * </pre>
 *
 * <ul>
 *   <li>{@code HOME} is the JDK that runs the tests; without it, the one that runs this program.
 *   <li>{@code N} is how often each of the three runs is made, in turn. The least time of each
 *       counts. Without it, once.
 *   <li>{@code OPTION} is one that the JVMs of the tests get. They run in the directory that their
 *       log is in.
 *   <li>{@code SUITE} is a name of {@link Suite#ALL}; without one all run.
 * </ul>
 *
 * <p>Maven fetches the jars. As in their own build, the tests and what they test lie in
 * directories. Logs, reports and an HTML page of what was found are left in {@code
 * leakcheck-junit5/target/real-suites}. CPU is that of the JVM of the tests, as the system tells
 * it.
 *
 * <p>Tests that fail bare say nothing of LeakCheck: they miss files of their project's checkout, or
 * are older than the JDK.
 */
final class RealSuites {

  private static final String JUNIT = "5.14.4";
  private static final String JUNIT_PLATFORM = "1.14.4";

  /** Knows the class files of JDK 25, which those that come with older Mockitos do not. */
  private static final String BYTE_BUDDY = "1.17.8";

  private static final String DEPENDENCY_PLUGIN =
      "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";

  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final Path OUTPUT = Path.of("leakcheck-junit5", "target", "real-suites");
  private static final boolean WINDOWS = File.separatorChar == '\\';

  /**
   * Tests of a project.
   *
   * @param artifact what is tested, as {@code group:artifact:version}
   * @param classifier of the jar that holds its tests
   * @param classes which test classes run: a regular expression
   * @param needs what the tests need besides, as {@code group:artifact:version}
   */
  private record Suite(
      String name, String artifact, String classifier, String classes, String... needs) {

    static final List<Suite> ALL =
        List.of(
            new Suite(
                "commons-lang3",
                "org.apache.commons:commons-lang3:3.17.0",
                "tests",
                ".*\\.lang3\\.concurrent\\..*Test",
                "org.easymock:easymock:5.4.0",
                "org.apache.commons:commons-text:1.12.0",
                "org.hamcrest:hamcrest:3.0",
                "org.junit-pioneer:junit-pioneer:1.9.1"),
            new Suite(
                "commons-lang3-quiet",
                "org.apache.commons:commons-lang3:3.17.0",
                "tests",
                ".*\\.lang3\\.(event|math|mutable|reflect|text|time|tuple)\\.(?!.*(ExtendedMessage|Parser)).*Test",
                "org.easymock:easymock:5.4.0",
                "org.apache.commons:commons-text:1.12.0",
                "org.hamcrest:hamcrest:3.0",
                "org.junit-pioneer:junit-pioneer:1.9.1"),
            new Suite(
                "commons-dbcp2",
                "org.apache.commons:commons-dbcp2:2.13.0",
                "tests",
                ".*\\.dbcp2\\.((cpdsadapter|datasources)\\.Test.*|managed\\.Test(ManagedConnection|ConnectionWithNarayana|TransactionContext))",
                "com.h2database:h2:2.2.224",
                "jakarta.transaction:jakarta.transaction-api:1.3.3",
                "org.apache.commons:commons-lang3:3.17.0",
                "org.apache.geronimo.modules:geronimo-transaction:2.2.1",
                "org.jboss.logging:jboss-logging:3.4.3.Final",
                "org.jboss.narayana.jta:narayana-jta:5.12.7.Final",
                "org.mockito:mockito-core:4.11.0",
                "org.slf4j:slf4j-simple:2.0.16",
                "tomcat:naming-common:5.0.28",
                "tomcat:naming-java:5.0.28"),
            new Suite(
                "httpcore5",
                "org.apache.httpcomponents.core5:httpcore5:5.3.4",
                "tests",
                ".*\\.Test.*",
                "org.apache.logging.log4j:log4j-core:2.19.0",
                "org.hamcrest:hamcrest:2.2",
                "org.mockito:mockito-core:4.11.0",
                "org.slf4j:slf4j-nop:1.7.36"),
            new Suite(
                "netty-common",
                "io.netty:netty-common:4.1.121.Final",
                "tests",
                "io\\.netty\\.util\\..*Test",
                "ch.qos.logback:logback-classic:1.1.7",
                "commons-logging:commons-logging:1.2",
                "org.apache.logging.log4j:log4j-1.2-api:2.17.2",
                "org.apache.logging.log4j:log4j-core:2.17.2",
                "org.assertj:assertj-core:3.18.0",
                "org.hamcrest:hamcrest-library:1.3",
                "org.jctools:jctools-core:4.0.5",
                "org.mockito:mockito-core:4.11.0"),
            new Suite(
                "curator-client",
                "org.apache.curator:curator-client:5.8.0",
                "tests",
                ".*\\.Test.*",
                "org.apache.curator:curator-test:5.8.0",
                "org.assertj:assertj-core:3.27.7",
                "org.awaitility:awaitility:4.2.2",
                "org.mockito:mockito-core:4.11.0"));

    static Suite named(String name) {
      return ALL.stream()
          .filter(suite -> suite.name.equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new BadInput(
                      "there is no suite '%s'; the suites are %s"
                          .formatted(
                              name,
                              ALL.stream().map(Suite::name).collect(Collectors.joining(", ")))));
    }

    /** A project with all that the tests need, so that Maven tells its class path. */
    String pom() {
      StringBuilder dependencies = new StringBuilder();
      dependencies.append(dependency(artifact, classifier)).append(dependency(artifact, ""));
      Stream.concat(
              Stream.of(needs),
              Stream.of(
                  "org.junit.jupiter:junit-jupiter:" + JUNIT,
                  "org.junit.platform:junit-platform-console:" + JUNIT_PLATFORM))
          .forEach(needed -> dependencies.append(dependency(needed, "")));
      return """
      <project>
        <modelVersion>4.0.0</modelVersion>
        <groupId>dev.leakcheck.suites</groupId>
        <artifactId>%s</artifactId>
        <version>1</version>
        <dependencyManagement>
          <dependencies>
            <dependency>
              <groupId>org.junit</groupId>
              <artifactId>junit-bom</artifactId>
              <version>%s</version>
              <type>pom</type>
              <scope>import</scope>
            </dependency>
      %s%s    </dependencies>
        </dependencyManagement>
        <dependencies>
      %s  </dependencies>
      </project>
      """
          .formatted(
              name,
              JUNIT,
              dependency("net.bytebuddy:byte-buddy:" + BYTE_BUDDY, ""),
              dependency("net.bytebuddy:byte-buddy-agent:" + BYTE_BUDDY, ""),
              dependencies);
    }

    private static String dependency(String coordinates, String classifier) {
      String[] parts = coordinates.split(":");
      return """
          <dependency>
            <groupId>%s</groupId>
            <artifactId>%s</artifactId>
            <version>%s</version>
            <classifier>%s</classifier>
          </dependency>
      """
          .formatted(parts[0], parts[1], parts[2], classifier);
    }

    /** What the names of its two jars begin with. */
    String jars() {
      String[] parts = artifact.split(":");
      return parts[1] + "-" + parts[2];
    }
  }

  /** How the tests are run. */
  private enum Mode {
    BARE,
    PLAIN,
    AGENT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path java;
  private final int rounds;
  private final List<String> options;
  private final Path core = jar("leakcheck-core", "");
  private final Path junit5 = jar("leakcheck-junit5", "");
  private final Path commandLine = jar("leakcheck-core", "-cli");

  private RealSuites(Path java, int rounds, List<String> options) {
    this.java = java;
    this.rounds = rounds;
    this.options = options;
  }

  public static void main(String[] args) throws Exception {
    try {
      Path home = Path.of(System.getProperty("java.home"));
      int rounds = 1;
      List<String> options = new ArrayList<>();
      List<Suite> suites = new ArrayList<>();
      Iterator<String> words = List.of(args).iterator();
      while (words.hasNext()) {
        String word = words.next();
        switch (word) {
          case "--java" -> home = Path.of(value(word, words));
          case "--rounds" -> rounds = positive(word, value(word, words));
          case "--jvm" -> options.add(value(word, words));
          default -> suites.add(Suite.named(word));
        }
      }
      RealSuites runs = new RealSuites(javaOf(home), rounds, options);
      System.out.printf("JDK of %s%n", home);
      for (Suite suite : suites.isEmpty() ? Suite.ALL : suites) {
        runs.run(suite);
      }
    } catch (BadInput e) {
      System.err.println("RealSuites: " + e.getMessage());
      System.exit(2);
    }
  }

  private static String value(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new BadInput(option + " needs a value");
    }
    return words.next();
  }

  private static int positive(String option, String value) {
    if (!value.matches("[1-9]\\d{0,3}")) {
      throw new BadInput(option + " is a number from 1 on, not '" + value + "'");
    }
    return Integer.parseInt(value);
  }

  private static Path javaOf(Path home) {
    Path java = home.resolve("bin").resolve(WINDOWS ? "java.exe" : "java").toAbsolutePath();
    if (!Files.isExecutable(java)) {
      throw new BadInput("no JDK in " + home + ": there is no " + java);
    }
    return java;
  }

  /** A jar of the build, of which there is one version. */
  private static Path jar(String module, String classifier) {
    Pattern name = Pattern.compile(module + "-\\d[\\d.]*(-SNAPSHOT)?" + classifier + "\\.jar");
    Path target = Path.of(module, "target");
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(
            target, file -> name.matcher(file.getFileName().toString()).matches())) {
      return jars.iterator().next().toAbsolutePath();
    } catch (IOException | NoSuchElementException e) {
      throw new BadInput(
          "no %s%s jar in %s: call this at the top of a checkout, after mvn -B -ntp -DskipTests package"
              .formatted(module, classifier, target.toAbsolutePath()));
    }
  }

  private void run(Suite suite) throws Exception {
    System.out.printf("%n%s: %s%n", suite.name(), suite.artifact());
    Path directory = OUTPUT.resolve(suite.name()).toAbsolutePath();
    delete(directory);
    List<String> classPath = prepare(suite, Files.createDirectories(directory));
    Map<Mode, Result> results = new EnumMap<>(Mode.class);
    for (int round = 1; round <= rounds; round++) {
      for (Mode mode : Mode.values()) {
        Path output = directory.resolve(mode.word()).resolve("round-" + round);
        Result result = run(suite, mode, classPath, output);
        System.out.printf(
            Locale.ROOT,
            "  … %s, round %d of %d: %.1f s%n",
            mode.word(),
            round,
            rounds,
            result.wall().toMillis() / 1e3);
        results.merge(mode, result, Result::and);
      }
    }
    Result bare = results.get(Mode.BARE);
    System.out.println("  bare  " + bare.text());
    for (Mode mode : List.of(Mode.PLAIN, Mode.AGENT)) {
      System.out.println("  " + mode.word() + " " + results.get(mode).text(bare));
      found(directory.resolve(mode.word()));
    }
  }

  /**
   * The class path, as Maven tells it, with the tests and what they test in directories: what lies
   * in a jar would be a library's to LeakCheck.
   */
  private static List<String> prepare(Suite suite, Path directory) throws Exception {
    Path pom = Files.writeString(directory.resolve("pom.xml"), suite.pom());
    Path told = directory.resolve("class-path.txt");
    Path log = directory.resolve("maven.txt");
    call(
        List.of(
            WINDOWS ? "mvn.cmd" : "mvn",
            "-B",
            "-ntp",
            "-q",
            "-f",
            pom.toString(),
            DEPENDENCY_PLUGIN + ":build-classpath",
            "-Dmdep.outputFile=" + told),
        directory,
        log);
    if (!Files.exists(told)) {
      throw new BadInput("Maven could not get what " + suite.name() + " needs: see " + log);
    }
    List<String> classPath = new ArrayList<>();
    for (String entry : Files.readString(told).trim().split(File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (name.equals(suite.jars() + "-" + suite.classifier() + ".jar")) {
        classPath.add(0, unpack(entry, directory.resolve("test-classes")));
      } else if (name.equals(suite.jars() + ".jar")) {
        classPath.add(unpack(entry, directory.resolve("classes")));
      } else {
        classPath.add(entry);
      }
    }
    return classPath;
  }

  private static String unpack(String jar, Path directory) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(Path.of(jar));
        Stream<Path> files = Files.walk(zip.getPath("/"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = directory.resolve(file.toString().substring(1));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return directory.toString();
  }

  private Result run(Suite suite, Mode mode, List<String> classPath, Path output) throws Exception {
    Files.createDirectories(output);
    List<String> entries = new ArrayList<>(classPath);
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(options);
    if (mode != Mode.BARE) {
      entries.add(core.toString());
      entries.add(junit5.toString());
      command.add("-Djunit.jupiter.extensions.autodetection.enabled=true");
      command.add("-Dleakcheck.report.dir=" + output);
    }
    if (mode == Mode.AGENT) {
      command.add("-javaagent:" + core);
    }
    command.addAll(
        List.of(
            "-cp",
            String.join(File.pathSeparator, entries),
            "org.junit.platform.console.ConsoleLauncher",
            "execute",
            "--disable-banner",
            "--disable-ansi-colors",
            "--details=none",
            "--scan-classpath=" + classPath.get(0),
            "--include-classname=" + suite.classes(),
            "--reports-dir=" + output));
    Path log = output.resolve("log.txt");
    long start = System.nanoTime();
    Duration cpu = call(command, output, log);
    return Result.read(output, log, Duration.ofNanos(System.nanoTime() - start), cpu);
  }

  /** Runs a command to its end, and gives the CPU time that it had used when it was last seen. */
  private static Duration call(List<String> command, Path directory, Path log)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + LIMIT.toNanos();
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Duration cpu = Duration.ZERO;
    try {
      while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
        cpu = process.info().totalCpuDuration().orElse(cpu);
        if (System.nanoTime() > until) {
          throw new BadInput("no end after " + LIMIT.toMinutes() + " minutes: see " + log);
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return cpu;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Prints each cause once: how often it was told, its id, kind, title and first test. */
  private void found(Path directory) throws Exception {
    Path xml = directory.resolve("leaks.xml");
    Path log = directory.resolve("report.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            commandLine.toString(),
            "report",
            "--junit",
            xml.toString(),
            "--html",
            directory.resolve("leaks.html").toString(),
            directory.toString());
    call(command, directory, log);
    if (!Files.exists(xml)) {
      throw new BadInput("the reports cannot be read: see " + log);
    }
    Map<String, List<String>> causes = new TreeMap<>();
    for (Element test : elements(xml, "testcase")) {
      for (Element leak : children(test, "failure")) {
        Matcher id = Pattern.compile("(?m)^ +id +(\\p{XDigit}+)$").matcher(leak.getTextContent());
        causes
            .computeIfAbsent(id.find() ? id.group(1) : "?", key -> new ArrayList<>())
            .add(
                leak.getAttribute("message")
                    + ", first in "
                    + test.getAttribute("classname")
                    + "."
                    + test.getAttribute("name"));
      }
    }
    Matcher checks = Pattern.compile("\\d+ checks? in \\d+ JVMs?").matcher(Files.readString(log));
    System.out.printf(
        "        %s, causes: %d%n", checks.find() ? checks.group() : "no check", causes.size());
    causes.forEach(
        (id, leaks) -> System.out.printf("        %4d × %s %s%n", leaks.size(), id, leaks.get(0)));
  }

  private static List<Element> elements(Path xml, String name) throws Exception {
    return list(
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(xml.toFile())
            .getElementsByTagName(name));
  }

  private static List<Element> children(Element element, String name) {
    return list(element.getElementsByTagName(name));
  }

  private static List<Element> list(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  /**
   * What the XML reports of one or more runs say, and what it took.
   *
   * @param tests how many were not skipped
   * @param failed tests that failed, with the type of what each threw
   */
  private record Result(int tests, Map<String, String> failed, Duration wall, Duration cpu) {

    static Result read(Path output, Path log, Duration wall, Duration cpu) throws Exception {
      int tests = 0;
      Map<String, String> failed = new LinkedHashMap<>();
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(output, "TEST-*.xml")) {
        for (Path report : reports) {
          for (Element test : elements(report, "testcase")) {
            tests += children(test, "skipped").isEmpty() ? 1 : 0;
            for (String how : List.of("failure", "error")) {
              for (Element failure : children(test, how)) {
                failed.put(
                    test.getAttribute("classname") + "." + test.getAttribute("name"),
                    failure.getAttribute("type"));
              }
            }
          }
        }
      }
      if (tests == 0) {
        throw new BadInput("no test ran: see " + log);
      }
      return new Result(tests, failed, wall, cpu);
    }

    /** The least time counts, and each failure. */
    Result and(Result other) {
      Map<String, String> both = new LinkedHashMap<>(failed);
      both.putAll(other.failed);
      return new Result(
          Math.max(tests, other.tests),
          both,
          wall.compareTo(other.wall) < 0 ? wall : other.wall,
          cpu.compareTo(other.cpu) < 0 ? cpu : other.cpu);
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "%d tests, %d fail; %.1f s, CPU %.1f s",
          tests,
          failed.size(),
          wall.toMillis() / 1e3,
          cpu.toMillis() / 1e3);
    }

    /** Beside the run without LeakCheck. */
    String text(Result bare) {
      Set<String> more = new TreeSet<>(failed.keySet());
      more.removeAll(bare.failed.keySet());
      long all = more.size();
      more.removeIf(this::forALeak);
      return String.format(
          Locale.ROOT,
          "%s: %+.1f %%, CPU %+.1f %%; of those that fail, %d pass bare%s",
          text(),
          more(wall, bare.wall),
          more(cpu, bare.cpu),
          all,
          more.isEmpty() ? "" : ", not for a leak " + more);
    }

    /** A class that fails for a leak fails with all its tests in JUnit's reports. */
    private boolean forALeak(String test) {
      return failed.get(test).startsWith("dev.leakcheck.");
    }

    private static double more(Duration one, Duration other) {
      return 100.0 * one.toMillis() / Math.max(1, other.toMillis()) - 100;
    }
  }

  /** What the caller can mend; it is told in one line. */
  private static final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadInput(String message) {
      super(message);
    }
  }
}
