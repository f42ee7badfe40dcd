package dev.leakcheck.cli.prove;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.dump.LiveJvm;
import dev.leakcheck.cli.dump.Progress;
import dev.leakcheck.model.Printable;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapReader;
import dev.leakcheck.proof.walk.Compiled;
import dev.leakcheck.proof.walk.Liveness;
import dev.leakcheck.proof.walk.Question;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a heap dump in this process, and answers for all threads in it that wait. */
public final class Proving {

  private Proving() {}

  /**
   * Of a JVM that runs.
   *
   * @param jvm the JVM
   * @param terminal where to show how far it is, or null
   * @return the answers
   * @throws BadInput if it does not answer, or the dump can't be read
   */
  public static List<Liveness.Answer> of(LiveJvm jvm, @Nullable PrintWriter terminal) {
    return jvm.heap(
        seen -> {
          PrintedThreads before = new PrintedThreads(seen.threadsBefore());
          PrintedThreads after = new PrintedThreads(seen.threadsAfter());
          return read(
              seen.file(),
              new Question(
                  Optional.of(after.since(before)),
                  Compiled.read(seen.compiledBefore(), seen.compiledAfter()),
                  -1,
                  "",
                  Set.of(),
                  after.names()),
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
  public static List<Liveness.Answer> of(
      Path file, @Nullable Path compiled, @Nullable PrintWriter terminal) {
    try {
      Compiled known = null;
      if (compiled != null) {
        // jcmd begins with the id of the process and a colon.
        known = Compiled.read(Files.readString(compiled).replaceFirst("^\\d+:\\R", ""));
        if (known == null) {
          throw new BadInput(compiled + " is not what jcmd PID Compiler.codelist prints");
        }
      }
      return read(
          file, new Question(Optional.empty(), known, -1, "", Set.of(), Map.of()), terminal);
    } catch (IOException e) {
      throw new BadInput(
          Printable.escape(file + ": " + (e.getMessage() == null ? e : e.getMessage())), e);
    }
  }

  private static List<Liveness.Answer> read(
      Path file, Question question, @Nullable PrintWriter terminal) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    long memory = (runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory()) / 2;
    try (Meter meter = new Meter(terminal, Files.size(file));
        Heap heap = HeapReader.read(file, memory, meter)) {
      return Liveness.of(heap, question);
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
