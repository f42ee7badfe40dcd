package dev.leakcheck.capture.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.OwnThread;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Writes again and again, for another process that watches this one, where the threads that are
 * alive were created. Only threads are told of that were started since it began. It ends when the
 * other process has ended or has taken the file's directory away; then nothing is recorded any
 * more. The file holds a list of objects: {@code virtual}, {@code name} (a pattern), {@code count}
 * and {@code created} (frames, innermost first).
 */
public final class BirthsReport {

  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

  private static final long PAUSE_MILLIS = 2_000;
  private static final int MOST = 1_000;
  private static final int FRAMES = 4;

  private final ProcessHandle reader;
  private final Path file;

  private record Group(boolean virtual, String name, List<String> created) {}

  private BirthsReport(ProcessHandle reader, Path file) {
    this.reader = reader;
    this.file = file;
  }

  /**
   * Begins to record threads as they are started, and to write.
   *
   * @param reader process id of who reads it
   * @param file where to write, in a directory that is there for this alone
   */
  public static void begin(long reader, Path file) {
    ProcessHandle.of(reader)
        .ifPresent(
            process -> {
              BirthsReport report = new BirthsReport(process, file);
              BirthScope scope = Births.jvm().openForAll("a watch");
              try {
                new OwnThread("leakcheck-births", () -> report.run(scope)).start();
              } catch (OutOfMemoryError noRoom) { // then the reader finds no file
                Births.jvm().close(scope);
              }
            });
  }

  private void run(BirthScope scope) {
    try {
      while (reader.isAlive() && Files.isDirectory(file.resolveSibling(""))) {
        write(scope);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (IOException | InterruptedException nobodyReadsIt) {
      // Then there is nobody to write for.
    } finally {
      Births.jvm().close(scope);
    }
  }

  private void write(BirthScope scope) throws IOException {
    Map<Group, Integer> groups = new HashMap<>();
    for (ThreadBirth birth : Births.jvm().in(scope, ThreadBirth.class, any -> true)) {
      Thread thread = birth.alive();
      if (thread != null) {
        groups.merge(group(thread, birth), 1, Integer::sum);
      }
    }
    List<Map.Entry<Group, Integer>> largest = new ArrayList<>(groups.entrySet());
    largest.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (Writer out = Files.newBufferedWriter(part);
        JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartArray();
      for (Map.Entry<Group, Integer> entry : largest.subList(0, Math.min(MOST, largest.size()))) {
        json.writeStartObject();
        json.writeBooleanField("virtual", entry.getKey().virtual);
        json.writeStringField("name", entry.getKey().name);
        json.writeNumberField("count", entry.getValue());
        json.writeArrayFieldStart("created");
        for (String frame : entry.getKey().created) {
          json.writeString(frame);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Group group(Thread thread, Birth birth) {
    List<String> created = List.of();
    if (birth.origin() instanceof Origin.Known known) {
      created = Stacks.shown(known.stack(), FRAMES);
    }
    return new Group(Jdk.isVirtual(thread), Printable.pattern(thread.getName()), created);
  }
}
