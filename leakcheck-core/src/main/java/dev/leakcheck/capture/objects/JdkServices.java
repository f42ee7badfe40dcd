package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.ThreadField;
import dev.leakcheck.capture.threads.LiveThreads;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK runs threads for until it is closed: HTTP servers, watch services, groups of
 * asynchronous channels, JMX connectors. Private fields lead from them to their threads, timers and
 * executors. Where the JDK keeps these closed, from Java 24 on without the agent, a service is
 * hidden. Those of other makers are not meant. Thread-safe.
 */
public final class JdkServices {

  /** The sorts of them. */
  public enum Sort {
    HTTP_SERVER,
    WATCH_SERVICE,
    CHANNEL_GROUP,
    JMX_CONNECTOR
  }

  static final String HTTP_SERVER = "com.sun.net.httpserver.HttpServer";

  private static final Map<String, Sort> SORTS = sorts();

  /** The fields that lead from a service to what it works with, and from that on. */
  private static final Map<Sort, List<JdkField>> FIELDS =
      Map.of(
          Sort.HTTP_SERVER,
          List.of(
              http("HttpServerImpl", "server"),
              http("HttpsServerImpl", "server"),
              http("ServerImpl", "dispatcherThread"),
              http("ServerImpl", "timer"),
              http("ServerImpl", "timer1"),
              http("ServerImpl", "executor")),
          Sort.WATCH_SERVICE,
          List.of(
              JdkField.of("sun.nio.fs.LinuxWatchService", "poller"),
              JdkField.of("sun.nio.fs.WindowsWatchService", "poller"),
              JdkField.of("sun.nio.fs.PollingWatchService", "scheduledExecutor")),
          Sort.CHANNEL_GROUP,
          List.of(
              JdkField.of("sun.nio.ch.AsynchronousChannelGroupImpl", "pool"),
              JdkField.of("sun.nio.ch.AsynchronousChannelGroupImpl", "timeoutExecutor"),
              JdkField.of("sun.nio.ch.ThreadPool", "executor")),
          Sort.JMX_CONNECTOR,
          List.of(
              JdkField.of(
                  "java.management.rmi",
                  "javax.management.remote.rmi.RMIConnector",
                  "communicatorAdmin"),
              jmx("ClientCommunicatorAdmin", "checker"),
              jmx("ClientCommunicatorAdmin$Checker", "myThread"),
              JdkField.of(
                  "java.management.rmi",
                  "javax.management.remote.rmi.RMIConnector",
                  "rmiNotifClient"),
              jmx("ClientNotifForwarder", "executor"),
              jmx("ClientNotifForwarder$LinearExecutor", "thread")));

  /** The fields that lead from what a thread was made to run to its group. */
  private static final List<JdkField> GROUPS =
      List.of(
          JdkField.of("sun.nio.ch.EPollPort$EventHandlerTask", "this$0"),
          JdkField.of("sun.nio.ch.KQueuePort$EventHandlerTask", "this$0"),
          JdkField.of("sun.nio.ch.Iocp$EventHandlerTask", "this$0"));

  private JdkServices() {}

  private static Map<String, Sort> sorts() {
    Map<String, Sort> sorts = new HashMap<>();
    sorts.put("sun.net.httpserver.HttpServerImpl", Sort.HTTP_SERVER);
    sorts.put("sun.net.httpserver.HttpsServerImpl", Sort.HTTP_SERVER);
    sorts.put("sun.nio.fs.LinuxWatchService", Sort.WATCH_SERVICE);
    sorts.put("sun.nio.fs.WindowsWatchService", Sort.WATCH_SERVICE);
    sorts.put("sun.nio.fs.PollingWatchService", Sort.WATCH_SERVICE);
    sorts.put("sun.nio.ch.EPollPort", Sort.CHANNEL_GROUP);
    sorts.put("sun.nio.ch.KQueuePort", Sort.CHANNEL_GROUP);
    sorts.put("sun.nio.ch.Iocp", Sort.CHANNEL_GROUP);
    sorts.put("javax.management.remote.rmi.RMIConnector", Sort.JMX_CONNECTOR);
    return Map.copyOf(sorts);
  }

