package dev.leakcheck.cli.reports;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.End;
import dev.leakcheck.report.ReportEntry.Jvm;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Lifetime;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reports to test with, the same in every run.
 *
 * <pre>{@code
 * Reports all = SampleReports.reports();          // three JVMs, all kinds, all verdicts
 * Reports clean = SampleReports.clean();          // checks, and no leak
 * Reports hostile = SampleReports.hostile();      // names that break what is not escaped
 * SampleReports.write(directory);                 // the files that all() is read from
 * Reports own = SampleReports.merged(Map.of("a.jsonl", List.of(jvm(1), leak(…), end(1))));
 * }</pre>
 */
public final class SampleReports {

  /** When the first JVM started. */
  public static final Instant START = Instant.parse("2026-03-01T10:00:00.000Z");

  /** Text that breaks JSON, HTML, XML, Markdown, terminals and scripts that do not escape it. */
  public static final String HOSTILE =
      "</script><script>alert(1)</script>|`x`|```|<!--\u202e\u0000\u001b[31m\r\n# h\ud800]]>&amp;\"'"
          + "$(id)\u2028*_~[a](javascript:alert(1))@all \uffff\ud83d\ude00";

  private SampleReports() {}

  /** Two shards with three JVMs: every kind, every verdict, one cause in two JVMs, one crash. */
  public static Reports reports() {
    return merged(all());
  }

  /** Of {@link #reports()} the second shard: every verdict, one crash. */
  public static Reports secondShard() {
    Map<String, List<ReportEntry>> files = all();
    files.keySet().removeIf(file -> !file.startsWith("shard-2/"));
    return merged(files);
  }

  /** Two JVMs that found nothing. */
  public static Reports clean() {
    Map<String, List<ReportEntry>> files = new TreeMap<>();
    files.put(
        "shard-1/" + fileName(1),
        List.of(
            jvm(1),
            check("com.acme.OrderTest", "places", 1, 0, 0),
            check("com.acme.OrderTest", "cancels", 2, 0, 0),
            end(2)));
    files.put(
        "shard-2/" + fileName(2),
        List.of(jvm(2), check("com.acme.PriceTest", "polls", 3, 0, 0), end(1)));
    return merged(files);
  }

  /** One JVM in which everything that somebody could choose is {@link #HOSTILE}. */
  public static Reports hostile() {
    return merged(Map.of(fileName(9), hostileEntries()));
  }

  /** The entries of {@link #hostile()}. */
  public static List<ReportEntry> hostileEntries() {
    StackTraceElement frame = new StackTraceElement(HOSTILE, HOSTILE, HOSTILE, 7);
    ThreadRecord thread =
        new ThreadRecord(
            77,
            HOSTILE,
            false,
            false,
            Thread.State.WAITING,
            HOSTILE,
            HOSTILE,
            List.of(frame),
            null,
            HOSTILE);
    List<ReportEntry> entries = new ArrayList<>();
    entries.add(
        new Jvm(
            "9".repeat(32),
            1,
            START,
            99,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            true,
            List.of(HOSTILE)));
    entries.add(
        new Check(
            HOSTILE,
            Level.METHOD,
            HOSTILE,
            HOSTILE,
            START,
            START.plusMillis(5),
            Duration.ofMillis(3),
            false,
            1,
            1,
            List.of(HOSTILE),
            List.of(HOSTILE)));
    for (Verdict verdict : List.of(Verdict.NEW, Verdict.ALLOWED)) {
      entries.add(
          new Leak(
              START.plusMillis(5),
              HOSTILE,
              Level.METHOD,
              HOSTILE,
              HOSTILE,
              HOSTILE + verdict,
              LeakKind.STRAY_THREAD,
              HOSTILE,
              verdict,
              HOSTILE,
              List.of(new Fact(HOSTILE, List.of(HOSTILE))),
              HOSTILE,
              HOSTILE,
              List.of(frame),
              frame,
              List.of(thread),
              1,
              null,
              null));
    }
    entries.add(
        new Lifetime(77, HOSTILE, false, HOSTILE + Verdict.NEW, START, START.plusMillis(9), true));
    entries.add(new End(START.plusMillis(10), 1));
    return entries;
  }

  /** The entries of {@link #reports()}, by the file they are in. */
  public static Map<String, List<ReportEntry>> all() {
    Map<String, List<ReportEntry>> files = new TreeMap<>();
    files.put("shard-1/" + fileName(1), everyKind());
    files.put("shard-2/" + fileName(2), everyVerdict());
    files.put("shard-2/" + fileName(3), crashed());
    return files;
  }

