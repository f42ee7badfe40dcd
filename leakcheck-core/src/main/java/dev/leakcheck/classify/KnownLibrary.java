package dev.leakcheck.classify;

import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Libraries whose threads can be told by their names, classes or frames: so that a finding names
 * the library and the call that stops it, and so that all threads of one instance are one finding.
 *
 * <p>The pattern's first group, where it has one, tells instances apart.
 */
enum KnownLibrary {
  JDK_HTTP_SERVER(
      "the JDK's HttpServer",
      "call HttpServer.stop(0)",
      "HTTP-Dispatcher|idle-timeout-task|req-rsp-timeout-task|server-timer1?",
      ""),
  JDK_HTTP_CLIENT(
      "the JDK's HttpClient",
      "call HttpClient.close() (Java 21 and later); before, drop every reference to the client",
      "(HttpClient-\\d+)-(?:SelectorManager|Worker-\\d+)",
      ""),
  JDK_WATCH_SERVICE(
      "a WatchService of the JDK",
      "call WatchService.close()",
      "FileSystemWatch(?:Service|er)",
      ""),
  JDK_CHANNEL_GROUP(
      "an AsynchronousChannelGroup of the JDK",
      "call AsynchronousChannelGroup.shutdown(), and close its channels or call shutdownNow()",
      ".*",
      "sun.nio.ch.AsynchronousChannelGroupImpl"),
  JDK_JMX_CONNECTOR(
      "a JMXConnector of the JDK",
      "call JMXConnector.close()",
      "JMX client heartbeat \\d+|ClientNotifForwarder-\\d+",
      "com.sun.jmx.remote."),
  JDK_JMX_SERVER(
      "a JMXConnectorServer of the JDK",
      "call JMXConnectorServer.stop()",
      "JMX server connection timeout \\d+",
      "com.sun.jmx.remote."),
  HIKARI(
      "HikariCP",
      "close the HikariDataSource",
      // such as "HikariPool-1:connection-adder"; with blanks in older versions
      "(?!OkHttp )(.+?)(?: (?:housekeeper|connection adder|connection closer)"
          + "|:(?:housekeeper|connection-adder|connection-closer))",
      "",
      "com.zaxxer.hikari."),
  C3P0(
      "c3p0",
      "call ComboPooledDataSource.close(), or DataSources.destroy() on what DataSources gave",
      "C3P0PooledConnectionPoolManager\\[identityToken->.*?"
          + "(?:\\|(\\p{XDigit}+))?(?:, dataSourceName->.*)?\\]-.*"
          + "|com\\.mchange\\.v2\\.async\\.ThreadPoolAsynchronousRunner\\$PoolThread-#\\d+",
      "",
      "com.mchange."),
  COMMONS_POOL(
      "Apache Commons Pool",
      "close every pool, and what has one, such as a client or a data source",
      "commons-pool-evictor.*",
      "",
      "org.apache.commons.pool2."),
  QUARTZ(
      "Quartz",
      "call Scheduler.shutdown(true)",
      "(.+)_(?:Worker-\\d+|QuartzSchedulerThread)",
      "org.quartz."),
  // These two before Netty, which their threads run.
  LETTUCE(
      "Lettuce",
      "call RedisClient.shutdown(), and ClientResources.shutdown() on resources of your own",
      "lettuce-.*",
      "",
      "io.lettuce."),
  VERTX(
      "Vert.x",
      "call Vertx.close(), and await it",
      "vert\\.x-.*|vertx-blocked-thread-checker",
      "",
      "io.vertx."),
  NETTY(
      "Netty",
      "call EventLoopGroup.shutdownGracefully(), and await it",
      "((?:multiThreadIo|multithread|nio|epoll|kqueue|oio|local|default)EventLoopGroup-\\d+"
          + "|defaultEventExecutorGroup-\\d+|unorderedThreadPoolEventExecutor-\\d+)-\\d+",
      ""),
  NETTY_TIMER(
      "Netty's HashedWheelTimer",
      "call HashedWheelTimer.stop()",
      "(.*)",
      "io.netty.util.HashedWheelTimer$Worker"),
  // Not whatever its thread factory, which anybody may use, made a thread for.
  NETTY_OTHER(
      "Netty",
      "call EventLoopGroup.shutdownGracefully(), and await it",
      "(.*?)-?\\d*",
      "io.netty.util.concurrent.SingleThreadEventExecutor",
      "io.netty."),
  NETTY_GLOBAL(
      "Netty's GlobalEventExecutor",
      "cancel what was given to it, or let that end: it ends by itself when it has nothing to do",
      "globalEventExecutor-.*",
      "io.netty.util.concurrent.GlobalEventExecutor"),
  MOCK_WEB_SERVER(
      "MockWebServer",
      "call MockWebServer.close() (shutdown() before version 5)",
      "MockWebServer.*",
      ""),
  OKHTTP(
      "OkHttp",
      "call client.dispatcher().executorService().shutdown() and client.connectionPool().evictAll()",
      "OkHttp .*",
      "",
      "okhttp3."),
  APACHE_HTTP(
      "Apache HttpClient",
      "close the HttpClient",
      "Connection evictor|idle-connection-evictor(?:-\\d+)?|httpclient-(?:main|dispatch)-\\d+",
      ""),
  JETTY(
      "Jetty",
      "call Server.stop()",
      "(qtp-?\\d+)(?:-.*)?|Scheduler-[0-9a-f]{5,8}-\\d+",
      "",
      "org.eclipse.jetty."),
  JETTY_CLIENT(
      "Jetty's HttpClient",
      "call HttpClient.stop()",
      "(HttpClient@[0-9a-f]+)-(?:scheduler-)?\\d+(?:-.*)?",
      ""),
  JETTY_POOL(
      "Jetty",
      "call stop() on the server, the client or the QueuedThreadPool",
      "(.*?)-\\d+(?:-.*)?",
      "org.eclipse.jetty.util.thread.QueuedThreadPool"),
  TOMCAT(
      "Tomcat",
      "call Tomcat.stop() and Tomcat.destroy(), or close the application context",
      "(?:https?|ajp)-(?:openssl-|jsse-)?(?:nio2?|apr)-.*|Catalina-utility-\\d+",
      "org.apache.tomcat.",
      "org.apache.catalina."),
  TOMCAT_CONTAINER(TOMCAT.library, TOMCAT.fix, "container-\\d+", "org.apache.catalina."),
  KAFKA(
      "the Kafka client",
      "close the producer, consumer or admin client (one whose constructor threw has to do so itself)",
      "kafka-(?:producer-network-thread|admin-client-thread|coordinator-heartbeat-thread) \\| (.*)"
          + "|consumer_background_thread",
      "org.apache.kafka."),
  AKKA("Akka", "call ActorSystem.terminate(), and await it", "(.+?)-akka\\..*", ""),
  AKKA_SCHEDULER(AKKA.library, AKKA.fix, "(.+)-scheduler-\\d+", "akka.actor."),
  PEKKO("Pekko", "call ActorSystem.terminate(), and await it", "(.+?)-pekko\\..*", ""),
  PEKKO_SCHEDULER(PEKKO.library, PEKKO.fix, "(.+)-scheduler-\\d+", "org.apache.pekko.actor."),
  MONGO(
      "the MongoDB driver",
      "close the MongoClient",
      "cluster-(?:(?:rtt-)?ClusterId\\{.*|[0-9a-f]{24})|CleanCursors-.*|MaintenanceTimer-.*",
      "",
      "com.mongodb."),
  DERBY(
      "Derby",
      "shut the database down, such as by"
          + " DriverManager.getConnection(\"jdbc:derby:;shutdown=true\"), which ends it by an"
          + " SQLException",
      "derby\\..*|Timer-\\d+",
      "org.apache.derby."),
  ZOOKEEPER(
      "ZooKeeper",
      "close the ZooKeeper client",
      ".*-(?:SendThread|EventThread).*",
      "org.apache.zookeeper."),
  RABBIT(
      "the RabbitMQ client",
      "close the Connection",
      "AMQP Connection .*",
      "",
      "com.rabbitmq.client."),
  H2_SERVER("H2's Server", "call Server.stop()", "H2 \\w+ Server .*", "org.h2.server."),
  H2(
      "H2",
      "close every connection and the data source, or run SHUTDOWN",
      "H2 .*|MVStore background writer (?:.*[/\\\\])?(.*)",
      "",
      "org.h2."),
  RXJAVA(
      "RxJava",
      "dispose the subscription, or call Scheduler.shutdown() on a scheduler of your own",
      ".*",
      "io.reactivex."),
  REACTOR(
      "Reactor",
      "dispose the subscription, or call Scheduler.dispose() on a scheduler of your own",
      "(.*?)-?\\d+",
      "reactor."),
  SPRING(
      "Spring",
      "close the application context, or call shutdown() or close() on the task executor",
      "(.*?)-?\\d+",
      "org.springframework.");