  private static JdkField http(String simpleName, String field) {
    return JdkField.of("jdk.httpserver", "sun.net.httpserver." + simpleName, field);
  }

  private static JdkField jmx(String simpleName, String field) {
    return JdkField.of("java.management", "com.sun.jmx.remote.internal." + simpleName, field);
  }

  /**
   * What sort of service an object is.
   *
   * @param object any object
   * @return null if it is none, or not the JDK's own, or a mock or spy of one
   */
  public static @Nullable Sort sortOf(Object object) {
    Class<?> type = object.getClass();
    Sort sort = Fields.isJdk(type) ? SORTS.get(type.getName()) : null;
    return sort != null && !Answers.isMock(object) ? sort : null;
  }

  /**
   * Whether an object is a process that the JDK started, and may be asked.
   *
   * @param object any object
   * @return true if it is
   */
  public static boolean isProcess(Object object) {
    return object.getClass().getName().equals("java.lang.ProcessImpl") && !Answers.isMock(object);
  }

  /**
   * Whether an object is a service that does not lead to its threads.
   *
   * @param object any object
   * @return false if it is none
   */
  public static boolean isHidden(Object object) {
    Sort sort = sortOf(object);
    return sort != null && HiddenTimers.mayBe() && read(object, sort).isEmpty();
  }

  /**
   * Whether a service is known to have ended; the others cannot be asked.
   *
   * @param service a service
   * @return false if that is not known
   */
  public static boolean hasEnded(Object service) {
    return service instanceof AsynchronousChannelGroup group && group.isTerminated();
  }

  /**
   * The sort of service that a thread runs for, as its name tells.
   *
   * @param thread any thread
   * @return null if the name tells none; that of a group's is the user's to choose
   */
  public static @Nullable Sort sortByName(Thread thread) {
    String name = thread.getName();
    return switch (name) {
      case "HTTP-Dispatcher", "idle-timeout-task", "req-rsp-timeout-task" -> Sort.HTTP_SERVER;
      case "FileSystemWatchService", "FileSystemWatcher" -> Sort.WATCH_SERVICE;
      default ->
          name.startsWith("JMX client heartbeat ") || name.startsWith("ClientNotifForwarder-")
              ? Sort.JMX_CONNECTOR
              : null;
    };
  }

  /**
   * Threads, timers and executors of a service, and what leads there, as far as it is not hidden.
   *
   * @param service any object
   * @return nothing if it is no service
   */
  public static List<Object> parts(Object service) {
    Sort sort = sortOf(service);
    if (sort == null) {
      return List.of();
    }
    List<Object> parts = read(service, sort);
    if (parts.isEmpty() && sort == Sort.HTTP_SERVER) {
      add(GivenExecutors.of(service), parts);
    }
    return parts;
  }

  private static List<Object> read(Object service, Sort sort) {
    List<Object> parts = new ArrayList<>();
    for (JdkField field : FIELDS.getOrDefault(sort, List.of())) {
      add(field.read(service), parts);
      for (Object part : List.copyOf(parts)) {
        add(field.read(part), parts);
      }
    }
    if (sort == Sort.WATCH_SERVICE || sort == Sort.CHANNEL_GROUP) {
      addThreads(service, parts);
    }
    return parts;
  }

  private static void add(@Nullable Object part, List<Object> parts) {
    if (part != null && parts.stream().noneMatch(known -> known == part)) {
      parts.add(part);
    }
  }

  /** These have no field that holds their threads. */
  private static void addThreads(Object service, List<Object> parts) {
    List<Object> tasks = List.copyOf(parts);
    for (Thread thread : LiveThreads.all()) {
      Object task = ThreadField.TASK.read(thread);
      if (task != null
          && (tasks.stream().anyMatch(known -> known == task)
              || GROUPS.stream().anyMatch(field -> field.read(task) == service))) {
        parts.add(thread);
      }
    }
  }
}
