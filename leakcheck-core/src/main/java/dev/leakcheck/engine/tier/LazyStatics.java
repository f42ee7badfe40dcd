package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownOrigin;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lives as long as a class, though no class initialiser made it: a static field holds it.
 * There are two such:
 *
 * <ul>
 *   <li>What a library makes for itself on first use. Its own code made it, and a static field of a
 *       class that took part holds it, or {@linkplain StaticParts has it in an object of a
 *       library's}; not in a collection: there may be what the library's users made.
 *   <li>What takes the place of an executor that a class initialiser made, which was shut down.
 * </ul>
 *
 * <p>Used by one thread.
 */
final class LazyStatics {

  private final Births births;
  private final Set<String> fieldsForAll;
  private final Scope scope;
  private final Factories factories = new Factories(new Stops());

  LazyStatics(Births births, Set<String> fieldsForAll, Scope scope) {
    this.births = births;
    this.fieldsForAll = fieldsForAll;
    this.scope = scope;
  }

  /** The static field that keeps something for everybody, or null if it is somebody's own. */
  @Nullable Field holder(Birth birth) {
    Object object = birth.get();
    List<StackTraceElement> own = Stacks.own(birth.stack());
    if (object == null || own.isEmpty()) {
      return null;
    }
    Field field = ofLibrary(object, own);
    return field == null && birth instanceof ExecutorBirth executor
        ? ofReplaced(executor, object, own)
        : field;
  }

  // What a library makes on first use

  private @Nullable Field ofLibrary(Object object, List<StackTraceElement> own) {
    Program program = Program.of(scope, own);
    Set<Class<?>> took = new LinkedHashSet<>();
    List<StackTraceElement> making = new ArrayList<>();
    for (StackTraceElement frame : own) {
      List<Class<?>> classes = StaticFields.classesOf(frame);
      if (classes.isEmpty() || !classes.stream().allMatch(program::isLibrarys)) {
        break;
      }
      making.add(frame);
      took.addAll(classes);
    }
    for (Class<?> type : took) {
      Field field = StaticFields.holder(object, type);
      if (field != null) {
        return field;
      }
    }
    StaticParts parts = new StaticParts(program, factories, making);
    return took.stream()
        .map(type -> parts.holder(object, type))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The library whose own code made something, as its packages begin, or null. */
  @Nullable String library(Birth birth) {
    List<StackTraceElement> own = Stacks.own(birth.stack());
    if (own.isEmpty()) {
      return null;
    }
    List<Class<?>> classes = StaticFields.classesOf(own.get(0));
    return !classes.isEmpty() && classes.stream().allMatch(Program.of(scope, own)::isLibrarys)
        ? Stacks.home(classes.get(0).getName())
        : null;
  }

  // What replaces what a class initialiser made

  private @Nullable Field ofReplaced(
      ExecutorBirth birth, Object executor, List<StackTraceElement> own) {
    Set<Class<?>> classes = new LinkedHashSet<>();
    own.forEach(frame -> classes.addAll(StaticFields.classesOf(frame)));
    for (Class<?> type : classes) {
      if (!scope.watchesStatics(type.getName()) && !scope.isInStaticsWatcher(type.getName())) {
        Field field = StaticFields.holder(executor, type);
        if (field != null && isInPlaceOfAnother(birth, type, field)) {
          fieldsForAll.add(name(field));
          return field;
        }
      }
    }
    return null;
  }

  /**
   * Whether the field held such an executor when it was last seen. If nobody looked, the class's
   * fields must hold no more executors than its initialiser made, of which one was shut down.
   * Either way no other that the class made may be open without a field.
   */
  private boolean isInPlaceOfAnother(ExecutorBirth birth, Class<?> type, Field field) {
    BirthScope all = outermost(scope);
    if (all == null) {
      return false;
    }
    Set<Object> held = StaticFields.executors(type);
    int first = 0;
    boolean stopped = false;
    for (ExecutorBirth other : births.in(all, ExecutorBirth.class, ExecutorBirth::isJdks)) {
      boolean initial = isOf(type, KnownOrigin.classInitializer(other.stack()));
      if (other != birth && (initial || isOf(type, Stacks.firstOwnFrame(other.stack())))) {
        Object executor = other.executor();
        if (other.isOpen() && (executor == null || !held.contains(executor))) {
          return false;
        }
        first += initial ? 1 : 0;
        stopped |= initial && !other.isOpen();
      }
    }
    return fieldsForAll.contains(name(field)) || (stopped && held.size() <= first);
  }

  /** Something was made by a class initialiser: the field that holds it is for everybody. */
  void made(Birth birth, StackTraceElement initializer) {
    if (birth instanceof ExecutorBirth executor && executor.executor() != null) {
      for (Class<?> type : StaticFields.classesOf(initializer)) {
        Field field = StaticFields.holder(executor.executor(), type);
        if (field != null) {
          fieldsForAll.add(name(field));
        }
      }
    }
  }

  /** What tells a field from every other. */
  static String name(Field field) {
    return field.getDeclaringClass().getName() + "." + field.getName();
  }

  private static boolean isOf(Class<?> type, Optional<StackTraceElement> frame) {
    return frame.filter(made -> made.getClassName().equals(type.getName())).isPresent();
  }

  /** What was recorded for all scopes around one, or null if nothing was. */
  static @Nullable BirthScope outermost(Scope scope) {
    BirthScope outermost = null;
    for (Scope around = scope; around != null; around = around.parent()) {
      outermost = around.births() == null ? outermost : around.births();
    }
    return outermost;
  }
}
