package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds, in a stack that is gone through from within, methods into which code was woven that gives
 * the call to a library, which calls the same method once more by reflection: so do spies that
 * change a class in place of extending it. What lies between the two is nobody's to read. Where
 * code of the program itself lies there, it is a method that calls itself. Used by one thread.
 */
final class WovenCode {

  private static final List<String> REFLECTION =
      List.of("java.lang.reflect.", "java.lang.invoke.", "jdk.internal.reflect.");

  private final List<StackTraceElement> own;

  /** Which of them were called by reflection. */
  private final List<Integer> reflected = new ArrayList<>();

  /**
   * Of one stack.
   *
   * @param own the user's and libraries' frames so far
   */
  WovenCode(List<StackTraceElement> own) {
    this.own = own;
  }

  /** A frame of the JDK's. */
  void passes(StackTraceElement frame) {
    int last = own.size() - 1;
    if (last >= 0
        && (reflected.isEmpty() || reflected.get(reflected.size() - 1) != last)
        && REFLECTION.stream().anyMatch(frame.getClassName()::startsWith)) {
      reflected.add(last);
    }
  }

  /** Whether the next frame is of a method that was woven; what lies between is left out then. */
  boolean takes(StackTraceElement frame) {
    reflected.removeIf(index -> index >= own.size()); // left out meanwhile
    for (int i = reflected.size() - 1; i >= 0; i--) {
      int called = reflected.get(i);
      if (isOf(own.get(called), frame)) {
        List<StackTraceElement> between = own.subList(called + 1, own.size());
        String home = Stacks.home(frame.getClassName());
        if (between.isEmpty()
            || between.stream().anyMatch(it -> Stacks.home(it.getClassName()).equals(home))) {
          return false;
        }
        between.clear();
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(StackTraceElement one, StackTraceElement other) {
    return one.getClassName().equals(other.getClassName())
        && one.getMethodName().equals(other.getMethodName());
  }
}
