package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.dump.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A private directory in which another JVM writes its dump. That JVM may be in a container, which
 * has other files under the same names, and may belong to another user. All that is in it is
 * deleted when it is closed.
 */
final class DumpDirectory implements AutoCloseable {

  private static final Path PROC = Path.of("/proc");

  private final Path ours;
  private final String theirs;

  /** For a command that is interrupted. */
  private final Thread atExit = new Thread(this::deleteAtExit, "leakcheck-dump");

  private DumpDirectory(Path ours, String theirs) {
    this.ours = ours;
    this.theirs = theirs;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static DumpDirectory create(long pid) throws IOException {
    Path process = PROC.resolve(Long.toString(pid));
    boolean elsewhere = !sameFiles(process);
    Path temp = Path.of(elsewhere ? "/tmp" : System.getProperty("java.io.tmpdir"));
    Path root = process.resolve("root");
    Path parent = elsewhere ? root.resolve(Path.of("/").relativize(temp)) : temp;
    Path directory = TempDirectory.create(parent);
    try {
      Files.setOwner(directory, Files.getOwner(process));
    } catch (IOException | UnsupportedOperationException notOurs) {
      // Only root may and need give it away.
    }
    Path seen = elsewhere ? temp.resolve(String.valueOf(directory.getFileName())) : directory;
    return new DumpDirectory(directory, seen.toString());
  }

  private static boolean sameFiles(Path process) {
    Path own = PROC.resolve("self/ns/mnt");
    Path other = process.resolve("ns/mnt");
    try {
      return !Files.exists(own, LinkOption.NOFOLLOW_LINKS)
          || Files.readSymbolicLink(own).equals(Files.readSymbolicLink(other));
    } catch (IOException unreadable) {
      return true;
    }
  }

  /** Where this JVM finds a file. */
  Path ours(String name) {
    return ours.resolve(name);
  }

  /** Where the other JVM writes it. */
  String theirs(String name) {
    return Path.of(theirs, name).toString();
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // It runs already, or is about to.
    }
    TempDirectory.delete(ours);
  }

  private void deleteAtExit() {
    try {
      TempDirectory.delete(ours);
    } catch (IOException notOurs) {
      // The next that dumps there tries again.
    }
  }
}
