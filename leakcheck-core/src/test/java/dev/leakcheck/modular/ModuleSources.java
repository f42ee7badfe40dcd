package dev.leakcheck.modular;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles small modules, into directories as a build does or into jars as libraries are. */
record ModuleSources(Path directory, String modulePath) {

  /**
   * Compiles one.
   *
   * @param files sources by their paths
   * @return the directory with its classes
   */
  Path compile(String module, Map<String, String> files) throws IOException {
    Path sources = directory.resolve(module + "-src");
    Path classes = directory.resolve(module);
    List<String> arguments = new ArrayList<>(List.of("--module-path", modulePath, "-d"));
    arguments.add(classes.toString());
    arguments.add("-Xlint:-module,-opens");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path source = sources.resolve(file.getKey());
      Files.createDirectories(source.getParent());
      arguments.add(Files.writeString(source, file.getValue()).toString());
    }
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    assertThat(result).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    return classes;
  }

  /** The same as a jar. */
  Path jar(String module, Map<String, String> files) throws IOException {
    Path classes = compile(module, files);
    Path jar = directory.resolve(module + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
    return jar;
  }
}
