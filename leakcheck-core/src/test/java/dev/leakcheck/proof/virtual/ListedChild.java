package dev.leakcheck.proof.virtual;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.VirtualRegistry;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.capture.threads.Withheld;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vendor.stuck.VirtualCases;

/**
 * Threads are taken out of the JDK's registry and put back, and others are proved, while threads
 * start and end, thread dumps are taken and all threads are asked for. Whoever looks has to see
 * each of those that wait all the time, and once.
 */
final class ListedChild {

  private static final int WAITING = 200;
  private static final int ROUNDS = 40;
  private static final Pattern ID = Pattern.compile("\"tid\": \"?(\\d+)\"?");

  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private final List<Thread> waiting = new ArrayList<>();
  private final Set<Long> ids = new HashSet<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  private ListedChild() {}

  public static void main(String[] args) throws Exception {
    new ListedChild().run();
    Runtime.getRuntime().halt(0);
  }

  private interface Job {
    void run() throws Exception;
  }

  private void run() throws Exception {
    for (int i = 0; i < WAITING; i++) {
      Thread thread = VirtualCases.waiting(queue::take);
      waiting.add(thread);
      ids.add(LiveThreads.id(thread));
    }
    Path directory = Files.createTempDirectory("listed");
    List<Thread> jobs =
        List.of(
            again(this::startAndEnd),
            again(() -> look(dumped(directory))),
            again(
                () ->
                    look(
                        VirtualThreads.all().orElseThrow().stream()
                            .map(LiveThreads::id)
                            .toList())));
    for (int round = 0; round < ROUNDS; round++) {
      VirtualRegistry.jvm().withhold(waiting.stream().map(Withheld::new).toList());
      if (round % 10 == 0) {
        Garbage.collect();
      }
      VirtualRegistry.jvm().putBack();
      if (round % 20 == 0) {
        prove();
      }
    }
    over = true;
    for (Thread job : jobs) {
      job.join();
    }
    for (int i = 0; i < WAITING; i++) {
      queue.add("");
    }
    for (Thread thread : waiting) {
      thread.join();
    }
    if (VirtualThreads.all().orElseThrow().stream().anyMatch(waiting::contains)) {
      wrong.add("one that has ended is listed");
    }
    Files.delete(directory);
    System.out.println(wrong.isEmpty() ? "always whole" : wrong.peek());
  }

  private Thread again(Job job) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!over) {
                  job.run();
                }
              } catch (Exception e) {
                wrong.add(e.toString());
              }
            });
    thread.start();
    return thread;
  }

  private void startAndEnd() throws Exception {
    VirtualCases.start(() -> {}).join();
  }

  private static void prove() {
    List<Thread> threads = new ArrayList<>();
    threads.add(VirtualCases.waiting(() -> new LinkedBlockingQueue<String>().take()));
    new VirtualProof(new HeapDumper()).of(threads, Garbage.liveBytes(), Duration.ofSeconds(10));
  }

  private static List<Long> dumped(Path directory) throws Exception {
    Path file = directory.resolve("threads.json");
    HotSpotDiagnosticMXBean bean =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    Class<?> format = Class.forName("com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat");
    Method dumpThreads =
        HotSpotDiagnosticMXBean.class.getMethod("dumpThreads", String.class, format);
    dumpThreads.invoke(bean, file.toString(), format.getEnumConstants()[1]);
    List<Long> listed = new ArrayList<>();
    Matcher id = ID.matcher(Files.readString(file));
    while (id.find()) {
      listed.add(Long.valueOf(id.group(1)));
    }
    Files.delete(file);
    return listed;
  }

  private void look(List<Long> listed) {
    List<Long> ours = listed.stream().filter(ids::contains).toList();
    if (ours.size() != WAITING || new HashSet<>(ours).size() != WAITING) {
      wrong.add(ours.size() + " of " + WAITING + " are listed");
    }
  }
}
