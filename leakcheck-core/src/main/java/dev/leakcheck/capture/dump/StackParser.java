package dev.leakcheck.capture.dump;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads stack frames as {@link StackTraceElement#toString()} writes them. Equal stacks are given
 * out as one list, so that 100,000 threads at the same place share it. Not thread-safe.
 */
public final class StackParser {

  private static final int MAX_CACHED = 50_000;
  private static final int MAX_CACHED_DEPTH = 2_000_000;

  private final Map<String, StackTraceElement> frames = new HashMap<>();
  private final Map<List<StackTraceElement>, List<StackTraceElement>> stacks = new HashMap<>();
  private int depth;

  /** A parser that has seen no stack. */
  public StackParser() {}

  /**
   * Reads a stack.
   *
   * @param lines a line for each frame
   * @return the frames
   */
  public List<StackTraceElement> stack(List<String> lines) {
    List<StackTraceElement> stack = new ArrayList<>(lines.size());
    for (String line : lines) {
      stack.add(frame(line));
    }
    List<StackTraceElement> known = stacks.get(stack);
    if (known != null) {
      return known;
    }
    List<StackTraceElement> copy = List.copyOf(stack);
    if (stacks.size() < MAX_CACHED && depth < MAX_CACHED_DEPTH) {
      depth += copy.size();
      stacks.put(copy, copy);
    }
    return copy;
  }

  private StackTraceElement frame(String line) {
    StackTraceElement known = frames.get(line);
    if (known == null) {
      known = parse(line);
      if (frames.size() < MAX_CACHED) {
        frames.put(line, known);
      }
    }
    return known;
  }

  /**
   * {@code [loader/][module[@version]/]class.method(source)}, or as the JVM itself writes it, with
   * the module before the source: {@code class.method(module@version/source)}. Anything else
   * becomes a method name.
   */
  static StackTraceElement parse(String line) {
    int open = line.lastIndexOf('(');
    int close = line.lastIndexOf(')');
    int dot = open < 0 ? -1 : line.lastIndexOf('.', open);
    if (dot <= 0 || close < open) {
      return new StackTraceElement("", line, null, -1);
    }
    String path = line.substring(0, dot);
    String module = null;
    String version = null;
    String loader = null;
    // Class names of hidden classes hold a slash too: org.Foo$$Lambda/0x01.
    int last = path.lastIndexOf('/');
    int slash = path.startsWith("0x", last + 1) ? path.lastIndexOf('/', last - 1) : last;
    String className = path.substring(slash + 1);
    if (slash > 0) {
      String[] prefix = path.substring(0, slash).split("/", 2);
      String moduleAndVersion = prefix[prefix.length - 1];
      if (prefix.length == 2) {
        loader = prefix[0];
      }
      int at = moduleAndVersion.indexOf('@');
      module = at < 0 ? moduleAndVersion : moduleAndVersion.substring(0, at);
      version = at < 0 ? null : moduleAndVersion.substring(at + 1);
    }
    String source = line.substring(open + 1, close);
    int inSource = source.lastIndexOf('/');
    if (inSource > 0) {
      int at = source.lastIndexOf('@', inSource);
      module = source.substring(0, at < 0 ? inSource : at);
      version = at < 0 ? null : source.substring(at + 1, inSource);
      source = source.substring(inSource + 1);
    }
    return withSource(loader, module, version, className, line.substring(dot + 1, open), source);
  }

  private static StackTraceElement withSource(
      @Nullable String loader,
      @Nullable String module,
      @Nullable String version,
      String className,
      String method,
      String source) {
    String file = null;
    int number = -1;
    if (source.equals("Native Method")) {
      number = -2;
    } else if (!source.equals("Unknown Source")) {
      int colon = source.lastIndexOf(':');
      file = colon < 0 ? source : source.substring(0, colon);
      number = colon < 0 ? -1 : number(source, colon + 1);
    }
    if (module != null && module.isEmpty()) {
      module = null;
    }
    return new StackTraceElement(loader, module, version, className, method, file, number);
  }

  private static int number(String text, int from) {
    try {
      return Integer.parseInt(text, from, text.length(), 10);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
