package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a JVM that was looked at wrote down. Immutable. It goes through a file, line by line, so
 * that a JVM that hangs has said where.
 *
 * @param trials what became of each kind, of those that could be planted
 * @param facts what there is to know of the JVM, by the names below
 * @param coverage what its checks could not see
 * @param last what it was at when it wrote the last line
 * @param complete whether it got to its end
 */
record Chart(
    Map<LeakKind, Trial> trials,
    Map<String, String> facts,
    Coverage coverage,
    String last,
    boolean complete) {

  /** Of a JVM that wrote nothing. */
  static final Chart EMPTY = new Chart(Map.of(), Map.of(), Coverage.FULL, "its start", false);

  /** Which of the JDK's modules are there that LeakCheck can do without. */
  static final String MODULES = "modules";

  /** Why the agent could not be attached, or empty if it could. */
  static final String ATTACH = "attach";

  /** What kept the JVM from coming to its end. */
  static final String FAILED = "failed";

  /** What {@link PlantedProof} came to. */
  static final String PROOF = "proof";

  /** Whether LeakCheck uses the agent. */
  static final String RECORDED = "recorded";

  private static final String TRIAL = "trial";
  private static final String NOTE = "note";
  private static final String BEGIN = "begin";
  private static final String END = "end";

  Chart {
    trials = Map.copyOf(trials);
    facts = Map.copyOf(facts);
  }

  Optional<String> fact(String name) {
    return Optional.ofNullable(facts.get(name));
  }

  /** Writes a chart. */
  static final class Writer {
    private final Path file;

    Writer(Path file) {
      this.file = file;
    }

    void begin(String what) throws IOException {
      line(BEGIN, what);
    }

    void fact(String name, String value) throws IOException {
      line(name, value);
    }

    void note(Coverage.Note note) throws IOException {
      line(NOTE, note.limit().name(), note.text());
    }

    void trial(Trial trial) throws IOException {
      line(
          TRIAL,
          trial.kind().name(),
          names(trial.found()),
          names(trial.accused()),
          trial.problem());
    }

    void end() throws IOException {
      line(END);
    }

    private void line(String... parts) throws IOException {
      String line = Arrays.stream(parts).map(Printable::escape).collect(Collectors.joining("\t"));
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  static Chart read(Path file) throws IOException {
    Map<LeakKind, Trial> trials = new EnumMap<>(LeakKind.class);
    Map<String, String> facts = new TreeMap<>();
    List<Coverage.Note> notes = new ArrayList<>();
    String last = EMPTY.last;
    boolean complete = false;
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split("\t", -1);
      switch (parts[0]) {
        case BEGIN -> last = parts[1];
        case END -> complete = true;
        case NOTE -> notes.add(new Coverage.Note(Limit.valueOf(parts[1]), parts[2]));
        case TRIAL -> {
          LeakKind kind = LeakKind.valueOf(parts[1]);
          trials.put(kind, new Trial(kind, kinds(parts[2]), kinds(parts[3]), parts[4]));
        }
        default -> facts.put(parts[0], parts[1]);
      }
    }
    return new Chart(trials, facts, new Coverage(notes), last, complete);
  }

  private static String names(Set<LeakKind> kinds) {
    return kinds.stream().map(LeakKind::name).sorted().collect(Collectors.joining(","));
  }

  private static Set<LeakKind> kinds(String names) {
    Set<LeakKind> kinds = EnumSet.noneOf(LeakKind.class);
    for (String name : names.split(",", -1)) {
      if (!name.isEmpty()) {
        kinds.add(LeakKind.valueOf(name));
      }
    }
    return kinds;
  }
}