  /** How near to what it made a library's code stands that made it for itself. */
  private static final int FRAMES_OF_MAKER = 6;

  private final String library;
  private final String fix;
  private final Pattern name;
  private final String code;
  private final String home;

  KnownLibrary(String library, String fix, String name, String code) {
    this(library, fix, name, code, code);
  }

  /**
   * An entry.
   *
   * @param library what a person calls it
   * @param fix the call that stops it
   * @param name what its threads' names match
   * @param code what a class must begin with that makes up the thread, empty if the name says
   *     enough
   * @param home what the classes begin with that hold its executors, empty if none does
   */
  KnownLibrary(String library, String fix, String name, String code, String home) {
    this.library = library;
    this.fix = fix;
    this.name = Pattern.compile(name, Pattern.DOTALL);
    this.code = code;
    this.home = home;
  }

  String title() {
    return library;
  }

  /**
   * One running instance of a library.
   *
   * @param library which library
   * @param instance its name, empty if instances can't be told apart
   */
  record Instance(KnownLibrary library, String instance) {

    String title() {
      return instance.isEmpty() ? library.library : library.library + " (" + instance + ")";
    }

    /** The same in every run: some libraries tell their instances apart by what chance gives. */
    String word() {
      return library == C3P0 ? library.library : title();
    }

