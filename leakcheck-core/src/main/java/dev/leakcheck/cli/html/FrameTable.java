package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.leakcheck.model.Stacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stack frames of the page, each once, known by their number. Not thread-safe. */
final class FrameTable {

  private static final int MAX_DEPTH = 200;
  private static final int MAX_STACKS = 50;

  private record Frame(String text, boolean own) {}

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final List<Frame> frames = new ArrayList<>();

  /**
   * Writes equal stacks once, with how many there are, the most frequent ones first, as {@code
   * [[count, frame, frame…]…]}; innermost frame first.
   */
  void writeStacks(String name, List<List<StackTraceElement>> stacks, JsonGenerator json)
      throws IOException {
    Map<List<Integer>, Integer> counts = new LinkedHashMap<>();
    for (List<StackTraceElement> stack : stacks) {
      List<Integer> numbered =
          stack.stream()
              .filter(frame -> !isHidden(frame))
              .limit(MAX_DEPTH)
              .map(this::number)
              .toList();
      if (!numbered.isEmpty()) {
        counts.merge(numbered, 1, Integer::sum);
      }
    }
    List<Map.Entry<List<Integer>, Integer>> byCount = new ArrayList<>(counts.entrySet());
    byCount.sort(Map.Entry.<List<Integer>, Integer>comparingByValue().reversed());
    if (byCount.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (Map.Entry<List<Integer>, Integer> stack :
        byCount.subList(0, Math.min(MAX_STACKS, byCount.size()))) {
      json.writeStartArray();
      json.writeNumber(stack.getValue());
      for (int frame : stack.getKey()) {
        json.writeNumber(frame);
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** The class that the JVM makes for a lambda has another name in each JVM, and tells nothing. */
  private static boolean isHidden(StackTraceElement frame) {
    return frame.getClassName().contains("$$Lambda");
  }

  private int number(StackTraceElement frame) {
    return numbers.computeIfAbsent(
        Text.line(Stacks.text(frame)),
        text -> {
          frames.add(new Frame(text, Stacks.isOwn(frame)));
          return frames.size() - 1;
        });
  }

  /** Writes the table: the frames as text, and which of them are the user's or a library's. */
  void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("frames");
    for (Frame frame : frames) {
      json.writeString(frame.text());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("own");
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).own()) {
        json.writeNumber(i);
      }
    }
    json.writeEndArray();
  }
}
