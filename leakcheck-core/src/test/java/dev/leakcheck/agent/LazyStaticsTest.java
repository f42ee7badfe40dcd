package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vendor.lazy.Vendor;

/** What a library makes for itself: on first use, or beside something that is to be closed. */
class LazyStaticsTest {

  @TempDir private Path directory;

  @Test
  void whatALibraryKeepsInAStaticFieldIsItsOwn() throws Exception {
    String classPath = jar() + File.pathSeparator + System.getProperty("java.class.path");

    assertThat(
            new AgentJvm(directory, LazyStaticsChild.class, classPath)
                .run(List.of(AgentJvm.option(directory))))
        .containsExactly(
            "pool: nothing",
            "pool again: nothing",
            "timer: nothing",
            "loop: nothing",
            "new loop: unclosed-executor",
            "reference: nothing",
            "thread: nothing",
            "given: unclosed-executor",
            "group: nothing",
            "started: nothing",
            "scheduler: nothing",
            "lazy: nothing",
            "worker that a registry gives: unclosed-executor",
            "group that a registry starts: unclosed-executor",
            "linked: unclosed-executor",
            "linked that the user makes: unclosed-executor",
            "listed: unclosed-executor",
            "given group: unclosed-executor",
            "channels: nothing",
            "channels that it gives: stray-thread",
            "channels on a pool: unclosed-executor",
            "client: unclosed-executor",
            "buffers: unclosed-executor",
            "buffers alone: nothing",
            "buffers of a class of the program's: nothing",
            "queue of the buffers in a field: leftover-queue",
            "queue that it gives: leftover-queue",
            "idle clock: nothing",
            "idle clock that is asked for: nothing",
            "idle pool that is asked for: unclosed-executor",
            "idle clock that nobody closed: nothing",
            "clock that ticked: unclosed-executor",
            "idle clock that was collected: nothing",
            "idle clock that nobody closed and was collected: nothing",
            "client that was closed: nothing",
            "client that nobody closed: unclosed-executor of 2",
            "idle pool in a field: unclosed-executor",
            "idle pool that it gives: unclosed-executor",
            "idle pool of the program's: unclosed-executor",
            "mentioned: ThreadPoolExecutor without a thread, made by vendor.lazy.Vendor$Client.<init>",
            "lock: library's",
            "lock that it gives: to unlock");
  }

  @Test
  void whatTheProgramKeepsIsTheTestsThatMadeIt() throws Exception {
    assertThat(
            new AgentJvm(directory, LazyStaticsChild.class)
                .run(List.of(AgentJvm.option(directory))))
        .containsExactly(
            "pool: unclosed-executor",
            "pool again: nothing",
            "timer: unclosed-executor",
            "loop: nothing",
            "new loop: unclosed-executor",
            "reference: unclosed-executor",
            "thread: stray-thread",
            "given: unclosed-executor",
            "group: unclosed-executor of 2",
            "started: unclosed-executor",
            "scheduler: unclosed-executor",
            "lazy: unclosed-executor",
            "worker that a registry gives: unclosed-executor",
            "group that a registry starts: unclosed-executor",
            "linked: unclosed-executor",
            "linked that the user makes: unclosed-executor",
            "listed: unclosed-executor",
            "given group: unclosed-executor",
            "channels: stray-thread",
            "channels that it gives: stray-thread",
            "channels on a pool: unclosed-executor",
            "client: unclosed-executor",
            "buffers: unclosed-executor, leftover-queue",
            "buffers alone: leftover-queue",
            "buffers of a class of the program's: leftover-queue",
            "queue of the buffers in a field: leftover-queue",
            "queue that it gives: leftover-queue",
            "idle clock: unclosed-executor",
            "idle clock that is asked for: unclosed-executor",
            "idle pool that is asked for: unclosed-executor",
            "idle clock that nobody closed: unclosed-executor",
            "clock that ticked: unclosed-executor",
            "idle clock that was collected: unclosed-executor",
            "idle clock that nobody closed and was collected: unclosed-executor",
            "client that was closed: unclosed-executor",
            "client that nobody closed: unclosed-executor of 2",
            "idle pool in a field: unclosed-executor",
            "idle pool that it gives: unclosed-executor",
            "idle pool of the program's: unclosed-executor",
            "mentioned: ",
            "lock: to unlock",
            "lock that it gives: to unlock");
  }

  private Path jar() throws IOException {
    Path jar = directory.resolve("vendor.jar");
    Path classes = Path.of(AgentJvm.placeOf(Vendor.class));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name :
          List.of(
              "Vendor",
              "Vendor$Factory",
              "Vendor$Group",
              "Vendor$Scheduler",
              "Vendor$Started",
              "Vendor$Linked",
              "Vendor$Lazy",
              "Vendor$Registry",
              "Vendor$Worker",
              "Vendor$Workers",
              "Vendor$Workers$Worker",
              "Vendor$BufferPool",
              "Vendor$Clock",
              "Vendor$Context",
              "Vendor$ClosedClock",
              "Vendor$Client",
              "Vendor$Guarded",
              "Vendor$Giving",
              "Vendor$Loops",
              "Vendor$Loop")) {
        String file = "vendor/lazy/" + name + ".class";
        out.putNextEntry(new JarEntry(file));
        Files.copy(classes.resolve(file), out);
      }
    }
    return jar;
  }
}
