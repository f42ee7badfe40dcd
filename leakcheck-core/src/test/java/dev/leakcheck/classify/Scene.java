package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Evidence built by hand, as an agent would give it. */
final class Scene {

  static final String SCOPE = "OrderServiceTest.placesOrder()";
  static final String POOL = "java.util.concurrent.ThreadPoolExecutor";
  static final String QUEUE = "java.util.concurrent.LinkedBlockingQueue";

  private final List<ThreadRecord> threads = new ArrayList<>();
  private final List<ExecutorRecord> executors = new ArrayList<>();
  private final List<QueueRecord> leftovers = new ArrayList<>();
  private final List<QueueRecord> queues = new ArrayList<>();
  private final Map<String, Holder> executorHolders = new HashMap<>();
  private final Map<Long, Holder> threadHolders = new HashMap<>();
  private final Map<Long, Origin> threadOrigins = new HashMap<>();
  private final Map<String, Origin> executorOrigins = new HashMap<>();
  private final Map<Integer, Origin> queueOrigins = new HashMap<>();
  private final Map<Long, QueueRecord> waitsOn = new HashMap<>();
  private final Map<Long, Evidence.LeftBy> leftBy = new HashMap<>();
  private final Map<Long, MadeWhile> madeWhile = new HashMap<>();
  private List<Symptom> symptoms = List.of();
  private List<String> statics = List.of();
  private String scope = SCOPE;
  private Evidence.Code code = Evidence.Code.NONE;
  private Predicate<Finding> accepted = finding -> false;
  private Evidence.Means means = new Evidence.Means(true, true, false);

