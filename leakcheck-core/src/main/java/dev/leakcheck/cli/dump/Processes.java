package dev.leakcheck.cli.dump;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a process is a JVM that can be attached to. To attach sends a signal that would end a
 * process of another kind, and makes a JVM that refuses print its threads: so that is found out
 * before.
 */
final class Processes {

  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Fails with one line that says why not. */
  static void requireJvm(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      throw new BadInput("process " + pid + " is LeakCheck itself: a JVM can't be asked by itself");
    }
    if (pid <= 0 || !isAlive(pid)) {
      throw new BadInput(
          "there is no process "
              + pid
              + " (of a JVM in a container, give the id that it has outside, or run LeakCheck"
              + " inside)");
    }
    if (ModuleLayer.boot().findModule("jdk.attach").isEmpty()) {
      throw new BadInput(
          "this Java runtime has no module jdk.attach: run LeakCheck with the java of a JDK");
    }
    requireOwn(pid);
    if (!isJvm(pid)) {
      throw new BadInput("process " + pid + " is no JVM" + command(pid));
    }
    if (commandLine(pid).contains("-XX:+DisableAttachMechanism")) {
      throw new BadInput(
          "process " + pid + " was started with -XX:+DisableAttachMechanism: it can't be asked");
    }
  }

  /** The JDK puts a file beside a JVM that it attaches to, and leaves it there if given up on. */
  static void forgetAttempt(long pid) {
    String name = ".attach_pid" + pid;
    for (Path directory : List.of(PROC.resolve(pid + "/cwd"), Path.of("/tmp"))) {
      try {
        Files.deleteIfExists(directory.resolve(name));
      } catch (IOException notOurs) {
        // Its own JVM ignores it.
      }
    }
  }

  private static void requireOwn(long pid) {
    Optional<String> theirs = ProcessHandle.of(pid).flatMap(process -> process.info().user());
    Optional<String> ours = ProcessHandle.current().info().user();
    if (theirs.isPresent()
        && ours.isPresent()
        && !ours.get().equals(theirs.get())
        && !ours.get().equals("root")) {
      throw new BadInput(
          "process "
              + pid
              + " belongs to user "
              + theirs.get()
              + ", LeakCheck runs as "
              + ours.get()
              + ": a JVM can be asked by its own user or by root only");
    }
  }

  private static String command(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .map(command -> ", but " + Printable.name(command))
        .orElse("");
  }

  /** Where the operating system does not tell what a process has loaded, it counts as a JVM. */
  private static boolean isJvm(long pid) {
    Path maps = PROC.resolve(pid + "/maps");
    if (!Files.isReadable(maps)) {
      return true;
    }
    try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
      return lines.anyMatch(line -> line.contains("/libjvm.so"));
    } catch (IOException | UncheckedIOException refused) {
      return true;
    }
  }

  private static String commandLine(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException notLinux) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().arguments())
          .map(Arrays::toString)
          .orElse("");
    }
  }
}
