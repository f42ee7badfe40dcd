package dev.leakcheck.classify;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What ran while a thread was made, as far as the thread's id tells.
 *
 * @param tests the tests that ran, by name
 * @param classes the classes of which no test is known to have run then, though they did
 */
public record MadeWhile(List<String> tests, List<String> classes) {

  private static final int SHOWN = 3;

  /** Copies the lists. */
  public MadeWhile {
    tests = List.copyOf(tests);
    classes = List.copyOf(classes);
  }

  /** The class of all that ran, if that is one. */
  Optional<String> testClass() {
    Set<String> all = all().stream().map(Names::testClass).collect(Collectors.toSet());
    return all.size() == 1 ? all.stream().findFirst() : Optional.empty();
  }

  /** Such as {@code OrderServiceTest.placesOrder() ran}. */
  public String words() {
    String ran = list(all()) + " ran";
    return tests.isEmpty()
        ? ran + ", outside " + (classes.size() == 1 ? "its" : "their") + " tests"
        : ran;
  }

  private List<String> all() {
    return Stream.concat(tests.stream(), classes.stream()).toList();
  }

  private static String list(List<String> names) {
    int shown = names.size() > SHOWN ? SHOWN : names.size() - 1;
    String first = String.join(", ", names.subList(0, shown));
    String rest = names.size() > SHOWN ? names.size() - SHOWN + " more" : names.get(shown);
    return first.isEmpty() ? rest : first + " and " + rest;
  }
}
