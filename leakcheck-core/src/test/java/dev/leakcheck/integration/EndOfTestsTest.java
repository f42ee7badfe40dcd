package dev.leakcheck.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.agent.AgentJvm;
import dev.leakcheck.cli.reports.ReportReader;
import dev.leakcheck.recorder.Recorders;
import dev.leakcheck.recorder.ReportSchema;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a JVM from ending is told once all tests have run. */
class EndOfTestsTest {

  private final List<String> printed = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

  @TempDir private Path directory;

  /** A plan with one test that starts a thread, and what is printed at its end. */
  private List<String> run(boolean daemon, boolean ends, boolean checked) throws Exception {
    PrintStream before = System.err;
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            printed.add(line);
          }
        });
    Thread thread = null;
    try {
      RunReport.Run plan = RunReport.expectEnd();
      RunReport.Run run = checked ? RunReport.begin(options()) : () -> {};
      TestScope scope = TestScope.open(options());
      TestTime time = TestTime.begin();
      thread = new Thread(this::await, "price-poller");
      thread.setDaemon(daemon);
      thread.start();
      if (ends) {
        over.countDown();
        thread.join();
      }
      time.endTest("OrderTest.places()");
      scope.end();
      run.close();
      plan.close();
      plan.close();
    } finally {
      over.countDown();
      System.setErr(before);
    }
    thread.join();
    return List.copyOf(printed);
  }

  private TestOptions options() {
    Map<String, String> settings =
        Map.of(LeakCheckSettings.REPORT_DIR, directory.toString(), LeakCheckSettings.AGENT, "off");
    return TestOptions.of(
        LeakCheckOptions.of(LeakCheckSettings.from(key -> Optional.ofNullable(settings.get(key)))));
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> entries() {
    List<String> lines = Recorders.lines(directory);
    assertThat(ReportSchema.complaints(lines)).isEmpty();
    return lines.stream().filter(line -> line.contains("\"lingering\"")).toList();
  }

  /** It makes a thread to know its id: one that inherits nothing and takes nobody's number. */
  @Test
  void noThreadLocalOfTheUsersIsInherited() {
    AtomicInteger inherited = new AtomicInteger();
    InheritableThreadLocal<String> value =
        new InheritableThreadLocal<>() {
          @Override
          protected String childValue(String parent) {
            inherited.incrementAndGet();
            return parent;
          }
        };
    value.set("mine");
    try {
      assertThat(new EndOfTests()).isNotNull();
      assertThat(inherited).hasValue(0);
    } finally {
      value.remove();
    }
  }

  @Test
  void a_thread_that_is_no_daemon_is_named_with_its_test() throws Exception {
    assertThat(run(false, false, true))
        .containsExactly(
            "LeakCheck: this JVM does not end before a thread does, unless somebody calls"
                + " System.exit, or ends it after the tests: \"price-poller\" (made while OrderTest.places() ran)");
    assertThat(entries())
        .singleElement()
        .asString()
        .contains(
            "\"what\":\"thread\",\"name\":\"price-poller\",\"made\":\"while"
                + " OrderTest.places() ran\"");
    assertThat(ReportReader.read(List.of(directory)).problems())
        .as("what reads reports knows the entry")
        .singleElement()
        .asString()
        .contains("did not get to its end");
  }

  @Test
  void a_daemon_is_not() throws Exception {
    assertThat(run(true, false, true)).isEmpty();
    assertThat(entries()).isEmpty();
  }

  @Test
  void nor_is_one_that_has_ended() throws Exception {
    assertThat(run(false, true, true)).isEmpty();
  }

  @Test
  void nothing_is_told_where_nobody_checks() throws Exception {
    assertThat(run(false, false, false)).isEmpty();
  }

  /** All scopes are closed by then. */
  @Test
  void so_is_a_thread_that_an_agent_saw_being_made() throws Exception {
    Path reports = directory.resolve("reports");
    List<String> output =
        new AgentJvm(directory, EndOfTestsChild.class)
            .run(List.of(AgentJvm.option(directory)), reports.toString(), "thread");

    assertThat(output)
        .contains(
            "LeakCheck: this JVM does not end before a thread does, unless somebody calls"
                + " System.exit, or ends it after the tests: \"price-poller\" (made in OrderTest.places())");
    assertThat(Recorders.lines(reports))
        .filteredOn(line -> line.contains("\"lingering\""))
        .singleElement()
        .asString()
        .contains(
            "\"what\":\"thread\",\"name\":\"price-poller\",\"made\":\"in OrderTest.places()\"");
  }

  /** Neither one that was removed, nor one from before the tests, nor LeakCheck's own. */
  @Test
  void a_shutdown_hook_that_a_test_left_is_named_with_it_and_no_other_is() throws Exception {
    Path reports = directory.resolve("reports");
    List<String> output =
        new AgentJvm(directory, EndOfTestsChild.class)
            .run(List.of(AgentJvm.option(directory)), reports.toString());

    assertThat(output).as("a hook keeps no JVM from ending").isEmpty();
    List<String> lines = Recorders.lines(reports);
    assertThat(ReportSchema.complaints(lines)).isEmpty();
    assertThat(lines)
        .filteredOn(line -> line.contains("\"lingering\""))
        .singleElement()
        .asString()
        .contains(
            "\"what\":\"hook\",\"name\":\"left by a test\",\"made\":\"in OrderTest.places()\"");
  }
}
