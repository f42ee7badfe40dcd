package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.JdkServices;
import dev.leakcheck.capture.objects.StaticFields;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a static field of a library's holds below objects of libraries: event loops of a group, the
 * pool of a scheduler. Only such objects and arrays are followed, and {@linkplain JdkServices
 * services of the JDK's}, and not every one, as a library may list what its users made. What a
 * service works with is its own. An object is followed that has been there since the field's class
 * was initialised, as final fields lead to it, or that the library was making when the thing was
 * made; or that such an object has set since, if it was at work when the thing was made: what is in
 * final fields of that it was made with. Used by one thread.
 */
final class StaticParts {

  /** Twice as far as a loop is from the field that holds its group. */
  private static final int MOST_STEPS = 6;

  private static final int MOST_OBJECTS = 5_000;

  private final Program program;
  private final Factories factories;

  /** The library's frames, inmost first, up to the method that the user called. */
  private final List<StackTraceElement> making;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Part> open = new ArrayDeque<>();

  /**
   * Something that a static field leads to.
   *
   * @param steps how many fields and elements lead to it
   * @param fixed whether all of these are final fields, so that it came with the class
   * @param ofMade whether it belongs to an object that the library was making
   * @param late whether an object that came with the class and was at work then has set it since,
   *     or made it with that
   * @param oneOfMany whether others may be given such: it is an element of an array that belongs to
   *     no object that the library was making, or something late was made with it
   */
  private record Part(
      Object object, int steps, boolean fixed, boolean ofMade, boolean late, boolean oneOfMany) {}

  StaticParts(Program program, Factories factories, List<StackTraceElement> making) {
    this.program = program;
    this.factories = factories;
    this.making = making;
  }

  /** The static field of a class that leads to an object, or null if none does. */
  @Nullable Field holder(Object object, Class<?> type) {
    for (Field field : Fields.ofClass(type)) {
      seen.clear();
      open.clear();
      boolean fixed = Modifier.isFinal(field.getModifiers());
      Part first = new Part(field, 0, fixed, false, false, false);
      add(StaticFields.content(field, null), first, fixed, false);
      if (leadsTo(object)) {
        return field;
      }
    }
    return null;
  }

  private boolean leadsTo(Object object) {
    Part part;
    while ((part = open.poll()) != null) {
      if (part.object() == object && !(part.oneOfMany() && isGiven(part))) {
        return true;
      }
      expand(part);
    }
    return false;
  }

  private void expand(Part part) {
    Class<?> type = part.object().getClass();
    if (part.object() instanceof Object[] array) {
      for (int i = 0; i < array.length && i < MOST_OBJECTS; i++) {
        add(StaticFields.content(array[i]), part, false, false);
      }
    } else if (JdkServices.sortOf(part.object()) != null) {
      for (Object one : JdkServices.parts(part.object())) {
        add(StaticFields.content(one), part, false, false);
      }
    } else if (!Fields.isJdk(type) && program.isLibrarys(type)) {
      boolean made = isBeingMade(type) && !isGiven(part);
      boolean all = made || part.fixed();
      if (all || (part.late() && !isGiven(part))) {
        expand(part, made, all);
      }
    }
  }

  private void expand(Part part, boolean made, boolean all) {
    Class<?> type = part.object().getClass();
    boolean sets = part.fixed() && isAtWork(type);
    Part holder = new Part(part.object(), part.steps(), part.fixed(), made, part.late(), false);
    for (Field field : Fields.ofInstances(type)) {
      boolean isFinal = Modifier.isFinal(field.getModifiers());
      if (all || isFinal) {
        boolean late = part.late() ? isFinal : sets && !isFinal;
        add(StaticFields.content(field, part.object()), holder, isFinal, late);
      }
    }
  }

  private void add(@Nullable Object value, Part holder, boolean isFinal, boolean late) {
    if (value != null
        && holder.steps() < MOST_STEPS
        && seen.size() < MOST_OBJECTS
        && seen.add(value)) {
      boolean listed = holder.object() instanceof Object[] && !holder.ofMade();
      open.add(
          new Part(
              value,
              holder.steps() + 1,
              holder.fixed() && isFinal,
              holder.ofMade(),
              late,
              listed || (holder.late() && late)));
    }
  }

  /** Whether a method of such an object made the thing, and no user called it. */
  private boolean isAtWork(Class<?> type) {
    return making.stream()
        .limit(making.size() - 1)
        .filter(factories::isOfObject)
        .map(StaticFields::classOf)
        .anyMatch(working -> working != null && working.isAssignableFrom(type));
  }

  /**
   * Whether a constructor of such objects, or a static method that returns one, made the thing, and
   * a user called neither.
   */
  private boolean isBeingMade(Class<?> type) {
    return making.stream()
        .limit(making.size() - 1)
        .anyMatch(frame -> isConstructor(frame, type) || isStaticFactory(frame, type));
  }

  private boolean isStaticFactory(StackTraceElement frame, Class<?> type) {
    List<Method> named = factories.named(frame);
    return Factories.isStatic(named)
        && named.stream()
            .map(Method::getReturnType)
            .anyMatch(given -> program.isLibrarys(given) && given.isAssignableFrom(type));
  }

  private static boolean isConstructor(StackTraceElement frame, Class<?> type) {
    if (!frame.getMethodName().equals("<init>")) {
      return false;
    }
    Class<?> made = StaticFields.classOf(frame);
    return made != null && made.isAssignableFrom(type);
  }

  /**
   * Whether the method that the user called may have made an object for its caller. It may give
   * what a field itself holds, as that is the one for all, unless such objects are linked.
   */
  private boolean isGiven(Part part) {
    Class<?> type = part.object().getClass();
    StackTraceElement called = making.get(making.size() - 1);
    return isConstructor(called, type)
        || ((part.steps() > 1 || isLinked(type))
            && factories.named(called).stream()
                .anyMatch(method -> method.getReturnType().isAssignableFrom(type)));
  }

  private static boolean isLinked(Class<?> type) {
    return Fields.ofInstances(type).stream()
        .anyMatch(
            field -> field.getType() != Object.class && field.getType().isAssignableFrom(type));
  }
}
