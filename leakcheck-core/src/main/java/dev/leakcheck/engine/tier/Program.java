package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.List;

/**
 * What is the program's, and what a library's: that comes in a jar, and has neither the jar nor the
 * first two package names of a class that certainly is the program's. Immutable.
 *
 * @param own classes that certainly are the program's
 */
public record Program(List<Class<?>> own) {

  /** Copies the list. */
  public Program {
    own = List.copyOf(own);
  }

  /**
   * That of a scope: the classes that it and those around it watch, or else what called everything.
   *
   * @param stack what ran in the scope, the user's and libraries' frames
   */
  public static Program of(Scope scope, List<StackTraceElement> stack) {
    List<Class<?>> own = new ArrayList<>();
    for (Scope around = scope; around != null; around = around.parent()) {
      own.addAll(around.classes());
    }
    if (own.isEmpty() && !stack.isEmpty()) {
      own.addAll(StaticFields.classesOf(stack.get(stack.size() - 1)));
    }
    return new Program(own);
  }

  /** The same, where it is the current thread that runs in the scope. */
  public static Program of(Scope scope) {
    return of(scope, Stacks.own(List.of(new Throwable().getStackTrace())));
  }

  /** Whether a class is a library's. */
  public boolean isLibrarys(Class<?> type) {
    return isElsewhere(type)
        && own.stream()
            .noneMatch(known -> Stacks.home(known.getName()).equals(Stacks.home(type.getName())));
  }

  /** Whether a class comes in a jar that has none of the program's, whatever its name. */
  boolean isElsewhere(Class<?> type) {
    String origin = StaticFields.origin(type);
    return origin.endsWith(".jar")
        && own.stream().noneMatch(known -> origin.equals(StaticFields.origin(known)));
  }

  /** Whether a class is neither the JDK's nor a library's. */
  public boolean isUsers(Class<?> type) {
    return !Fields.isJdk(type) && !isLibrarys(type);
  }
}
