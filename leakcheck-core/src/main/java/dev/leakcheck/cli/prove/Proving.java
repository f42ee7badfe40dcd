package dev.leakcheck.cli.prove;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.dump.LiveJvm;
import dev.leakcheck.cli.dump.Progress;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.walk.Asleep;
import dev.leakcheck.proof.walk.Compiled;
import dev.leakcheck.proof.walk.Liveness;
import dev.leakcheck.proof.walk.PrintedThreads;
import dev.leakcheck.proof.walk.Question;
import dev.leakcheck.proof.walk.Waiter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads a heap dump in this process, and answers for all threads in it that wait. */
public final class Proving {

  private Proving() {}

  /**
   * What a heap dump tells.
   *
   * @param platform the answers, for platform threads
   * @param virtual how many virtual threads live, of which nothing is told
   */
  public record Told(List<Liveness.Answer> platform, int virtual) {

    /** Holds a copy of the list. */
    public Told {
      platform = List.copyOf(platform);
    }
  }

  /**
   * Of a JVM that runs.
   *
   * @param jvm the JVM
   * @param terminal where to show how far it is, or null
   * @return the answers
   * @throws BadInput if it does not answer, or the dump can't be read
   */
  public static Told of(LiveJvm jvm, @Nullable PrintWriter terminal) {
    return jvm.heap(
        seen -> {
          PrintedThreads before = new PrintedThreads(seen.threadsBefore());
          PrintedThreads after = new PrintedThreads(seen.threadsAfter());
          Map<Long, Waiter> waiters =
              after.since(before, id -> seen.asleepBefore().lasts(seen.asleepAfter(), id));
          return read(
              seen.file(),
              new Question(
                  Optional.of(waiters),
                  seen.asleepBefore().slept(seen.asleepAfter()),
                  Compiled.read(seen.compiledBefore(), seen.compiledAfter()),
                  -1,
                  "",
                  Set.of(),
                  after.names()),
              proof -> seen.asleepBefore().qualify(seen.asleepAfter(), proof),
              terminal);
        });
  }

  /**
   * Of a file.
   *
   * @param file the heap dump
   * @param compiled what {@code jcmd PID Compiler.codelist} printed then, or null
   * @param terminal where to show how far it is, or null
   * @return the answers
   * @throws BadInput if it can't be read
   */
  public static Told of(Path file, @Nullable Path compiled, @Nullable PrintWriter terminal) {
    try {
      Compiled known = null;
      if (compiled != null) {
        known = compiled(compiled);
      }
      return read(
          file,
          new Question(Optional.empty(), Set.of(), known, -1, "", Set.of(), Map.of()),
          Asleep::untold,
          terminal);
    } catch (NoSuchFileException e) {
      throw new BadInput("there is no file " + Printable.escape(e.getFile()), e);
    } catch (IOException e) {
      throw new BadInput(
          Printable.escape(file + ": " + (e.getMessage() == null ? e : e.getMessage())), e);
    }
  }

  private static Compiled compiled(Path file) throws IOException {
    Compiled known = null;
    try {
      // jcmd begins with the id of the process and a colon.
      known = Compiled.read(Files.readString(file).replaceFirst("^\\d+:\\R", ""));
    } catch (CharacterCodingException isNoText) {
      // It is said below what it has to be.
    }
    if (known == null) {
      throw new BadInput(
          "--compiled "
              + Printable.escape(file.toString())
              + " is no list of compiled methods, as jcmd PID Compiler.codelist prints it");
    }
    return known;
  }

  private static Told read(
      Path file, Question question, UnaryOperator<Proof> told, @Nullable PrintWriter terminal)
      throws IOException {
    Runtime runtime = Runtime.getRuntime();
    long memory = (runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory()) / 2;
    try (Meter meter = new Meter(terminal, Files.size(file));
        Heap heap = HeapReader.read(file, memory, meter)) {
      List<Liveness.Answer> answers =
          Liveness.of(heap, question).stream()
              .map(
                  answer ->
                      new Liveness.Answer(
                          answer.id(), answer.label(), answer.stack(), told.apply(answer.proof())))
              .toList();
      return new Told(answers, Liveness.virtualThreads(heap));
    }
  }

  /** Shows how far the reading has come. */
  private static final class Meter implements LongConsumer, AutoCloseable {
    private final InputStream shown;
    private long done;

    Meter(@Nullable PrintWriter terminal, long total) {
      shown =
          Progress.of(
              new InputStream() {
                @Override
                public int read() {
                  return -1;
                }

                @Override
                public long skip(long bytes) {
                  return bytes;
                }
              },
              terminal,
              "reading the heap dump",
              total);
    }

    @Override
    public void accept(long read) {
      try {
        done += shown.skip(read - done);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws IOException {
      shown.close();
    }
  }
}
