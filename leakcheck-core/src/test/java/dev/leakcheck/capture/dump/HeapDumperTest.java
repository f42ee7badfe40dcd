package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeapDumperTest {

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long PLENTY = 1L << 40;
  private static final long LIVE = 1 << 20;

  @TempDir private Path disk;

  private static Path place(List<Path> directories, long freeMemory) throws IOException {
    return new HeapDumper(directories, () -> freeMemory)
        .dump(LIVE, (file, memory) -> file.getParent().getParent());
  }

  @Test
  void isWrittenToMemoryOnlyWhereThatIsPlenty() throws Exception {
    assumeTrue(
        Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).type().equals("tmpfs"),
        "files in memory, as Linux has");
    assumeTrue(!Files.getFileStore(disk).type().equals("tmpfs"), "files on a disk");

    assertThat(place(List.of(MEMORY, disk), PLENTY)).isEqualTo(MEMORY);
    assertThat(place(List.of(MEMORY, disk), 30 << 20)).isEqualTo(disk);
    assertThatThrownBy(() -> place(List.of(MEMORY), 30 << 20))
        .isInstanceOf(IOException.class)
        .hasMessage("there is no room for a heap dump of 2 MB");
  }

  @Test
  void isGoneOnceItWasRead() throws Exception {
    Path file =
        new HeapDumper(List.of(disk), () -> 0)
            .dump(
                LIVE,
                (dump, memory) -> {
                  assertThat(dump).isNotEmptyFile();
                  return dump;
                });

    assertThat(file).doesNotExist();
    assertThat(disk).isEmptyDirectory();
  }
}
