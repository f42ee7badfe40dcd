package dev.leakcheck.capture.dump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.leakcheck.capture.threads.DumpVisitor;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the JSON of {@code HotSpotDiagnosticMXBean.dumpThreads} as a stream. Fields that are
 * missing or unknown are passed over, numbers may be numbers or strings: releases differ. Not
 * thread-safe.
 */
public final class JsonDumpReader {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxDocumentLength(-1).maxNestingDepth(64).build())
          // The usual pool keeps a buffer in a thread-local of whoever reads.
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .build();

  private final StackParser stacks = new StackParser();
  private final DumpVisitor visitor;
  private final Set<Long> untold = new HashSet<>();

  /**
   * A reader.
   *
   * @param visitor receives what is read
   */
  public JsonDumpReader(DumpVisitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Reads a whole dump.
   *
   * @param in UTF-8, UTF-16 or UTF-32; it is closed
   * @throws MalformedDumpException if it is not a thread dump, or was cut short
   * @throws IOException if it can't be read
   */
  public void read(InputStream in) throws IOException {
    try {
      readDocument(in);
    } catch (JsonProcessingException e) {
      throw new MalformedDumpException(e.getOriginalMessage());
    }
  }

  /**
   * The threads that were visited of which neither the dump (JDK 21 to 24) nor a stack tells
   * whether they are virtual: what has not begun has none.
   *
   * @return their ids
   */
  Set<Long> untold() {
    return Set.copyOf(untold);
  }

  private void readDocument(InputStream in) throws IOException {
    boolean found = false;
    try (JsonParser json = JSON.createParser(in)) {
      JsonDumpValues.require(json.nextToken() == JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("threadDump")) {
          found = readDump(json);
        } else {
          json.skipChildren();
        }
      }
      JsonDumpValues.require(json.currentToken() == JsonToken.END_OBJECT);
    }
    JsonDumpValues.require(found);
  }

  private boolean readDump(JsonParser json) throws IOException {
    boolean found = false;
    JsonDumpValues.require(json.currentToken() == JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("threadContainers") && value == JsonToken.START_ARRAY) {
        found = true;
        while (json.nextToken() == JsonToken.START_OBJECT) {
          readContainer(json);
        }
        JsonDumpValues.require(json.currentToken() == JsonToken.END_ARRAY);
      } else {
        if (value != null && value.isScalarValue()) {
          visitor.about(field, json.getText());
        }
        json.skipChildren();
      }
    }
    JsonDumpValues.require(json.currentToken() == JsonToken.END_OBJECT);
    return found;
  }

  private void readContainer(JsonParser json) throws IOException {
    String name = "";
    Long owner = null;
    boolean announced = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      if (field.equals("container")) {
        name = json.getText();
      } else if (field.equals("owner")) {
        owner = JsonDumpValues.number(json);
      } else if (field.equals("threads") && value == JsonToken.START_ARRAY) {
        visitor.container(name, owner);
        announced = true;
        while (json.nextToken() == JsonToken.START_OBJECT) {
          readThread(json, name);
        }
        JsonDumpValues.require(json.currentToken() == JsonToken.END_ARRAY);
      } else {
        json.skipChildren();
      }
    }
    if (!announced) {
      visitor.container(name, owner);
    }
  }

  private void readThread(JsonParser json, String container) throws IOException {
    long id = -1;
    boolean wanted = true;
    String name = "";
    Boolean virtual = null;
    Thread.State state = null;
    Blocker blocker = null;
    List<String> lines = List.of();
    List<ThreadDump.Monitor> monitors = List.of();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "tid" -> {
          Long number = JsonDumpValues.number(json);
          if (number == null) {
            throw new MalformedDumpException("a thread without an id");
          }
          id = number;
          wanted = visitor.wants(id);
          visitor.member(id, container);
        }
        case "name" -> name = wanted ? json.getText() : "";
        case "virtual" -> virtual = value == JsonToken.VALUE_TRUE || json.getText().equals("true");
        case "state" -> state = JsonDumpValues.state(json.getText());
        case "parkBlocker", "blockedOn", "waitingOn" -> {
          Blocker read = JsonDumpValues.blocker(json, value);
          blocker = read == null ? blocker : read;
        }
        case "carrier" -> {
          Long carrier = JsonDumpValues.number(json);
          if (carrier != null) {
            visitor.carries(carrier, id);
          }
        }
        case "stack" -> {
          if (wanted && value == JsonToken.START_ARRAY) {
            lines = JsonDumpValues.lines(json);
          } else {
            json.skipChildren();
          }
        }
        case "monitorsOwned" -> {
          if (wanted && value == JsonToken.START_ARRAY) {
            monitors = JsonDumpValues.monitors(json);
          } else {
            json.skipChildren();
          }
        }
        default -> json.skipChildren();
      }
    }
    JsonDumpValues.require(json.currentToken() == JsonToken.END_OBJECT);
    if (wanted && id >= 0) {
      List<StackTraceElement> stack = stacks.stack(lines);
      if (virtual == null && stack.isEmpty()) {
        untold.add(id);
      }
      boolean isVirtual = virtual != null ? virtual : VirtualStacks.isVirtual(stack);
      visitor.thread(
          new ThreadRecord(
              id,
              name,
              isVirtual,
              true,
              state != null ? state : VirtualStacks.state(stack),
              isVirtual ? "java.lang.VirtualThread" : ThreadRecord.PLAIN_TYPE,
              "",
              stack,
              blocker,
              container.equals(ThreadDump.ROOT) ? null : container));
      for (ThreadDump.Monitor monitor : monitors) {
        // In Object.wait() the monitor is among those owned, though it was given up.
        if (blocker == null || !monitor.lock().isSameAs(blocker)) {
          visitor.owns(id, monitor.lock(), monitor.depth());
        }
      }
    }
  }
}
