package dev.leakcheck.classify;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.List;

/**
 * One of the JDK's pipes between threads, in which a thread waits: it looks again every second, and
 * an interrupt ends the pause between. To close the end that waits ends nothing.
 */
final class Pipe {

  private static final String PIPES = "java.io.Piped";

  private final List<String> classes;

  private Pipe(List<String> classes) {
    this.classes = classes;
  }

  /** That in which a thread waits; it {@linkplain #isOne is none} if it waits in none. */
  static Pipe of(ThreadRecord thread, Wait wait) {
    return new Pipe(
        wait.kind() != Wait.Kind.IO
            ? List.of()
            : thread.stack().stream()
                .takeWhile(Stacks::isJdk)
                .map(StackTraceElement::getClassName)
                .filter(type -> type.startsWith(PIPES))
                .toList());
  }

  boolean isOne() {
    return !classes.isEmpty();
  }

  /**
   * What ends the wait.
   *
   * @param code the code that waits
   */
  String fix(String code) {
    boolean bytes = classes.stream().anyMatch(type -> type.endsWith("Stream"));
    String writer = bytes ? "PipedOutputStream" : "PipedWriter";
    return classes.contains("java.io." + writer)
        ? "read what "
            + code
            + " writes, or close the "
            + (bytes ? "PipedInputStream" : "PipedReader")
            + " that has it"
        : "close the " + writer + " that gives " + code + " what it reads";
  }
}