    String fix() {
      return library.fix;
    }

    /** Whether what has no name, or one that tells parts apart, is stopped with the rest. */
    boolean isWhole() {
      return instance.isEmpty() || library == SPRING;
    }
  }

  /**
   * The library that a thread belongs to, told by the first entry that matches.
   *
   * @param created the stack that started it; empty if that is not known
   */
  static Optional<Instance> of(ThreadRecord thread, List<StackTraceElement> created) {
    for (KnownLibrary known : values()) {
      Matcher matcher = known.name.matcher(thread.name());
      if (thread.name().length() < 300 && matcher.matches() && known.hasCode(thread, created)) {
        return Optional.of(new Instance(known, instance(matcher)));
      }
    }
    return Optional.empty();
  }

  /**
   * The library that a class belongs to which is an executor or holds one; which instance it is
   * cannot be told from that.
   */
  static Optional<Instance> ofClass(String type) {
    return Arrays.stream(values())
        .filter(known -> !known.home.isEmpty() && isOf(type, known.home))
        .findFirst()
        .map(known -> new Instance(known, ""));
  }

  /**
   * Whether the thread's class, its frames, its executor's class or its maker are the library's.
   */
  private boolean hasCode(ThreadRecord thread, List<StackTraceElement> created) {
    if (code.isEmpty()) {
      return isPlausible(thread, created);
    }
    return isOf(thread.type(), code)
        || (thread.executor() != null
            && (isOf(thread.executor(), code)
                || (!home.isEmpty() && isOf(thread.executor(), home))))
        || runs(thread.stack().subList(outer(thread), thread.stack().size()))
        || runs(created.subList(0, Math.min(FRAMES_OF_MAKER, created.size())));
  }

  private boolean runs(List<StackTraceElement> frames) {
    return frames.stream().anyMatch(frame -> isOf(frame.getClassName(), code));
  }

  /** Any thread may have any name: if it runs other code, and other code made it, it is another. */
  private boolean isPlausible(ThreadRecord thread, List<StackTraceElement> created) {
    List<String> packages = packages();
    List<StackTraceElement> frames = new ArrayList<>(Stacks.own(thread.stack()));
    frames.addAll(created);
    return packages.isEmpty()
        || (frames.isEmpty() && (WorkerStacks.hidesTask(thread) || hasClass(thread.type())))
        || frames.stream()
            .anyMatch(frame -> packages.stream().anyMatch(it -> isOf(frame.getClassName(), it)));
  }

  /** Whether what is there to be stopped is the library's own; true where nothing tells. */
  boolean has(Maker maker) {
    return has(maker.frame()) || (maker.deed() == Maker.Deed.USES_PART && hasClass(maker.type()));
  }

  /** Whether a frame is the library's own; true where nothing tells. */
  boolean has(StackTraceElement frame) {
    return hasClass(frame.getClassName());
  }

  /** Whether a class is the library's own; true where nothing tells. */
  boolean hasClass(String type) {
    if (isJdks()) {
      return Stacks.isJdk(new StackTraceElement(type, "", null, -1));
    }
    List<String> packages = packages();
    return packages.isEmpty()
        || packages.stream().anyMatch(prefix -> isOf(type, prefix))
        || (!code.isEmpty() && isOf(type, code));
  }

  /** A service of the JDK, which libraries have objects of their own around. */
  private boolean isJdks() {
    return name().startsWith("JDK_");
  }

  /** Those of the library, and of the library that runs its threads. */
  private List<String> packages() {
    return switch (this) {
      case LETTUCE -> List.of("io.lettuce.", "io.netty.");
      case VERTX -> List.of("io.vertx.", "io.netty.");
      case NETTY -> List.of("io.netty.");
      case MOCK_WEB_SERVER -> List.of("mockwebserver3.", "okhttp3.");
      case APACHE_HTTP -> List.of("org.apache.http.", "org.apache.hc.");
      case JETTY, JETTY_CLIENT -> List.of("org.eclipse.jetty.");
      case AKKA -> List.of("akka.");
      case PEKKO -> List.of("org.apache.pekko.");
      case MONGO -> List.of("com.mongodb.");
      default -> home.isEmpty() ? List.of() : List.of(home);
    };
  }

  /** Also where the library was put into another one, under a longer name. */
  private static boolean isOf(String type, String prefix) {
    return type.startsWith(prefix)
        || below(prefix).stream().anyMatch(part -> type.contains("." + part));
  }

  /** What stands below another library's name; a common word there may be anybody's package. */
  private static List<String> below(String prefix) {
    return switch (prefix) {
      case "reactor." ->
          List.of("reactor.core.publisher.", "reactor.core.scheduler.", "reactor.netty.");
      case "akka.", "akka.actor." -> List.of();
      default -> List.of(prefix);
    };
  }

  /** The outermost frames say whose thread it is; inner ones only whom it calls. */
  private static int outer(ThreadRecord thread) {
    return Math.max(0, thread.stack().size() - 6);
  }

  private static String instance(Matcher matcher) {
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String value = matcher.group(group);
      if (value != null) {
        return value;
      }
    }
    return "";
  }
}
