package dev.leakcheck.classify;

import static dev.leakcheck.classify.Scene.POOL;
import static dev.leakcheck.classify.Scene.thread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.classify.Evidence.Code;
import dev.leakcheck.classify.Evidence.Means;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is advised is there: in this JDK, and in this JUnit. */
class AdviceTest {

  private static final Means NEITHER = Means.NONE;
  private static final Means OLD_JDK = new Means(false, true, false);
  private static final Means OLD_JUNIT = new Means(true, false, false);
  private static final Means BOTH = new Means(true, true, false);

  private static final Holder FIELD = new Holder("field OrderTest.pool", null, null);
  private static final Holder INNER = new Holder("field OrderTest.service.pool", null, null);

  private static String fix(Means means, Holder holder, boolean collected) {
    ExecutorRecord pool =
        collected
            ? ExecutorRecord.collected(POOL + "@6b2f", POOL)
            : new ExecutorRecord(
                POOL + "@6b2f", POOL, List.of(), ExecutorRecord.State.of(false, false), null);
    Scene scene = new Scene().with(pool).having(means);
    return (holder == null ? scene : scene.heldBy(holder)).finding().fix();
  }

  @Test
  void fieldOfATestIsToBeMarkedWhereJUnitClosesFields() {
    String call = "call shutdown() on field OrderTest.pool when its owner stops";

    assertThat(fix(NEITHER, FIELD, false)).isEqualTo(call);
    assertThat(fix(OLD_JUNIT, FIELD, false)).isEqualTo(call);
    assertThat(fix(OLD_JDK, FIELD, false))
        .isEqualTo(call + ", or mark the field @AutoClose(\"shutdownNow\")");
    assertThat(fix(BOTH, FIELD, false)).isEqualTo(call + ", or mark the field @AutoClose");
  }

  @Test
  void executorIsToBeClosedWhereTheJdkClosesExecutors() {
    String call = "call shutdown() on field OrderTest.service.pool when its owner stops";

    assertThat(fix(NEITHER, INNER, false)).isEqualTo(call);
    assertThat(fix(OLD_JDK, INNER, false)).isEqualTo(call);
    assertThat(fix(OLD_JUNIT, INNER, false))
        .isEqualTo(call + ", or use it in try-with-resources (Java 19 and later)");
  }

  private static Holder in(Holder.Owner owner, String path) {
    return new Holder(owner.path() + path, owner, owner.type());
  }

  @Test
  void ownerIsToBeStoppedByItsOwnMethod() {
    Holder.Owner own =
        new Holder.Owner("field OrderTest.service", "com.acme.Service", "stop", false);
    Holder.Owner inner =
        new Holder.Owner("field OrderTest.parts.service", "com.acme.Service", "stop", false);
    Holder.Owner closed =
        new Holder.Owner("field OrderTest.service", "com.acme.Service", "close", false);
    String end = ", and let its stop() shut the executor down";

    assertThat(fix(NEITHER, in(own, ".pool"), false))
        .isEqualTo("call stop() on field OrderTest.service (Service)" + end);
    assertThat(fix(BOTH, in(own, ".pool"), false))
        .isEqualTo(
            "call stop() on field OrderTest.service (Service), or mark the field"
                + " @AutoClose(\"stop\")"
                + end);
    assertThat(fix(BOTH, in(inner, ".pool"), false))
        .isEqualTo("call stop() on field OrderTest.parts.service (Service)" + end);
    assertThat(fix(BOTH, in(closed, ".pool"), false))
        .startsWith("call close() on field OrderTest.service (Service), or mark the field")
        .contains(" @AutoClose, and let its close() ");
  }

  @Test
  void whatALibrarysMethodDoesIsNotToBeChanged() {
    Holder.Owner owner = new Holder.Owner("field OrderTest.client", "org.lib.Client");
    String call = "close field OrderTest.client (Client is AutoCloseable)";

    assertThat(fixOfClient(owner, Code.NONE))
        .isEqualTo(call + ", and let its close() shut the executor down");
    assertThat(fixOfClient(owner, new Code(Set.of("org.lib.Client"), Map.of(), Map.of())))
        .isEqualTo(call + "; if that was done, this is the library's own leak");
  }

  private static String fixOfClient(Holder.Owner owner, Code code) {
    ExecutorRecord.State open = ExecutorRecord.State.of(false, false);
    return new Scene()
        .with(new ExecutorRecord(POOL + "@6b2f", POOL, List.of(), open, null))
        .heldBy(in(owner, ".pool"))
        .having(NEITHER)
        .code(code)
        .finding()
        .fix();
  }

