package dev.leakcheck.capture.dump;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory that one dump is written into. Its name says whose it is: a process that is killed in
 * the middle leaves it, and the next that dumps beside it takes it away.
 */
public final class TempDirectory {

  static final String JSON = "threads.json";
  static final String TEXT = "threads.txt";
  static final String HEAP = "heap.hprof";

  private static final String PREFIX = "leakcheck-dump-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-(\\d+)-\\d+");

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  /** Asked for early: a test may mock what it would be asked of later. */
  private static final long PID = ProcessHandle.current().pid();

  private static final AtomicLong NUMBERS = new AtomicLong();

  private static final String NAMESPACE = namespace();

  /** Where was swept already, once in a JVM. */
  private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

  private TempDirectory() {}

  /**
   * Makes one in another directory, where it deletes what processes left that were killed.
   *
   * @param parent the other directory
   * @return the new one, which only this process's user may read
   */
  public static Path create(Path parent) throws IOException {
    Path directory = create(parent, prefix(PID));
    if (SWEPT.add(parent)) {
      try {
        sweep(parent, Files.getOwner(directory));
      } catch (IOException | RuntimeException notOurs) {
        // Whatever lies there does no harm to this dump.
      }
    }
    return directory;
  }

  /** Not {@link Files#createTempDirectory}: random numbers that nobody can guess take long. */
  private static Path create(Path parent, String prefix) throws IOException {
    FileAttribute<?>[] forOwner =
        parent.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0];
    while (true) {
      try {
        return Files.createDirectory(parent.resolve(prefix + NUMBERS.getAndIncrement()), forOwner);
      } catch (FileAlreadyExistsException taken) {
        // by a process that had this one's id
      }
    }
  }

  /** What the names of a process's directories begin with. */
  static String prefix(long pid) {
    return PREFIX + pid + "-" + NAMESPACE + "-";
  }

  /** Ids of processes are told apart within a namespace only, and those of Linux are many. */
  private static String namespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("\\D", "");
    } catch (IOException | RuntimeException elsewhere) {
      return "0";
    }
  }

  /** Deletes what processes left that are gone, of the same user and namespace. */
  static void sweep(Path parent, UserPrincipal user) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : left) {
        Matcher name = NAME.matcher(String.valueOf(directory.getFileName()));
        if (name.matches()
            && name.group(2).equals(NAMESPACE)
            && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)
            && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          deleteQuietly(directory);
        }
      }
    }
  }

  /** What stands in one's way does not protect the others. */
  private static void deleteQuietly(Path directory) {
    try {
      delete(directory);
    } catch (IOException notOurs) {
      // Something else lies in it, or somebody else has deleted it by now.
    }
  }

  /**
   * Deletes one with what a dump writes into it, and leaves it if there is anything else. Several
   * threads of a JVM may write a heap, each a part, and put the parts together at the end.
   *
   * @param directory the directory, which may be gone
   */
  public static void delete(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(JSON));
    Files.deleteIfExists(directory.resolve(TEXT));
    Files.deleteIfExists(directory.resolve(HEAP));
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException parts) { // seldom: then it is worth a look
      deleteParts(directory);
      Files.deleteIfExists(directory);
    }
  }

  private static void deleteParts(Path directory) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, HEAP + ".p*")) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