  /** Such as {@code com.acme.Poller.run:7}; the file is named after the outermost class. */
  static StackTraceElement frame(String text) {
    int colon = text.lastIndexOf(':');
    int line = colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1));
    String method = colon < 0 ? text : text.substring(0, colon);
    int dot = method.lastIndexOf('.');
    String type = method.substring(0, dot);
    String file = type.substring(type.lastIndexOf('.') + 1).replaceFirst("\\$.*", "") + ".java";
    return new StackTraceElement(type, method.substring(dot + 1), file, line);
  }

  static List<StackTraceElement> stack(String... frames) {
    return Arrays.stream(frames).map(Scene::frame).toList();
  }

  /** Made by the test's own thread, in the scope that is checked. */
  static Origin.Known madeAt(String... frames) {
    return new Origin.Known(stack(frames), "main", SCOPE, false);
  }

  /** Made by {@code com.acme.OrderService}'s constructor, called by the test. */
  static Origin.Known madeByOrderService() {
    return madeAt(
        POOL + ".<init>:1",
        "java.util.concurrent.Executors.newFixedThreadPool:2",
        "com.acme.OrderService.<init>:31",
        "com.acme.OrderServiceTest.setUp:18",
        "java.lang.reflect.Method.invoke:580",
        "org.junit.platform.commons.util.ReflectionUtils.invokeMethod:728");
  }

  static ThreadRecord thread(long id, String name, String... frames) {
    return waiting(id, name, true, ThreadRecord.PLAIN_TYPE, stack(frames));
  }

  static ThreadRecord timer(String name) {
    return waiting(7, name, false, CauseWriter.TIMER, List.of());
  }

  /** A platform thread that waits without a time limit. */
  static ThreadRecord waiting(
      long id, String name, boolean daemon, String type, List<StackTraceElement> stack) {
    return new ThreadRecord(
        id, name, false, daemon, Thread.State.WAITING, type, "main", stack, null, null);
  }

  static ThreadRecord taker(long id, String name) {
    return thread(
        id,
        name,
        "jdk.internal.misc.Unsafe.park:1",
        "java.util.concurrent.locks.LockSupport.park:2",
        QUEUE + ".take:3",
        "com.acme.Mailbox.deliver:40");
  }

  static QueueRecord queue(int identity, String where, int size, int remaining) {
    return new QueueRecord(
        QUEUE,
        identity,
        where,
        size,
        0,
        remaining,
        size == 0 ? Map.of() : Map.of("com.acme.OrderEvent", size));
  }

  /** What was found in another scope. */
  Scene in(String other) {
    scope = other;
    return this;
  }

  /** A thread was made while tests ran. */
  Scene madeWhile(long thread, String... tests) {
    madeWhile.put(thread, new MadeWhile(List.of(tests), List.of()));
    return this;
  }

  /** A scope left a thread to the one around it. */
  Scene leftBy(long thread, String scope) {
    leftBy.put(thread, new Evidence.LeftBy(scope, true));
    return this;
  }

  /** Of which nobody knows whether it was told to stop. */
  Scene leftOnItsOwnBy(long thread, String scope) {
    leftBy.put(thread, new Evidence.LeftBy(scope, false));
    return this;
  }

  Scene with(ThreadRecord thread, Origin origin) {
    threads.add(thread);
    threadOrigins.put(thread.id(), origin);
    return this;
  }

  Scene with(ThreadRecord thread) {
    threads.add(thread);
    return this;
  }

  Scene with(ExecutorRecord executor) {
    executors.add(executor);
    return this;
  }

  Scene with(ExecutorRecord executor, Origin origin) {
    executorOrigins.put(executor.id(), origin);
    return with(executor);
  }

  Scene heldBy(Holder holder) {
    executorHolders.put(executors.get(executors.size() - 1).id(), holder);
    return this;
  }

  Scene threadHeldBy(Holder holder) {
    threadHolders.put(threads.get(threads.size() - 1).id(), holder);
    return this;
  }

  Scene leftover(QueueRecord queue) {
    leftovers.add(queue);
    return this;
  }

  Scene inSight(QueueRecord queue) {
    queues.add(queue);
    return this;
  }

  Scene waitingOn(long thread, QueueRecord queue) {
    waitsOn.put(thread, queue);
    return this;
  }

  Scene made(QueueRecord queue, Origin origin) {
    queueOrigins.put(queue.identity(), origin);
    return this;
  }

  Scene statics(List<String> sentences) {
    statics = sentences;
    return this;
  }

  Scene with(Symptom... others) {
    symptoms = List.of(others);
    return this;
  }

  /** What is known of the code that threads run. */
  Scene code(Evidence.Code known) {
    code = known;
    return this;
  }

  /** What the user accepts. */
  Scene accepting(Predicate<Finding> findings) {
    accepted = findings;
    return this;
  }

  /** What can be advised. */
  Scene having(Evidence.Means other) {
    means = other;
    return this;
  }

  /** The same without what an agent records. */
  Scene onThePlainTier() {
    threadOrigins.clear();
    executorOrigins.clear();
    queueOrigins.clear();
    waitsOn.clear();
    return this;
  }

  List<Finding> findings() {
    return Classifier.classify(
        new Evidence(
            threads,
            Evidence.isAnyMoving(threads),
            executors,
            leftovers,
            queues,
            threadHolders,
            executorHolders,
            new Evidence.Origins(threadOrigins, executorOrigins, queueOrigins),
            waitsOn,
            Map.of(),
            leftBy,
            madeWhile,
            symptoms,
            scope,
            means,
            code),
        accepted);
  }

  Finding finding() {
    List<Finding> findings = findings();
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  /** What a user reads of it, but for the versions at the end. */
  String message() {
    return report(true).replaceAll(" · JDK \\d+ · LeakCheck \\S+$", "");
  }

  String messageOnThePlainTier() {
    return report(false).replaceAll(" · JDK \\d+ · LeakCheck \\S+$", "");
  }

  private String report(boolean recorded) {
    return TextReport.render(
        new Findings(
            scope,
            findings(),
            Duration.ofMillis(3_000),
            false,
            Map.of(),
            List.of(),
            List.of(),
            Coverage.FULL,
            recorded,
            statics,
            List.of()));
  }
}
