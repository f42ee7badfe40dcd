package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.CallSites;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells methods that leave what they make to whoever calls them. Used by one thread. */
final class Factories {

  /** What a line takes for the results of methods that give none. */
  private static final Set<String> NOTHING = Set.of(void.class.descriptorString());

  private final Stops stops;

  Factories(Stops stops) {
    this.stops = stops;
  }

  /**
   * Whether a method returns what has to be stopped and keeps it in no field: it is its caller's
   * then. Of an object that has a method of its own to stop things, it is that object's, unless the
   * code has nothing to do with the object: that cannot have it to stop.
   *
   * @param caller who called it, which tells what a generic method gives
   * @param librarys whether it is a library's: then it may give an object of the library's own that
   *     has what was made
   */
  boolean isFactory(StackTraceElement frame, StackTraceElement caller, boolean librarys) {
    Class<?> type = StaticFields.classOf(frame);
    List<Method> named = called(frame, caller);
    if (type == null || named.isEmpty()) {
      return false;
    }
    if (isStatic(named)) {
      return named.stream().anyMatch(this::givesAway) && !keeps(type, frame, given(named));
    }
    if (stops.ofObject(type) != null && CallSites.usesItself(type, frame)) {
      return false;
    }
    List<Class<?>> given =
        Stream.concat(
                given(named).stream(),
                named.stream()
                    .filter(method -> method.getReturnType() == Object.class)
                    .flatMap(method -> Stream.ofNullable(taken(frame, caller)))
                    .filter(this::isToBeStopped))
            .filter(gift -> !librarys || isOfJdksSorts(gift))
            .toList();
    return !given.isEmpty() && !keeps(type, frame, given);
  }

  /**
   * The user's code that a library's factory gave to, where that hands it on by factories of the
   * user's own.
   *
   * @param made the index of the frame behind all these factories
   * @return 0 if all of them are the user's
   */
  static int givenTo(
      List<StackTraceElement> own, int made, Predicate<StackTraceElement> isLibrarys) {
    int user = made;
    while (user > 0 && !isLibrarys.test(own.get(user - 1))) {
      user--;
    }
    return user;
  }

  private List<Class<?>> given(List<Method> named) {
    return named.stream().filter(this::givesAway).<Class<?>>map(Method::getReturnType).toList();
  }

  /** Whether a method writes to a field of its own class that is there for what it gives. */
  private static boolean keeps(Class<?> type, StackTraceElement frame, List<Class<?>> given) {
    return CallSites.written(type, frame).stream()
        .map(StaticFields::ofApplication)
        .anyMatch(
            field ->
                field != null
                    && field != Object.class
                    && given.stream()
                        .anyMatch(
                            gift -> field.isAssignableFrom(gift) || gift.isAssignableFrom(field)));
  }

  /** What the caller takes the result for, where the method does not say: a generic one. */
  static @Nullable Class<?> taken(StackTraceElement frame, @Nullable StackTraceElement caller) {
    if (caller == null) {
      return null;
    }
    Class<?> type = StaticFields.classOf(caller);
    String result =
        type == null
            ? null
            : CallSites.result(type, caller, frame.getClassName(), frame.getMethodName());
    return result == null ? null : StaticFields.ofApplication(result);
  }

  /** The methods that a frame may be of. */
  List<Method> named(StackTraceElement frame) {
    Class<?> type = StaticFields.classOf(frame);
    return type == null
        ? List.of()
        : stops.declared(type).stream()
            .filter(method -> method.getName().equals(frame.getMethodName()))
            .toList();
  }

  /** Those of them that give nothing, where the caller's line calls none that gives something. */
  List<Method> called(StackTraceElement frame, @Nullable StackTraceElement caller) {
    Class<?> type = caller == null ? null : StaticFields.classOf(caller);
    boolean givesNothing =
        type != null
            && caller != null
            && CallSites.taken(type, caller, frame.getMethodName()).equals(NOTHING);
    return givesNothing
        ? named(frame).stream().filter(method -> method.getReturnType() == void.class).toList()
        : named(frame);
  }

  static boolean isStatic(List<Method> named) {
    return !named.isEmpty()
        && named.stream().allMatch(method -> Modifier.isStatic(method.getModifiers()));
  }

  /** Whether a frame's method returns what has to be stopped and is of none of the JDK's sorts. */
  boolean givesObject(StackTraceElement frame) {
    return named(frame).stream()
        .anyMatch(method -> givesAway(method) && !isOfJdksSorts(method.getReturnType()));
  }

  /** Whether a frame is of a method that works for an object which was there. */
  boolean isOfObject(StackTraceElement frame) {
    List<Method> named = named(frame);
    return !named.isEmpty() && !isStatic(named);
  }

  /** Whether a method returns what has to be stopped. */
  boolean givesAway(Method method) {
    return !method.isSynthetic() && isToBeStopped(method.getReturnType());
  }

  private boolean isToBeStopped(Class<?> given) {
    return AutoCloseable.class.isAssignableFrom(given)
        || isOfJdksSorts(given)
        || (!Fields.isJdk(given) && !given.isPrimitive() && stops.ofObject(given) != null);
  }

  private static boolean isOfJdksSorts(Class<?> given) {
    return Executor.class.isAssignableFrom(given)
        || Thread.class.isAssignableFrom(given)
        || Timer.class.isAssignableFrom(given)
        || BlockingQueue.class.isAssignableFrom(given);
  }

  /** Nothing is made by its own constructor: where it was called is what counts. */
  static List<StackTraceElement> withoutOwnConstructors(
      @Nullable Object object, List<StackTraceElement> own) {
    int made = 0;
    while (object != null && made < own.size() && isConstructorOf(object, own.get(made))) {
      made++;
    }
    return made == own.size() ? own : own.subList(made, own.size());
  }

  private static boolean isConstructorOf(Object object, StackTraceElement frame) {
    Class<?> type = frame.getMethodName().equals("<init>") ? StaticFields.classOf(frame) : null;
    return type != null && type.isInstance(object);
  }
}