  @Test
  void fieldOfALibrarysObjectIsNotToBeMarked() {
    Holder.Owner inner = new Holder.Owner("field OrderTest.parts.server", "com.acme.Server");

    assertThat(
            new Scene()
                .with(thread(7, "io-1", "com.acme.Server.run:5"))
                .threadHeldBy(in(inner, ".threads[0]"))
                .having(BOTH)
                .finding()
                .fix())
        .isEqualTo("call close() on field OrderTest.parts.server, and let it end the thread");
  }

  @Test
  void timerOfAnOwnerIsToBeCancelledByIt() {
    Holder.Owner owner =
        new Holder.Owner("field OrderTest.service", "com.acme.Service", "stop", false);

    assertThat(
            new Scene()
                .with(Scene.timer("dunning"))
                .threadHeldBy(in(owner, ".timer"))
                .having(NEITHER)
                .finding()
                .fix())
        .isEqualTo(
            "call stop() on field OrderTest.service (Service), and let its stop() cancel the timer;"
                + " cancelling its tasks does not end the thread");
  }

  @ParameterizedTest
  @ValueSource(strings = {".get()", "[0]", "{value}"})
  void fieldWhoseValueOnlyHoldsTheExecutorIsNotToBeMarked(String step) {
    Holder holder = new Holder("field OrderTest.pool" + step, null, null);

    assertThat(fix(OLD_JDK, holder, false))
        .isEqualTo("call shutdown() on field OrderTest.pool" + step + " when its owner stops");
  }

  @Test
  void whatStandsInNoSourceIsNamedByWhatDoes() {
    String executor = "the executor that the lambda in field OrderTest.task has captured";
    String service = "the Service that the object in field OrderTest.task keeps";
    Holder captured = new Holder("field OrderTest.task.(captured)", executor, null, null);
    Holder.Owner owner =
        new Holder.Owner(
            "field OrderTest.task.val$service", service, "com.acme.Service", "close", true);

    assertThat(fix(BOTH, captured, false))
        .isEqualTo(
            "call shutdown() on "
                + executor
                + " when its owner stops, or use it in try-with-resources (Java 19 and later)");
    assertThat(fix(NEITHER, in(owner, ".pool"), false))
        .isEqualTo(
            "close "
                + service
                + " (Service is AutoCloseable), and let its close() shut the executor down");
  }

  @Test
  void classThatWasMadeAtRunTimeIsNotNamed() {
    Holder.Owner proxy = generated("proxy of Feed", "close", true);
    Holder.Owner pool = generated("proxy of ExecutorService", "shutdown", false);

    assertThat(fix(NEITHER, in(proxy, ".(handler).pool"), false))
        .isEqualTo(
            "close field OrderTest.feed (a proxy of Feed), and let that shut the executor down");
    assertThat(fix(NEITHER, in(pool, ".(handler).pool"), false))
        .isEqualTo(
            "call shutdown() on field OrderTest.feed (a proxy of ExecutorService), and let that shut"
                + " the executor down");
  }

  private static Holder.Owner generated(String what, String stop, boolean closeable) {
    String field = "field OrderTest.feed";
    return new Holder.Owner(field, field, "jdk.proxy2.$Proxy7", what, stop, closeable);
  }

  @Test
  void fieldIsToBeMarkedIfItsOwnValueIsTheCloseable() {
    assertThat(fixOfCloseable("field OrderTest.feed"))
        .startsWith("call close() on field OrderTest.feed, or mark the field @AutoClose, and ");
    assertThat(fixOfCloseable("static field OrderTest.feed"))
        .startsWith("call close() on static field OrderTest.feed, or mark the field @AutoClose, ");
    assertThat(fixOfCloseable("field OrderTest.feed.get()"))
        .startsWith("call close() on field OrderTest.feed.get(), and ");
    assertThat(fixOfCloseable("field OrderTest.service.feed"))
        .startsWith("call close() on field OrderTest.service.feed, and ");
  }

  private static String fixOfCloseable(String path) {
    return new Scene()
        .with(thread(7, "feed", "com.acme.Feed.run:12"))
        .threadHeldBy(
            new Holder(path + ".thread", new Holder.Owner(path, "com.acme.Feed"), "com.acme.Feed"))
        .having(BOTH)
        .finding()
        .fix();
  }

