import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a module's tests again, on other JDKs and other JUnits than surefire did, several runs at
 * once; the poms start it after {@code package}.
 *
 * <p>Usage: {@code java TestRuns.java <build directory> <test class path> <left out> <run>...}
 *
 * <ul>
 *   <li>{@code <build directory>} holds {@code jdks.xml}, the JDKs that Maven found, and {@code
 *       junit/<version>/}, the jars of each JUnit to run on.
 *   <li>{@code <left out>} is a comma-separated list of what file names on the class path start
 *       with that must not be there, above all the JUnit that the tests were compiled against.
 *   <li>{@code <run>} is {@code "<JDK> <JUnit version> <package> [-<package to leave out>]...
 *       [agent[=<arguments>]]"}; the longest come first, so that no processor is idle at the end.
 *       The JDK is {@code newest} (the one that runs this program) or a feature release number. A
 *       JDK that is not on this machine is reported and skipped. With {@code agent} the JVM is
 *       started with the core jar of the class path as {@code -javaagent}, and with the arguments,
 *       if there are any.
 * </ul>
 *
 * <p>Tests with the tag {@code same-on-every-jdk} have run in surefire's run and are left out.
 *
 * <p>Exits with 1 if a test failed or a run executed no test.
 */
final class TestRuns {
  private static final String TEST_CLASS_NAMES = "[^$]+Test";
  private static final String SAME_ON_EVERY_JDK = "same-on-every-jdk";
  private static final int TIMEOUT_MINUTES = 10;

  /**
   * A run is over before the optimising compiler and the concurrent collector have paid for
   * themselves. What depends on them asks for them.
   */
  private static final List<String> JVM_FLAGS =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Path buildDirectory;
  private final String classPath;

  private TestRuns(Path buildDirectory, String classPath) {
    this.buildDirectory = buildDirectory;
    this.classPath = classPath;
  }

  public static void main(String[] args) throws Exception {
    List<String> leftOut = List.of(args[2].split(","));
    String classPath =
        Arrays.stream(args[1].split(File.pathSeparator))
            .filter(
                entry ->
                    leftOut.stream().noneMatch(Path.of(entry).getFileName().toString()::startsWith))
            .collect(Collectors.joining(File.pathSeparator));
    TestRuns runs = new TestRuns(Path.of(args[0]), classPath);

    Map<String, Optional<Jdk>> jdks = new LinkedHashMap<>();
    List<Callable<Boolean>> found = new ArrayList<>();
    for (String run : Arrays.asList(args).subList(3, args.length)) {
      Spec spec = Spec.parse(run);
      jdks.computeIfAbsent(spec.jdk(), runs::findJdk)
          .ifPresent(jdk -> found.add(() -> runs.run(jdk, spec)));
    }
    System.exit(allPass(found) ? 0 : 1);
  }

  /** Three for each processor: most of a run is waiting. */
  private static boolean allPass(List<Callable<Boolean>> runs)
      throws InterruptedException, ExecutionException {
    ExecutorService workers =
        Executors.newFixedThreadPool(3 * Runtime.getRuntime().availableProcessors());
    try {
      boolean passed = true;
      for (Future<Boolean> run : workers.invokeAll(runs)) {
        passed &= run.get();
      }
      return passed;
    } finally {
      workers.shutdown();
    }
  }

  private Optional<Jdk> findJdk(String wanted) {
    if (wanted.equals("newest")) {
      return Optional.of(
          new Jdk(System.getProperty("java.version"), Path.of(System.getProperty("java.home"))));
    }
    Path own = Path.of(System.getProperty("user.home"), ".m2", "toolchains.xml");
    Optional<Jdk> found =
        Stream.of(buildDirectory.resolve("jdks.xml"), own)
            .filter(Files::exists)
            .flatMap(file -> Jdk.readAll(file).stream())
            .filter(jdk -> jdk.feature().equals(wanted) && Files.exists(jdk.java()))
            .max(Comparator.comparing(jdk -> Runtime.Version.parse(jdk.version())));
    if (found.isEmpty()) {
      System.out.printf(
          "LeakCheck: no JDK %s found; the JDK %s runs are skipped%n", wanted, wanted);
    }
    return found;
  }

  private boolean run(Jdk jdk, Spec spec) throws IOException, InterruptedException {
    String name = "JUnit " + spec.junit() + " on JDK " + jdk.version() + spec.withAgent();
    Path output =
        Files.createDirectories(
            buildDirectory
                .resolve("test-runs")
                .resolve((name + " " + spec.testPackage()).replaceAll("[ ,=]", "-")));
    Path log = output.resolve("log.txt");
    deleteReports(output);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command(jdk, spec, output))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    Counts counts = Counts.read(output);
    String verdict = "passed";
    if (!ended) {
      verdict = "FAILED: no end after " + TIMEOUT_MINUTES + " minutes";
    } else if (process.exitValue() != 0 || counts.failed() > 0) {
      verdict = "FAILED";
    }
    if (counts.executed() == 0) {
      verdict = "FAILED: no test ran";
    }
    boolean passed = verdict.equals("passed");
    System.out.printf( // in one piece, as other runs print too
        "%sLeakCheck: %s, %s: %d run, %d failed, %d skipped, %.1f s: %s%n",
        passed ? "" : Files.readString(log),
        name,
        spec.testPackage(),
        counts.executed(),
        counts.failed(),
        counts.skipped(),
        (System.nanoTime() - start) / 1e9,
        verdict);
    return passed;
  }

  private List<String> command(Jdk jdk, Spec spec, Path output) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(JVM_FLAGS);
    if (spec.agent().isPresent()) {
      command.add("-javaagent:" + coreJar() + spec.agent().get());
    }
    command.add("-Dleakcheck.proof=off"); // as under Surefire
    if (spec.junit().startsWith("5.9.")) { // one run with the previews, task scopes among them
      command.add("--enable-preview");
    }
    command.add("-cp");
    command.add(
        jars(buildDirectory.resolve("junit").resolve(spec.junit()))
            + File.pathSeparator
            + classPath);
    command.add("org.junit.platform.console.ConsoleLauncher");
    if (!spec.junit().startsWith("5.9.")) { // the launcher got its subcommands later
      command.add("execute");
    }
    command.add("--disable-banner");
    command.add("--disable-ansi-colors");
    command.add("--details=none");
    command.add("--fail-if-no-tests");
    command.add("--reports-dir=" + output);
    command.add("--exclude-tag=" + SAME_ON_EVERY_JDK);
    command.add("--include-classname=" + TEST_CLASS_NAMES);
    command.add("--select-package=" + spec.testPackage());
    spec.leftOutPackages().forEach(leftOut -> command.add("--exclude-package=" + leftOut));
    return command;
  }

  /** Before {@code package} core is a directory, which is no agent. */
  private String coreJar() {
    return Arrays.stream(classPath.split(File.pathSeparator))
        .filter(entry -> Path.of(entry).getFileName().toString().matches("leakcheck-core-.*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no leakcheck-core jar in " + classPath));
  }

  /** So that a run that dies early is not judged by the reports of the last build. */
  private static void deleteReports(Path directory) throws IOException {
    try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
      for (Path report : reports) {
        Files.delete(report);
      }
    }
  }

  private static String jars(Path directory) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
      List<String> names = new ArrayList<>();
      jars.forEach(jar -> names.add(jar.toString()));
      return String.join(File.pathSeparator, names);
    }
  }

  /** A run as it is written in the pom; the agent's arguments with their equals sign. */
  private record Spec(
      String jdk,
      String junit,
      String testPackage,
      List<String> leftOutPackages,
      Optional<String> agent) {
    private static final String AGENT = "agent";

    static Spec parse(String run) {
      String[] words = run.trim().split("\\s+");
      List<String> leftOutPackages = new ArrayList<>();
      Optional<String> agent = Optional.empty();
      for (String word : Arrays.asList(words).subList(3, words.length)) {
        if (word.startsWith("-")) {
          leftOutPackages.add(word.substring(1));
        } else if (word.equals(AGENT) || word.startsWith(AGENT + "=")) {
          agent = Optional.of(word.substring(AGENT.length()));
        } else {
          throw new IllegalArgumentException("\"" + word + "\" in the run \"" + run + "\"");
        }
      }
      return new Spec(words[0], words[1], words[2], leftOutPackages, agent);
    }

    String withAgent() {
      return agent.map(arguments -> " with agent" + arguments).orElse("");
    }
  }

  /** A JDK of this machine. */
  private record Jdk(String version, Path home) {
    private static final Pattern TOOLCHAIN =
        Pattern.compile("<version>([^<]+)</version>.*?<jdkHome>([^<]+)</jdkHome>", Pattern.DOTALL);

    static List<Jdk> readAll(Path toolchains) {
      try {
        return TOOLCHAIN
            .matcher(Files.readString(toolchains))
            .results()
            .map(match -> new Jdk(match.group(1), Path.of(match.group(2))))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String feature() {
      return version.split("[.+-]")[0];
    }

    Path java() {
      return home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
    }
  }

  /** What the XML reports of one run say. */
  private record Counts(int all, int skipped, int failed) {
    private static final Pattern SUITE = Pattern.compile("<testsuite [^>]*>");
    private static final Pattern NUMBER =
        Pattern.compile("(tests|skipped|failures|errors)=\"(\\d+)\"");

    static Counts read(Path directory) throws IOException {
      Map<String, Integer> sums = new LinkedHashMap<>();
      try (DirectoryStream<Path> reports = Files.newDirectoryStream(directory, "TEST-*.xml")) {
        for (Path report : reports) {
          Matcher suite = SUITE.matcher(Files.readString(report));
          if (suite.find()) {
            NUMBER
                .matcher(suite.group())
                .results()
                .forEach(
                    match ->
                        sums.merge(match.group(1), Integer.valueOf(match.group(2)), Integer::sum));
          }
        }
      }
      return new Counts(
          sums.getOrDefault("tests", 0),
          sums.getOrDefault("skipped", 0),
          sums.getOrDefault("failures", 0) + sums.getOrDefault("errors", 0));
    }

    int executed() {
      return all - skipped;
    }
  }
}
