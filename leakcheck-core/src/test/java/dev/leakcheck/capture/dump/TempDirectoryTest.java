package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempDirectoryTest {

  @TempDir private Path parent;

  /** The id of a process that has ended. */
  private static long gone() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.waitFor();
    return process.pid();
  }

  private Path left(String name, String file) throws Exception {
    Path directory = Files.createDirectory(parent.resolve(name));
    Files.writeString(directory.resolve(file), "{");
    return directory;
  }

  @Test
  void whatAProcessLeftThatIsGoneIsSweptByTheNext() throws Exception {
    Path json = left(TempDirectory.prefix(gone()) + "1", TempDirectory.JSON);
    Path text = left(TempDirectory.prefix(gone()) + "2", TempDirectory.TEXT);
    Path heap = left(TempDirectory.prefix(gone()) + "3", TempDirectory.HEAP);

    Path own = TempDirectory.create(parent);

    assertThat(json).doesNotExist();
    assertThat(text).doesNotExist();
    assertThat(heap).doesNotExist();
    assertThat(own).isEmptyDirectory();
    TempDirectory.delete(own);
    assertThat(own).doesNotExist();
  }

  @Test
  void aHeapThatSeveralThreadsWereWritingIsSweptWhole() throws Exception {
    Path heap = left(TempDirectory.prefix(gone()) + "1", TempDirectory.HEAP);
    Files.writeString(heap.resolve(TempDirectory.HEAP + ".p0"), "{");
    Files.writeString(heap.resolve(TempDirectory.HEAP + ".p1"), "{");

    TempDirectory.create(parent);

    assertThat(heap).doesNotExist();
  }

  @Test
  void whatCannotBeDeletedDoesNotKeepTheOthers() throws Exception {
    long gone = gone();
    List<Path> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      left(TempDirectory.prefix(gone) + i, i % 2 == 0 ? "notes.txt" : TempDirectory.JSON);
      if (i % 2 == 1) {
        others.add(parent.resolve(TempDirectory.prefix(gone) + i));
      }
    }

    TempDirectory.create(parent);

    assertThat(others).allSatisfy(other -> assertThat(other).doesNotExist());
  }

  @Test
  void whatIsAtWorkOrSomebodyElsesStays() throws Exception {
    long gone = gone();
    Path alive =
        left(TempDirectory.prefix(ProcessHandle.current().pid()) + "1", TempDirectory.JSON);
    Path elsewhere = left("leakcheck-dump-" + gone + "-17-1", TempDirectory.JSON);
    Path otherFile = left(TempDirectory.prefix(gone) + "2", "notes.txt");
    Path otherName = left("leakcheck-dump-" + gone, TempDirectory.JSON);
    Path noDirectory = Files.createFile(parent.resolve(TempDirectory.prefix(gone) + "3"));
    Path link =
        Files.createSymbolicLink(parent.resolve(TempDirectory.prefix(gone) + "4"), elsewhere);

    TempDirectory.create(parent);

    assertThat(alive.resolve(TempDirectory.JSON)).exists();
    assertThat(elsewhere.resolve(TempDirectory.JSON)).exists();
    assertThat(otherFile.resolve("notes.txt")).exists();
    assertThat(otherName.resolve(TempDirectory.JSON)).exists();
    assertThat(noDirectory).exists();
    assertThat(link).exists();
  }
}
