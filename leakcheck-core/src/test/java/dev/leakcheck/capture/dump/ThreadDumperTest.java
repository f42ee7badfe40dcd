package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.Coverage.Note;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IllegalFormatConversionException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadDumperTest {

  private static final String JSON =
      """
      {"threadDump":{"threadContainers":[
        {"container":"<root>","threads":[{"tid":"7","name":"one","stack":["com.acme.A.b(A.java:1)"]}]},
        {"container":"java.util.concurrent.ThreadPoolExecutor@1f","threads":[]}]}}
      """;

  private static final String TEXT = "4711\n\n#7 \"one\" RUNNABLE 2026\n\n";

  @TempDir private Path first;
  @TempDir private Path second;

  private final List<Path> written = new ArrayList<>();

  @BeforeEach
  void needsDumps() {
    Jdk21.assume();
  }

  private ThreadDumper.Writer writing(String json, String text) {
    return (file, format) -> {
      assertThat(file).doesNotExist();
      written.add(file);
      Files.writeString(file, format.equals("JSON") ? json : text);
      return id -> false;
    };
  }

  private ThreadDumper dumper(ThreadDumper.Writer writer) {
    return new ThreadDumper(writer, List.of(first, second));
  }

  private static List<Limit> limits(ThreadDump dump) {
    return dump.coverage().notes().stream().map(Note::limit).toList();
  }

  private void assertNothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> inFirst = Files.list(first);
        Stream<Path> inSecond = Files.list(second)) {
      assertThat(Stream.concat(inFirst, inSecond)).isEmpty();
    }
  }

  @Test
  void jsonIsReadAndDeleted() throws IOException {
    ThreadDump dump = dumper(writing(JSON, TEXT)).take(id -> true);

    assertThat(dump.threads()).extracting(ThreadRecord::id).containsExactly(7L);
    assertThat(dump.containers()).hasSize(1);
    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(dump.nanos()).isPositive();
    assertNothingIsLeftOnDisk();
  }

  @Test
  void interruptThatIsPendingNeitherBreaksTheDumpNorGetsLost() throws IOException {
    ThreadDumper dumper = new ThreadDumper(HotSpotDumpWriter.find(), List.of(first, second));
    ThreadDump dump;
    boolean interrupted;
    Thread.currentThread().interrupt();
    try {
      dump = dumper.take(id -> true);
    } finally {
      interrupted = Thread.interrupted();
    }

    assertThat(dump.threads()).isNotEmpty();
    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(interrupted).isTrue();
    assertNothingIsLeftOnDisk();
  }

  /** An interrupt closes the file that is being written. */
  @Test
  void interruptThatComesMeanwhileCostsNoDirectoryAndIsGivenBack() throws IOException {
    boolean[] first = {true};
    ThreadDumper.Writer interrupted =
        (file, format) -> {
          written.add(file);
          if (first[0]) {
            first[0] = false;
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
          }
          Files.writeString(file, JSON);
          return id -> false;
        };

    ThreadDump dump = dumper(interrupted).take(id -> true);
    boolean given = Thread.interrupted();

    assertThat(dump.threads()).hasSize(1);
    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(given).isTrue();
    assertThat(written).allMatch(file -> file.startsWith(this.first));
    assertNothingIsLeftOnDisk();
  }

  @Test
  void jdksWriterThatBreaksOnANameFallsBackToText() throws IOException {
    ThreadDumper.Writer breaking =
        (file, format) -> {
          if (format.equals("JSON")) {
            Files.writeString(file, JSON.substring(0, 40));
            throw new IllegalFormatConversionException('x', Character.class);
          }
          Files.writeString(file, TEXT);
          return id -> false;
        };

    ThreadDump dump = dumper(breaking).take(id -> true);

    assertThat(dump.threads()).extracting(ThreadRecord::id).containsExactly(7L);
    assertThat(dump.containers()).isEmpty();
    assertThat(limits(dump)).containsExactly(Limit.DUMP_WITHOUT_EXECUTORS);
    assertNothingIsLeftOnDisk();
  }

  @Test
  void jsonThatCannotBeReadFallsBackToText() throws IOException {
    ThreadDump dump = dumper(writing("{\"threadDump\":", TEXT)).take(id -> true);

    assertThat(dump.threads()).hasSize(1);
    assertThat(limits(dump)).containsExactly(Limit.DUMP_WITHOUT_EXECUTORS);
    assertNothingIsLeftOnDisk();
  }

  @Test
  void formatThatTheJdkDoesNotKnowFallsBackToText() {
    ThreadDumper.Writer textOnly =
        (file, format) -> {
          if (format.equals("JSON")) {
            throw new UnsupportedOperationException(format);
          }
          Files.writeString(file, TEXT);
          return id -> false;
        };

    assertThat(dumper(textOnly).take(id -> true).threads()).hasSize(1);
  }

  @Test
  void directoryThatRefusesIsNotTriedAgain() throws IOException {
    ThreadDumper.Writer refusing =
        (file, format) -> {
          written.add(file);
          if (file.startsWith(first)) {
            throw new IOException("No space left on device");
          }
          Files.writeString(file, JSON);
          return id -> false;
        };
    ThreadDumper dumper = dumper(refusing);

    ThreadDump dump = dumper.take(id -> true);
    dumper.take(id -> true);

    assertThat(dump.containers()).hasSize(1);
    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(written.stream().filter(file -> file.startsWith(first))).hasSize(1);
    assertThat(written.stream().filter(file -> file.startsWith(second))).hasSize(2);
    assertNothingIsLeftOnDisk();
  }

  @Test
  void fullDiskThatIsToldByAnUncheckedExceptionCountsAsRefusal() {
    ThreadDumper.Writer refusing =
        (file, format) -> {
          if (file.startsWith(first)) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
          Files.writeString(file, JSON);
          return id -> false;
        };

    assertThat(dumper(refusing).take(id -> true).containers()).hasSize(1);
  }

  @Test
  void noDirectoryAtAllIsANoteAndNoError() {
    ThreadDumper.Writer refusing =
        (file, format) -> {
          throw new IOException("Permission denied");
        };
    ThreadDumper dumper = dumper(refusing);

    for (int i = 0; i < 3; i++) {
      ThreadDump dump = dumper.take(id -> true);

      assertThat(dump.threads()).isEmpty();
      assertThat(dump.containers()).isEmpty();
      assertThat(limits(dump)).containsExactly(Limit.DUMP_FAILED);
      assertThat(dump.coverage().notes().get(0).text()).contains("Permission denied");
    }
  }

  @Test
  void directoryThatDoesNotExistIsANoteAndNoError() {
    ThreadDumper dumper = new ThreadDumper(writing(JSON, TEXT), List.of(first.resolve("missing")));

    assertThat(limits(dumper.take(id -> true))).containsExactly(Limit.DUMP_FAILED);
    assertThat(written).isEmpty();
  }

  @Test
  void directoryThatWorksAgainIsUsedAgain() {
    boolean[] broken = {true};
    ThreadDumper.Writer writer =
        (file, format) -> {
          if (broken[0]) {
            throw new IOException("No space left on device");
          }
          Files.writeString(file, JSON);
          return id -> false;
        };
    ThreadDumper dumper = dumper(writer);
    assertThat(limits(dumper.take(id -> true))).containsExactly(Limit.DUMP_FAILED);

    broken[0] = false;

    assertThat(dumper.take(id -> true).containers()).hasSize(1);
  }

  @Test
  void bothFormatsUnreadableIsANoteAndNoError() {
    ThreadDumper.Writer garbage =
        (file, format) -> {
          Files.write(file, new byte[] {0, (byte) 0xff, (byte) 0xfe, 13});
          return id -> false;
        };

    ThreadDump dump = dumper(garbage).take(id -> true);

    assertThat(dump.threads()).isEmpty();
    assertThat(dump.containers()).isEmpty();
    assertThat(dump.coverage().notes()).isNotEmpty();
  }

  @Test
  void securityThatRefusesIsANoteAndNoError() {
    ThreadDumper.Writer refusing =
        (file, format) -> {
          throw new SecurityException("access denied");
        };

    assertThat(dumper(refusing).take(id -> true).coverage().notes()).isNotEmpty();
  }

  @Test
  void missingClassIsANoteAndNoError() {
    ThreadDumper.Writer refusing =
        (file, format) -> {
          throw new NoClassDefFoundError("com/sun/management/Something");
        };

    assertThat(limits(dumper(refusing).take(id -> true))).containsExactly(Limit.DUMP_FAILED);
  }

  @Test
  void jvmWithoutWriterSaysSo() {
    ThreadDumper dumper = new ThreadDumper(null, List.of(first));

    assertThat(dumper.available()).isFalse();
    assertThat(limits(dumper.take(id -> true))).containsExactly(Limit.NO_THREAD_DUMP);
    assertThat(dumper.coverage().has(Limit.NO_THREAD_DUMP)).isTrue();
  }

  /** JDK 21 to 24 tell it by the outermost frame only. */
  @Test
  void threadWithoutFramesIsVirtualIfThePlainFormSaysSo() throws IOException {
    long alive = LiveThreads.id(Thread.currentThread());
    String json = untold(4_000_000_001L, 4_000_000_002L, 4_000_000_003L, alive);
    String text = "1\n\n#4000000001 \"one\" virtual\n\n#4000000002 \"two\"\n\n";

    ThreadDump dump = dumper(writing(json, text)).take(id -> id != 4_000_000_003L);

    assertThat(dump.threads())
        .extracting(ThreadRecord::id, ThreadRecord::virtual, ThreadRecord::executor)
        .containsExactly(
            tuple(4_000_000_001L, true, "com.acme.Executor@1f"),
            tuple(4_000_000_002L, false, "com.acme.Executor@1f"),
            tuple(alive, false, "com.acme.Executor@1f"));
    assertThat(dump.containers()).hasSize(1);
    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(written).hasSize(2);
    assertNothingIsLeftOnDisk();
  }

  @Test
  void plainFormIsNotAskedForThreadsOfWhichItIsKnown() {
    long alive = LiveThreads.id(Thread.currentThread());

    dumper(writing(untold(alive), TEXT)).take(id -> true);
    dumper(writing(untold(4_000_000_001L), TEXT)).take(id -> false);
    dumper(
            writing(
                untold(4_000_000_001L).replace("\"stack\"", "\"virtual\":false,\"stack\""), TEXT))
        .take(id -> true);

    assertThat(written).hasSize(3);
  }

  private static String untold(long... ids) {
    return LongStream.of(ids)
        .mapToObj(id -> "{\"tid\":\"" + id + "\",\"name\":\"\",\"stack\":[]}")
        .collect(
            Collectors.joining(
                ",",
                "{\"threadDump\":{\"threadContainers\":[{\"container\":\"com.acme.Executor@1f\",\"threads\":[",
                "]}]}}"));
  }

  @Test
  void virtualThreadThatHasNotBegunIsVirtual() throws Exception {
    int carriers = Runtime.getRuntime().availableProcessors();
    CountDownLatch running = new CountDownLatch(carriers);
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    ThreadDump dump;
    try {
      for (int i = 0; i < carriers; i++) {
        threads.add(
            Jdk21.startVirtual(
                "busy",
                () -> {
                  running.countDown();
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                }));
      }
      assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
      Thread waiting = Jdk21.startVirtual("waiting", () -> {});
      threads.add(waiting);

      dump = new ThreadDumper().take(id -> id == LiveThreads.id(waiting));
    } finally {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(dump.threads())
        .extracting(ThreadRecord::name, ThreadRecord::virtual, ThreadRecord::state)
        .containsExactly(tuple("waiting", true, Thread.State.RUNNABLE));
    assertThat(dump.threads().get(0).stack()).isEmpty();
  }

  @Test
  void dumpOfThisJvmHoldsThisThread() {
    ThreadDumper dumper = new ThreadDumper();
    long self = LiveThreads.id(Thread.currentThread());

    ThreadDump dump = dumper.take(id -> id == self);

    assertThat(dump.coverage().notes()).isEmpty();
    assertThat(dump.threads()).hasSize(1);
    assertThat(dump.threads().get(0).name()).isEqualTo(Thread.currentThread().getName());
  }
}
