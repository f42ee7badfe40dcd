package dev.leakcheck.cli.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leakcheck.agent.Attach;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the threads of another JVM were created, as LeakCheck's agent tells once it was loaded into
 * it. The agent ends when this is closed, or when this process ends. Not thread-safe.
 */
public final class AgentOrigins implements AutoCloseable {

  private static final JsonFactory JSON = new JsonFactory();
  private static final Path PROC = Path.of("/proc");
  private static final String FILE = "births.json";
  private static final int MOST = 3;

  private final Path directory;
  private Map<Threads, List<String>> known = Map.of();

  /** Threads whose names differ in numbers only. */
  private record Threads(boolean virtual, String name) {}

  private AgentOrigins(Path directory) {
    this.directory = directory;
  }

  /**
   * Loads the agent.
   *
   * @param pid process id of the JVM
   * @return what it tells, to be closed
   * @throws BadInput if that JVM refuses
   */
  public static AgentOrigins load(long pid) {
    Path process = PROC.resolve(Long.toString(pid));
    Path directory;
    try {
      directory = Files.createTempDirectory("leakcheck");
      try {
        Files.setOwner(directory, Files.getOwner(process));
      } catch (IOException | UnsupportedOperationException notOurs) {
        // Only root may and need give it away.
      }
    } catch (IOException e) {
      throw new BadInput("no temporary directory can be made: " + e.getMessage(), e);
    }
    AgentOrigins origins = new AgentOrigins(directory);
    try {
      Attach.reportBirths(pid, directory.resolve(FILE));
    } catch (Attach.RefusedException e) {
      origins.close();
      throw new BadInput(Printable.escape(String.valueOf(e.getMessage())), e);
    }
    return origins;
  }

  /** Reads what the agent told last; what can't be read is not news. */
  public void refresh() {
    try (InputStream in = Files.newInputStream(directory.resolve(FILE));
        JsonParser json = JSON.createParser(in)) {
      known = read(json);
    } catch (IOException notYet) {
      // It is written every other second; what was known stays known.
    }
  }

  /** A list of objects, those of most threads first. */
  private static Map<Threads, List<String>> read(JsonParser json) throws IOException {
    Map<Threads, List<String>> read = new HashMap<>();
    if (json.nextToken() != JsonToken.START_ARRAY) {
      return read;
    }
    while (json.nextToken() == JsonToken.START_OBJECT) {
      boolean virtual = false;
      String name = "";
      List<String> created = new ArrayList<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals("virtual")) {
          virtual = value == JsonToken.VALUE_TRUE;
        } else if (field.equals("name")) {
          name = json.getText();
        } else if (field.equals("created") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            created.add(json.getText());
          }
        } else {
          json.skipChildren();
        }
      }
      List<String> places =
          read.computeIfAbsent(new Threads(virtual, name), n -> new ArrayList<>());
      if (!created.isEmpty() && places.size() < MOST) {
        places.add(created.get(0));
      }
    }
    return read;
  }

  /**
   * Where threads with the names of a group were created, since the agent was loaded.
   *
   * @param group the group
   * @return a line for each place, most threads first; empty if that is not known
   */
  public List<String> of(Cohort group) {
    return known.getOrDefault(new Threads(group.virtual(), group.name()), List.of());
  }

  @Override
  public void close() {
    for (String name : List.of(FILE, FILE + ".part")) {
      delete(directory.resolve(name));
    }
    delete(directory);
  }

  /** What the agent writes just now keeps the directory; the system clears it away. */
  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException stillWritten) {
      path.toFile().deleteOnExit();
    }
  }
}
