package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.proof.hprof.HeapWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProveCommandTest {

  @TempDir private Path directory;

  private Path heap(boolean held) throws IOException {
    return Files.write(directory.resolve("shop.hprof"), new HeapWriter(8).dump(held));
  }

  private Path codelist(String text) throws IOException {
    return Files.writeString(directory.resolve("codelist.txt"), text);
  }

  @Test
  void aForgottenThreadOfAFileIsProvedAndExitsWithOne() throws Exception {
    Path heap = heap(false);
    Cli cli = Cli.run("prove", "--heap", heap, "--compiled", codelist("4711:\n"));

    assertThat(cli.code()).isEqualTo(ExitCode.LEAKS);
    assertThat(cli.out())
        .isEqualTo(
            "LeakCheck: of 1 platform thread of "
                + heap
                + """
                 that wait without a time limit, 1 is proved stuck for good
                1) proved   thread #11
                     at jdk.internal.misc.Unsafe.park
                     at java.util.concurrent.LinkedBlockingQueue.take:7
                     nobody alive leads to what could wake it: it is stuck for good
                     whoever was to wake it has ended, has let go of what it waits for, or came before it waited
                     (barring code that lists all threads, a debugger, and native code)
                     (and a wake-up that was on its way in that instant, which Linux tells, of a JVM that runs)
                """);
  }

  @Test
  void aFileAloneDoesNotTellWhatWasCompiledSoNothingIsProved() throws Exception {
    Cli cli = Cli.run("prove", "--heap", heap(false));

    assertThat(cli.code()).isEqualTo(ExitCode.CLEAN);
    assertThat(cli.out())
        .contains("1) unknown   thread #11")
        .contains("it is not known whether that was compiled");
  }

  /** One is new, one has ended, two are parked. */
  @Test
  void saysHowManyVirtualThreadsItDoesNotLookAt() throws Exception {
    Path heap =
        Files.write(
            directory.resolve("virtual.hprof"),
            new HeapWriter(8).withVirtual(0, 5, 99, 5).dump(true));

    assertThat(Cli.run("prove", "--heap", heap).out())
        .contains(" is proved stuck for good\nnot looked at: 2 virtual threads\n1) ");
    assertThat(Cli.run("prove", "--heap", heap(true)).out()).doesNotContain("virtual");
  }

  @Test
  void whoHoldsAThreadIsTold() throws Exception {
    Cli cli = Cli.run("prove", "--heap", heap(true));

    assertThat(cli.code()).isEqualTo(ExitCode.CLEAN);
    assertThat(cli.out())
        .contains(
            """
                 it may still be woken, by who has:
                   static field vendor.Shop.HELD   ← let go here
                   LinkedBlockingQueue.waiter
                   Object[0]
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void whatCannotBeReadIsRefusedInOneLine() throws Exception {
    Path text = codelist("Full thread dump");

    assertThat(Cli.run("prove", "--heap", text).err())
        .isEqualTo(
            "leakcheck: "
                + text
                + ": that is no heap dump: it does not begin with JAVA PROFILE 1.0.\n");
    assertThat(Cli.run("prove", "--heap", heap(true), "--compiled", text).err())
        .isEqualTo(
            "leakcheck: --compiled "
                + text
                + " is no list of compiled methods, as jcmd PID Compiler.codelist prints it\n");
    assertThat(Cli.run("prove", "--heap", heap(true), "--compiled", heap(true)).err())
        .endsWith(" is no list of compiled methods, as jcmd PID Compiler.codelist prints it\n");
    Path none = directory.resolve("none.hprof");
    assertThat(Cli.run("prove", "--heap", none).err())
        .isEqualTo("leakcheck: there is no file " + none + "\n");
    assertThat(Cli.run("prove").err()).contains("give either the process id of a JVM or --heap");
    assertThat(Cli.run("prove", "--heap", text).code()).isEqualTo(ExitCode.BAD_INPUT);
  }
}
