package dev.leakcheck.engine;

import dev.leakcheck.capture.base.ClassMentions;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of libraries the code of tests names and could stop. */
final class KnownStops {

  private KnownStops() {}

  /**
   * That of a scope's tests, for which class files are read.
   *
   * @param librarys threads that run a library's code alone
   * @param symptoms what else was found, which may be about such threads
   * @return none where nobody asks, as there are no such threads
   */
  static Map<String, String> ifAsked(Scope scope, Set<Long> librarys, List<Symptom> symptoms) {
    return librarys.isEmpty() && symptoms.isEmpty() ? Map.of() : of(Program.of(scope, List.of()));
  }

  /**
   * That of a program.
   *
   * @param program whose certain classes are the tests
   * @return the methods that stop objects of classes, by the names of these
   */
  static Map<String, String> of(Program program) {
    Map<String, String> known = new HashMap<>();
    Stops stops = new Stops();
    for (Class<?> test : program.own()) {
      ClassMentions mentions = ClassMentions.of(test.getName());
      if (mentions != null) {
        for (String name : mentions.classes()) {
          Class<?> type = StaticFields.ofApplication(name);
          if (type != null && !Fields.isJdk(type) && program.isLibrarys(type)) {
            String stop = stops.ofObject(type, test);
            if (stop != null) {
              known.putIfAbsent(name, stop);
            }
          }
        }
      }
    }
    return known;
  }
}
