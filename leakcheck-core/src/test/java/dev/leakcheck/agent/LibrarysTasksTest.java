package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vendor.sends.Sender;

/** Tasks that failed in a library: nobody can see to what a library does on its own. */
class LibrarysTasksTest {

  @TempDir private Path directory;

  private List<String> told(String classPath) throws Exception {
    return new AgentJvm(directory, LibrarysTasksChild.class, classPath)
        .run(List.of(AgentJvm.option(directory)));
  }

  @Test
  void whatALibraryGaveToItsOwnPoolIsLeftAlone() throws Exception {
    Path jar = directory.resolve("vendor.jar");
    Path classes = Path.of(AgentJvm.placeOf(Sender.class));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : List.of("Sender", "Sender$Envelope", "Sender$Message", "Sender$Wrapper")) {
        String file = "vendor/sends/" + name + ".class";
        out.putNextEntry(new JarEntry(file));
        Files.copy(classes.resolve(file), out);
      }
    }

    assertThat(told(jar + File.pathSeparator + System.getProperty("java.class.path")))
        .containsExactly(
            "library's own: nothing",
            "library's own beside a future that it gives: nothing",
            "future that it gives: uncaught-exception",
            "task of the user's: uncaught-exception",
            "method that the user names: uncaught-exception",
            "task that the user makes: uncaught-exception",
            "task that the user gives: uncaught-exception",
            "code of the user's: uncaught-exception",
            "mentioned: task of vendor.sends.Sender$Envelope that failed with"
                + " java.lang.IllegalStateException");
  }

  @Test
  void whatTheProgramGaveToItsPoolIsTold() throws Exception {
    assertThat(told(System.getProperty("java.class.path")))
        .hasSize(9)
        .filteredOn(line -> line.endsWith(": uncaught-exception"))
        .hasSize(8);
  }
}
