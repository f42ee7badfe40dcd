import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at what a user is given, as Maven made it.
 *
 * <ul>
 *   <li>{@code java Artifacts.java jars <version> <build directory>}: no jar there tells when or
 *       where it was built, so that it can be built again to the same bytes; one that is a bundle
 *       of OSGi exports what its module does and imports nothing that is inside.
 *   <li>{@code java Artifacts.java bundle <version> <directory> <list>}: the directory holds what
 *       the list says and no more, each file with its checksums, and all or none with signatures.
 *   <li>{@code java Artifacts.java same <checkout> <checkout>}: what both have built is the same to
 *       the byte, and is there at all.
 * </ul>
 *
 * <p>Exits with 1 and says what is otherwise.
 */
final class Artifacts {

  private static final List<String> CHECKSUMS = List.of(".md5", ".sha1");
  private static final String SIGNATURE = ".asc";
  private static final Set<String> OF_THE_MACHINE =
      Set.of("Built-By", "Bnd-LastModified", "Build-Time", "Build-Host");

  private final List<String> wrong = new ArrayList<>();

  public static void main(String[] args) throws IOException {
    Artifacts artifacts = new Artifacts();
    switch (args[0]) {
      case "jars" -> artifacts.jars(args[1], Path.of(args[2]));
      case "bundle" -> artifacts.bundle(args[1], Path.of(args[2]), Path.of(args[3]));
      case "same" -> artifacts.same(Path.of(args[1]), Path.of(args[2]));
      default -> artifacts.expect(false, "there is no " + args[0]);
    }
    artifacts.wrong.forEach(what -> System.out.println("LeakCheck: " + what));
    System.exit(artifacts.wrong.isEmpty() ? 0 : 1);
  }

  private void jars(String version, Path directory) throws IOException {
    int seen = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "leakcheck-*.jar")) {
      for (Path file : files) {
        seen++;
        try (JarFile jar = new JarFile(file.toFile())) {
          reproducible(jar, file.getFileName().toString(), Files.getLastModifiedTime(file));
          if (file.getFileName().toString().endsWith("-" + version + ".jar")) {
            bundled(jar, file.getFileName().toString(), version);
          }
        }
      }
    }
    expect(seen > 0, "no jar in " + directory);
  }

  /** What the jar's libraries were built at is the same each time. */
  private void reproducible(JarFile jar, String name, FileTime built) throws IOException {
    Instant dayBefore = built.toInstant().minus(1, ChronoUnit.DAYS);
    Set<String> others =
        jar.stream()
            .filter(entry -> entry.getTimeLocal().toInstant(ZoneOffset.UTC).isAfter(dayBefore))
            .map(JarEntry::getName)
            .limit(5)
            .collect(Collectors.toCollection(TreeSet::new));
    expect(others.isEmpty(), name + " has entries with the time of this build: " + others);
    Attributes manifest = jar.getManifest().getMainAttributes();
    for (String header : OF_THE_MACHINE) {
      expect(manifest.getValue(header) == null, name + " has the header " + header);
    }
  }

  /** As bundle and as module it shows the same. */
  private void bundled(JarFile jar, String name, String version) throws IOException {
    Attributes manifest = jar.getManifest().getMainAttributes();
    expect(
        version.equals(manifest.getValue("Implementation-Version")),
        name + " has the Implementation-Version " + manifest.getValue("Implementation-Version"));
    expect(
        version.replace('-', '.').equals(manifest.getValue("Bundle-Version")),
        name + " has the Bundle-Version " + manifest.getValue("Bundle-Version"));
    Set<String> exported = packages(manifest.getValue("Export-Package"));
    try (var in = jar.getInputStream(jar.getJarEntry("module-info.class"))) {
      Set<String> ofTheModule =
          java.lang.module.ModuleDescriptor.read(in).exports().stream()
              .filter(export -> !export.isQualified())
              .map(export -> export.source())
              .collect(Collectors.toCollection(TreeSet::new));
      expect(
          exported.equals(ofTheModule),
          name + " exports " + exported + ", its module " + ofTheModule);
    }
    for (String imported : packages(manifest.getValue("Import-Package"))) {
      expect(
          !imported.matches("(com\\.fasterxml|org\\.objectweb|picocli|org\\.commonmark)\\b.*"),
          name + " imports " + imported + ", which is inside under another name");
    }
  }

  /** The names in a header, whose values in quotes have commas as well. */
  private static Set<String> packages(String header) {
    String names = header == null ? "" : header.replaceAll("\"[^\"]*\"", "");
    return Stream.of(names.split(","))
        .map(name -> name.replaceFirst(";.*", "").strip())
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void same(Path first, Path second) throws IOException {
    int seen = 0;
    for (String module : List.of("leakcheck-core", "leakcheck-junit5")) {
      Path built = second.resolve(module).resolve("target");
      try (DirectoryStream<Path> files = Files.newDirectoryStream(built, module + "-*.jar")) {
        for (Path file : files) {
          seen++;
          Path other = first.resolve(module).resolve("target").resolve(file.getFileName());
          expect(
              Files.mismatch(file, other) < 0,
              file.getFileName() + " was built again and is another: " + differences(file, other));
        }
      }
    }
    expect(seen >= 5, "only " + seen + " jars were built again");
  }

  private static Set<String> differences(Path first, Path second) throws IOException {
    Set<String> names = new TreeSet<>();
    try (JarFile one = new JarFile(first.toFile());
        JarFile other = new JarFile(second.toFile())) {
      Stream.concat(one.stream(), other.stream()).map(JarEntry::getName).forEach(names::add);
      names.removeIf(
          name -> {
            JarEntry entry = one.getJarEntry(name);
            JarEntry same = other.getJarEntry(name);
            return entry != null && same != null && entry.getCrc() == same.getCrc();
          });
    }
    return names;
  }

  private void bundle(String version, Path directory, Path list) throws IOException {
    Set<String> files;
    try (Stream<Path> paths = Files.walk(directory)) {
      files =
          paths
              .filter(Files::isRegularFile)
              .map(path -> directory.relativize(path).toString().replace('\\', '/'))
              .filter(path -> !path.contains("maven-metadata"))
              .collect(Collectors.toCollection(TreeSet::new));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Set<String> artifacts =
        files.stream()
            .filter(file -> CHECKSUMS.stream().noneMatch(file::endsWith))
            .filter(file -> !file.endsWith(SIGNATURE))
            .collect(Collectors.toCollection(TreeSet::new));
    boolean isSigned = files.stream().anyMatch(file -> file.endsWith(SIGNATURE));
    for (String file : artifacts) {
      for (String checksum : CHECKSUMS) {
        expect(files.contains(file + checksum), file + " has no " + checksum);
      }
      expect(!isSigned || files.contains(file + SIGNATURE), file + " is not signed");
    }
    String inNames = version.replaceFirst("SNAPSHOT$", "(SNAPSHOT|[0-9.]+-[0-9]+)");
    Set<String> named =
        artifacts.stream()
            .map(file -> file.replaceAll("(?<=[/-])" + inNames + "(?=[/.-])", "VERSION"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> listed = new TreeSet<>(Files.readAllLines(list));
    expect(named.equals(listed), "the bundle holds\n" + String.join("\n", named));
    System.out.printf(
        "LeakCheck: %d artifacts%s in %s%n", named.size(), isSigned ? ", signed," : "", directory);
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }
}