  private static String fixOfIo(String... jdk) {
    String[] frames = Arrays.copyOf(jdk, jdk.length + 1);
    frames[jdk.length] = "com.acme.Feed.run:7";
    return new Scene().with(thread(7, "feed", frames)).having(NEITHER).finding().fix();
  }

  @Test
  void pipeIsClosedAtItsOtherEnd() {
    String interrupt = "; or, where its owner stops, interrupt() the thread and join() it";
    String bytes = "java.io.PipedInputStream.";
    String wait = "java.lang.Object.wait:1";

    assertThat(fixOfIo(wait, bytes + "read:2", "java.io.BufferedReader.readLine:3"))
        .isEqualTo(
            "close the PipedOutputStream that gives com.acme.Feed.run(Feed.java:7) what it reads"
                + interrupt);
    assertThat(fixOfIo(wait, "java.io.PipedReader.read:2"))
        .isEqualTo(
            "close the PipedWriter that gives com.acme.Feed.run(Feed.java:7) what it reads"
                + interrupt);
    assertThat(fixOfIo(wait, bytes + "awaitSpace:2", "java.io.PipedOutputStream.write:3"))
        .isEqualTo(
            "read what com.acme.Feed.run(Feed.java:7) writes, or close the PipedInputStream that has"
                + " it"
                + interrupt);
    assertThat(fixOfIo("sun.nio.ch.NioSocketImpl.park:1", "java.net.Socket.read:2"))
        .startsWith("where its owner stops, close what com.acme.Feed.run(Feed.java:7) reads from");
  }

  private record Process() implements Symptom {
    @Override
    public String identity() {
      return Symptom.identityOf(7, null);
    }

    @Override
    public Finding explain(Evidence evidence) {
      return Symptom.finding(
          LeakKind.CHILD_PROCESS,
          "sleep (pid 7), still running",
          List.of(),
          "destroy() it",
          List.of(),
          Origin.Unknown.NOT_RECORDED,
          new Fingerprint(LeakKind.CHILD_PROCESS));
    }
  }

  private static String fixOfRead(Scene scene, String type) {
    ThreadRecord waiting = thread(7, "reader");
    ThreadRecord reads =
        new ThreadRecord(
            7,
            "reader",
            false,
            true,
            Thread.State.RUNNABLE,
            ThreadRecord.PLAIN_TYPE,
            waiting.group(),
            List.of(
                new StackTraceElement(type, "readBytes", null, -2),
                new StackTraceElement(type, "read", null, 279),
                Scene.frame("com.acme.Shell.pump:4")),
            null,
            null);
    return scene.with(reads).having(NEITHER).findings().stream()
        .filter(finding -> finding.kind() == LeakKind.STRAY_THREAD)
        .findFirst()
        .orElseThrow()
        .fix();
  }

  @Test
  void childProcessThatIsLeftTooEndsWhatMayReadItsOutput() {
    String close = "close what com.acme.Shell.pump(Shell.java:4) reads from or waits on";
    String file = "java.io.FileInputStream";

    assertThat(fixOfRead(new Scene().with(new Process()), file))
        .startsWith(
            "where its owner stops, end the child process that is left too, if"
                + " com.acme.Shell.pump(Shell.java:4) reads what it writes, and otherwise "
                + close);
    assertThat(fixOfRead(new Scene(), file)).startsWith("where its owner stops, " + close);
    assertThat(fixOfRead(new Scene().with(new Process()), "java.net.SocketInputStream"))
        .startsWith("where its owner stops, " + close);
  }

  @Test
  void sameForOneThatNobodyHolds() {
    String call = "call shutdown() on it when its owner stops";

    assertThat(fix(OLD_JDK, null, false)).isEqualTo(call);
    assertThat(fix(BOTH, null, false))
        .isEqualTo(call + ", or use it in try-with-resources (Java 19 and later)");
    assertThat(fix(OLD_JDK, null, true)).isEqualTo("keep it in a field, and " + call);
  }

  @Test
  void idleWorkersAreSaidToBeTheirPools() {
    Scene scene =
        new Scene()
            .with(
                thread(7, "pool-1-thread-1", Scene.QUEUE + ".take:1", POOL + ".getTask:2")
                    .inExecutor(POOL + "@6b2f"))
            .with(new ExecutorRecord(POOL + "@6b2f", POOL, List.of(7L), null, null));

    assertThat(scene.finding().fact("why"))
        .contains(
            "nobody called shutdown(): its idle workers keep their threads, and what they refer to");
  }
}
