package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Runs a child JVM to its end and returns all that it printed. */
public record AgentJvm(Path directory, Class<?> main, String classPath) {

  /** With the class path of this JVM. */
  public AgentJvm(Path directory, Class<?> main) {
    this(directory, main, System.getProperty("java.class.path"));
  }

  /** What has a child JVM that has this one's class path run with the agent. */
  public static String option(Path directory) throws IOException {
    return "-javaagent:" + manifestOnly(Agent.class, directory);
  }

  public List<String> run(List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = JavaCommand.begin(classPath);
    command.addAll(flags);
    command.add(main.getName());
    command.addAll(Arrays.asList(arguments));
    File out = directory.resolve("out.txt").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out).start();
    if (!process.waitFor(Integer.getInteger("child.minutes", 10), TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    List<String> lines = Files.readAllLines(out.toPath());
    assertThat(process.exitValue()).as("exit code of a child that printed " + lines).isZero();
    return lines;
  }

  /**
   * The same with the agent.
   *
   * @param agent what it is given, such as {@code =without=threads}, or nothing
   */
  List<String> runWithAgent(String agent, String... arguments)
      throws IOException, InterruptedException {
    return run(List.of(option(directory) + agent), arguments);
  }

  /** A jar with nothing but a manifest: the agent's classes are on the class path. */
  public static Path manifestOnly(Class<?> agent, Path directory) throws IOException {
    Path jar = directory.resolve(agent.getSimpleName() + ".jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest(agent)).close();
    return jar;
  }

  /** A jar with all that the build puts beside the agent's class. */
  static Path withClasses(Class<?> agent, Path directory) throws IOException {
    Path jar = directory.resolve("classes.jar");
    return write(jar, manifest(agent), Path.of(placeOf(agent)));
  }

  /** A jar of the classes in a directory. */
  static Path write(Path jar, Manifest manifest, Path classes) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        Stream<Path> files = Files.walk(classes)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> add(classes.relativize(file).toString(), file, out));
    }
    return jar;
  }

  private static void add(String name, Path file, JarOutputStream out) {
    try {
      out.putNextEntry(new JarEntry(name.replace(File.separatorChar, '/')));
      Files.copy(file, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Manifest manifest(Class<?> agent) {
    Manifest manifest = new Manifest();
    Attributes entries = manifest.getMainAttributes();
    entries.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    entries.putValue("Premain-Class", agent.getName());
    entries.putValue("Agent-Class", agent.getName());
    entries.putValue("Can-Retransform-Classes", "true");
    return manifest;
  }

  /** The class path entry that a class is in. */
  public static String placeOf(Class<?> type) {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).getPath();
  }
}
