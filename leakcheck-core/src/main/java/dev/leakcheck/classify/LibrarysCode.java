package dev.leakcheck.classify;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What to do about threads that run a library's code alone, where nobody saw who started them. */
public final class LibrarysCode {

  /** Of more it is not told which are meant. */
  private static final int MOST_CALLS = 3;

  private LibrarysCode() {}

  /**
   * What to do about them.
   *
   * @param threads threads that run no code of the user's
   * @return null if the first runs none of a library's either, as far as its stack tells
   */
  static @Nullable String fix(List<ThreadRecord> threads, Evidence.Code code) {
    List<StackTraceElement> own = Stacks.own(threads.get(0).stack());
    return own.isEmpty()
        ? null
        : "close or stop what "
            + (threads.size() == 1 ? "it works for: its" : "they work for: their")
            + " code is a library's ("
            + CauseWriter.simple(own.get(own.size() - 1).getClassName())
            + ")"
            + known(calls(threads, code));
  }

  /**
   * The same where it is not known whose code they run.
   *
   * @param threads threads that run any code
   * @param code what is known of code
   * @return null unless all of it is that of a library of which the tests' code names something
   */
  public static @Nullable String fixIfKnown(List<ThreadRecord> threads, Evidence.Code code) {
    Set<String> known =
        code.stops().keySet().stream().map(Stacks::home).collect(Collectors.toSet());
    return !threads.isEmpty()
            && threads.stream()
                .map(thread -> Stacks.own(thread.stack()))
                .allMatch(
                    own ->
                        !own.isEmpty()
                            && own.stream()
                                .map(frame -> Stacks.home(frame.getClassName()))
                                .allMatch(known::contains))
            && !known(calls(threads, code)).isEmpty()
        ? fix(threads, code)
        : null;
  }

  private static String known(Set<String> calls) {
    return calls.isEmpty() || calls.size() > MOST_CALLS
        ? ""
        : "; what the test's code names of that library ends by " + String.join(" or ", calls);
  }

  /** Those of the tests' code that stop something of the library. */
  private static Set<String> calls(List<ThreadRecord> threads, Evidence.Code code) {
    Set<String> homes =
        threads.stream()
            .flatMap(thread -> Stacks.own(thread.stack()).stream())
            .map(frame -> Stacks.home(frame.getClassName()))
            .collect(Collectors.toSet());
    return code.stops().entrySet().stream()
        .filter(stop -> homes.contains(Stacks.home(stop.getKey())))
        .map(LibrarysCode::call)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String call(Map.Entry<String, String> stop) {
    return CauseWriter.simple(stop.getKey()) + "." + stop.getValue() + "()";
  }
}
