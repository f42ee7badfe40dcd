package dev.leakcheck.cli.doctor;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.agent.Agent;
import dev.leakcheck.model.Printable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Looks at a JVM of the same JDK, with the flags that are given, and ends it. */
public final class ChildJvm {

  private final List<String> flags;
  private final Duration limit;

  /** The JVM could not be looked at. The message says why, for a person. */
  public static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  /**
   * A way to start JVMs.
   *
   * @param flags what to start them with
   * @param limit how long one may take
   */
  public ChildJvm(List<String> flags, Duration limit) {
    this.flags = List.copyOf(flags);
    this.limit = limit;
  }

  Chart lookAt(Tier tier) throws FailedException, IOException, InterruptedException {
    Path directory = Files.createTempDirectory("leakcheck-doctor");
    try {
      return lookAt(tier, directory);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  private Chart lookAt(Tier tier, Path directory)
      throws FailedException, IOException, InterruptedException {
    Path chart = directory.resolve("chart.txt");
    Path output = directory.resolve("output.txt");
    Process child =
        new ProcessBuilder(command(tier, directory, chart))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = false;
    try {
      child.getOutputStream().close();
      ended = child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly().waitFor();
    }
    Chart read = Files.exists(chart) ? Chart.read(chart) : Chart.EMPTY;
    if (!read.complete()) {
      throw new FailedException(
          "the JVM for "
              + tier
              + (ended
                  ? " ended at "
                      + read.last()
                      + ": "
                      + read.fact(Chart.FAILED).orElse(firstLine(output))
                  : " hung at "
                      + read.last()
                      + " and was ended after "
                      + limit.toMillis() / 1000.0
                      + " s"));
    }
    return read;
  }

  private List<String> command(Tier tier, Path directory, Path chart) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-D" + LeakCheckSettings.PROOF + "=off"); // it takes time, and changes no verdict
    if (Jdk21.isHere()) {
      command.add("--enable-preview"); // for structured concurrency
    }
    if (tier == Tier.AGENT) {
      command.add("-javaagent:" + agentJar(directory));
    }
    command.addAll(flags);
    command.add("-Dleakcheck.report.dir=off"); // what is planted here is nobody's leak
    command.add("-cp");
    command.add(plants(directory) + File.pathSeparator + System.getProperty("java.class.path"));
    command.add(DoctorChild.class.getName());
    command.add(chart.toString());
    command.add(tier.name());
    return command;
  }

  /** The classes that leak lie in a directory, as those of tests do, and not in a library's jar. */
  private static Path plants(Path directory) throws IOException {
    Path classes = directory.resolve("classes");
    for (Class<?> type : Plants.class.getNestMembers()) {
      String name = type.getName().replace('.', '/') + ".class";
      Path file = classes.resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream in = ChildJvm.class.getResourceAsStream("/" + name)) {
        Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
      }
    }
    return classes;
  }

  /** This jar; where LeakCheck is not in a jar, one that leads to the class path. */
  private static Path agentJar(Path directory) throws IOException {
    try {
      Path own = Path.of(Agent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(own)) {
        return own;
      }
    } catch (URISyntaxException | RuntimeException e) {
      throw new IOException("it is not known where LeakCheck's own classes are", e);
    }
    Manifest manifest = new Manifest();
    Attributes entries = manifest.getMainAttributes();
    entries.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    entries.putValue("Premain-Class", Agent.class.getName());
    entries.putValue("Can-Retransform-Classes", "true");
    Path jar = directory.resolve("agent.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  /** The first line that says something: a JVM explains itself at length. */
  private static String firstLine(Path output) throws IOException {
    for (String line :
        new String(Files.readAllBytes(output), Charset.defaultCharset()).split("\\R", -1)) {
      if (!line.isBlank() && !line.startsWith("Picked up ") && !line.startsWith("WARNING: ")) {
        return Printable.escape(line.strip());
      }
    }
    return "it said nothing";
  }
}