  /** Writes files below a directory. */
  public static void write(Path directory, Map<String, List<ReportEntry>> files) {
    try {
      for (Map.Entry<String, List<ReportEntry>> file : files.entrySet()) {
        Path path = directory.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.write(path, text(file.getValue()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the files of {@link #reports()} below a directory. */
  public static void write(Path directory) {
    write(directory, all());
  }

  /** What a file with these entries holds. */
  public static byte[] text(List<ReportEntry> entries) {
    return entries.stream()
        .map(entry -> EntryJson.line(entry) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What reading these files gives. */
  public static Reports merged(Map<String, List<ReportEntry>> files) {
    Merge merge = new Merge();
    new TreeMap<>(files)
        .forEach(
            (name, entries) -> {
              JvmLines lines = new JvmLines(Path.of(name), (Jvm) entries.get(0), new Shared());
              entries.stream().skip(1).forEach(lines::add);
              merge.add(lines);
            });
    return merge.reports();
  }

  /** The name of the file of {@link #jvm}. */
  public static String fileName(int number) {
    return "leakcheck-20260301-1000%02d-%d-%s.jsonl"
        .formatted(number - 1, 4710 + number, Integer.toString(number).repeat(8));
  }

  /** A JVM: odd ones have the agent. */
  public static Jvm jvm(int number) {
    return new Jvm(
        Integer.toString(number).repeat(32),
        ReportEntry.SCHEMA,
        START.plusSeconds(number - 1),
        4710 + number,
        Integer.toString(number),
        "0.1.0",
        number == 2 ? "17.0.19" : "25.0.3",
        "Linux 6.8 amd64",
        number % 2 == 1,
        number == 2 ? List.of("JDK 17 has no virtual threads") : List.of());
  }

  /** A check of a test's method that took 0.2 s. */
  public static Check check(String type, String method, int second, int failing, int accepted) {
    return new Check(
        simple(type) + "." + method + "()",
        Level.METHOD,
        type,
        method,
        START.plusSeconds(second),
        START.plusSeconds(second).plusMillis(200),
        Duration.ofMillis(failing + accepted > 0 ? 150 : 0),
        failing > 0,
        failing,
        accepted,
        List.of(),
        List.of());
  }

  /** The end of a JVM with so many checks. */
  public static End end(long checks) {
    return new End(START.plusSeconds(60), checks);
  }

  /** A fingerprint: 16 hexadecimal digits. */
  public static String fingerprint(int number) {
    return "%016x".formatted(0x9e3779b97f4a7c15L * (number + 1));
  }

  /** A leak of a test's method, found when its {@link #check} was done, with one thread. */
  public static Leak leak(
      LeakKind kind, String type, String method, int second, Verdict verdict, String reason) {
    String pojo = type.replace("Test", "Service");
    List<StackTraceElement> created =
        List.of(
            new StackTraceElement("java.lang.Thread", "start", "Thread.java", 1516),
            frame(pojo, "<init>", 31),
            frame(pojo, "open", 24),
            frame(type, method, 18));
    String title = title(kind);
    String fingerprint = fingerprint(kind.ordinal());
    String fix = "end it when " + simple(pojo) + " is closed, or close that in @AfterEach";
    List<Fact> facts =
        List.of(
            Fact.of("why", kind.summary() + " after the test"),
            new Fact(
                "created at",
                List.of(
                    "com.acme." + simple(pojo) + ".<init>(" + simple(pojo) + ".java:31)",
                    "com.acme." + simple(type) + "." + method + "(" + simple(type) + ".java:18)")));
    ThreadRecord thread = thread(100 + kind.ordinal(), kind, pojo);
    String scope = simple(type) + "." + method + "()";
    return new Leak(
        START.plusSeconds(second).plusMillis(200),
        scope,
        Level.METHOD,
        type,
        method,
        fingerprint,
        kind,
        title,
        verdict,
        reason,
        facts,
        fix,
        message(scope, kind, title, facts, fix, fingerprint),
        created,
        null,
        List.of(thread),
        1,
        null,
        null);
  }

  /** The life of the thread of a {@link #leak}. */
  public static Lifetime lifetime(LeakKind kind, int since, int until, boolean alive) {
    return new Lifetime(
        100 + kind.ordinal(),
        threadName(kind),
        kind == LeakKind.STRAY_VIRTUAL_THREAD,
        fingerprint(kind.ordinal()),
        START.plusSeconds(since),
        START.plusSeconds(until),
        alive);
  }

  private static List<ReportEntry> everyKind() {
    List<ReportEntry> entries = new ArrayList<>();
    entries.add(jvm(1));
    entries.add(check("com.acme.PriceTest", "polls", 1, 0, 0));
    int second = 2;
    for (LeakKind kind : LeakKind.values()) {
      String type = kind.ordinal() % 2 == 0 ? "com.acme.OrderTest" : "com.acme.stock.StockTest";
      String method = "leaves" + kind.id().replaceAll("[^a-z]", "");
      entries.add(leak(kind, type, method, second, Verdict.NEW, null));
      entries.add(lifetime(kind, second, second, true));
      entries.add(check(type, method, second, 1, 0));
      second++;
    }
    entries.add(lifetime(LeakKind.STRAY_THREAD, 9, 40, false));
    entries.add(end(17));
    return entries;
  }

  private static List<ReportEntry> everyVerdict() {
    List<ReportEntry> entries = new ArrayList<>();
    entries.add(jvm(2));
    entries.add(
        leak(
            LeakKind.STRAY_THREAD,
            "com.acme.stock.StockTest",
            "again",
            30,
            Verdict.KNOWN,
            "STOCK-12: fixed in the next release"));
    entries.add(check("com.acme.stock.StockTest", "again", 30, 0, 1));
    entries.add(
        accepted(31, "1st-audit", Verdict.ALLOWED, "one for the whole run", LeakKind.STRAY_THREAD));
    entries.add(check("com.acme.AuditTest", "writes", 31, 0, 1));
    entries.add(
        accepted(
            32,
            "2nd-audit",
            Verdict.KNOWN,
            "until 2026-12-31: ACME-7",
            LeakKind.UNCLOSED_EXECUTOR));
    entries.add(check("com.acme.AuditTest", "writes", 32, 0, 1));
    entries.add(
        accepted(33, "3rd-audit", Verdict.EXPIRED, "until 2026-02-01: ACME-8", LeakKind.HELD_LOCK));
    entries.add(check("com.acme.AuditTest", "writes", 33, 1, 0));
    entries.add(
        new Check(
            "AuditTest",
            Level.CLASS,
            "com.acme.AuditTest",
            null,
            START.plusSeconds(30),
            START.plusSeconds(34),
            Duration.ZERO,
            false,
            0,
            0,
            List.of("queues without the agent"),
            List.of("executor made by an older thread")));
    entries.add(end(5));
    return entries;
  }

  private static List<ReportEntry> crashed() {
    return List.of(
        jvm(3),
        check("com.acme.PriceTest", "polls", 40, 0, 0),
        leak(LeakKind.DEADLOCK, "com.acme.OrderTest", "leavesdeadlock", 41, Verdict.NEW, null),
        check("com.acme.OrderTest", "leavesdeadlock", 41, 1, 0));
  }

  private static Leak accepted(
      int second, String id, Verdict verdict, String reason, LeakKind kind) {
    Leak leak = leak(kind, "com.acme.AuditTest", "writes", second, verdict, reason);
    return new LeakCopy(leak)
        .fingerprint(fingerprint(id.hashCode() & 0xffff))
        .title(leak.title() + " of " + id)
        .created(List.of())
        .leak();
  }

  private static ThreadRecord thread(long id, LeakKind kind, String owner) {
    boolean virtual = kind == LeakKind.STRAY_VIRTUAL_THREAD;
    return new ThreadRecord(
        id,
        threadName(kind),
        virtual,
        virtual,
        Thread.State.WAITING,
        virtual ? "java.lang.VirtualThread" : ThreadRecord.PLAIN_TYPE,
        virtual ? "VirtualThreads" : "main",
        List.of(
            new StackTraceElement("jdk.internal.misc.Unsafe", "park", "Unsafe.java", -2),
            new StackTraceElement(
                "java.util.concurrent.locks.LockSupport", "park", "LockSupport.java", 369),
            new StackTraceElement("com.acme.Hidden", "noSource", null, -1),
            frame(owner, "work", 57)),
        new Blocker("java.lang.Object", 0x1f2e3d4c, null),
        kind == LeakKind.UNCLOSED_EXECUTOR ? "java.util.concurrent.ThreadPoolExecutor@6b2f" : null);
  }

  private static String threadName(LeakKind kind) {
    return kind == LeakKind.STRAY_VIRTUAL_THREAD ? "" : kind.id() + "-worker-1";
  }

  private static String title(LeakKind kind) {
    return switch (kind) {
      case UNCLOSED_EXECUTOR -> "ThreadPoolExecutor@6b2f, never shut down";
      case LEFTOVER_QUEUE -> "LinkedBlockingQueue in field OrderTest.inbox";
      case GROWTH -> "2 more threads with each repetition";
      default -> "\"" + threadName(kind) + "\": " + kind.summary();
    };
  }

  private static String message(
      String scope, LeakKind kind, String title, List<Fact> facts, String fix, String id) {
    StringBuilder text = new StringBuilder("LeakCheck: " + scope + " left 1 thing behind\n\n");
    text.append("1) ").append(kind.id()).append("   ").append(title).append('\n');
    for (Fact fact : facts) {
      String key = fact.key();
      for (String line : fact.lines()) {
        text.append("     %-10s %s\n".formatted(key, line));
        key = "";
      }
    }
    text.append("     %-10s %s\n".formatted("fix", fix));
    return text.append("     %-10s %s".formatted("id", id)).toString();
  }

  private static StackTraceElement frame(String type, String method, int line) {
    return new StackTraceElement(type, method, simple(type) + ".java", line);
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
