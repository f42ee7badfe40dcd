package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds whose code made a thing: not a factory's, which gives it away, nor one deep in a library,
 * which the user never called. Asks the classes of a creation's frames, initialises none, and takes
 * what it cannot ask for the user's where the name says so. Used by one thread.
 */
public final class MakerFinder {

  /** The best first. */
  private static final List<String> STOPS =
      List.of(
          "close",
          "shutdown",
          "stop",
          "shutdownNow",
          "dispose",
          "destroy",
          "terminate",
          "shutdownGracefully");

  private final Scope scope;
  private final Map<String, List<Method>> methods = new HashMap<>();

  /** Most of many things are made at one place. */
  private final Map<List<StackTraceElement>, Maker> makers = new HashMap<>();

  private @Nullable Program program;

  /** For what was made in a scope. */
  public MakerFinder(Scope scope) {
    this.scope = scope;
  }

  /**
   * The same origin, with who made the thing.
   *
   * @param origin any origin
   */
  public Origin find(Origin origin) {
    if (!(origin instanceof Origin.Known known)) {
      return origin;
    }
    List<StackTraceElement> own = Stacks.own(known.stack());
    return own.isEmpty()
        ? origin
        : new Origin.Known(
            known.stack(),
            known.thread(),
            known.scope(),
            known.shared(),
            makers.computeIfAbsent(own, this::maker));
  }

  private Maker maker(List<StackTraceElement> own) {
    int made = behindFactories(own, 0);
    int user = made;
    while (user < own.size() && isLibrarys(own.get(user), own)) {
      user++;
    }
    if (user == own.size()) {
      StackTraceElement frame = own.get(made);
      return new Maker(frame, null, stop(frame), true);
    }
    if (user > made) {
      StackTraceElement frame = own.get(user - 1);
      return new Maker(frame, own.get(behindFactories(own, user)), stop(frame), true);
    }
    Maker maker = usersMaker(own, made);
    if (maker.stop() == null && maker.caller() != null) {
      Maker around = usersMaker(own, own.indexOf(maker.caller()));
      return around.stop() == null || around.caller() == null ? maker : around;
    }
    return maker;
  }

  private Maker usersMaker(List<StackTraceElement> own, int index) {
    StackTraceElement frame = own.get(index);
    int caller = index + 1;
    while (caller < own.size()
        && Stacks.isIn(own.get(caller).getClassName(), frame.getClassName())) {
      caller++;
    }
    return new Maker(
        frame,
        caller == own.size() ? null : own.get(behindFactories(own, caller)),
        isTests(frame) ? null : stop(frame),
        false);
  }

  /** What has a test framework call its methods needs nobody else to. */
  private boolean isTests(StackTraceElement frame) {
    for (Scope around = scope; around != null; around = around.parent()) {
      if (around.classes().stream().anyMatch(test -> test.getName().equals(frame.getClassName()))) {
        return true;
      }
    }
    return false;
  }

  private boolean isLibrarys(StackTraceElement frame, List<StackTraceElement> own) {
    List<Class<?>> classes = StaticFields.classesOf(frame);
    Program ofUser = program == null ? Program.of(scope) : program;
    program = ofUser;
    return classes.isEmpty()
        ? !Stacks.home(frame.getClassName())
            .equals(Stacks.home(own.get(own.size() - 1).getClassName()))
        : classes.stream().allMatch(ofUser::isLibrarys);
  }

  /** The first frame from an index on that is no static factory. */
  private int behindFactories(List<StackTraceElement> own, int from) {
    int index = from;
    while (index < own.size() - 1 && isFactory(own.get(index))) {
      index++;
    }
    return index;
  }

  /** A static method that returns what has to be stopped leaves that to whoever called it. */
  private boolean isFactory(StackTraceElement frame) {
    List<Method> named =
        methods(frame).stream()
            .filter(method -> method.getName().equals(frame.getMethodName()))
            .toList();
    return !named.isEmpty()
        && named.stream().allMatch(method -> Modifier.isStatic(method.getModifiers()))
        && named.stream().anyMatch(method -> !method.isSynthetic() && givesAway(method));
  }

  private static boolean givesAway(Method method) {
    Class<?> given = method.getReturnType();
    return AutoCloseable.class.isAssignableFrom(given)
        || Executor.class.isAssignableFrom(given)
        || Thread.class.isAssignableFrom(given)
        || Timer.class.isAssignableFrom(given)
        || BlockingQueue.class.isAssignableFrom(given)
        || (!Fields.isJdk(given) && !given.isPrimitive() && hasStop(given));
  }

  private static boolean hasStop(Class<?> type) {
    return stops(type, stop -> !Modifier.isStatic(stop.getModifiers())) != null;
  }

  private @Nullable String stop(StackTraceElement frame) {
    Class<?> type = StaticFields.classesOf(frame).stream().findFirst().orElse(null);
    if (type == null) {
      return null;
    }
    Set<Boolean> ofFrame = new HashSet<>();
    for (Method method : methods(frame)) {
      if (method.getName().equals(frame.getMethodName())) {
        ofFrame.add(Modifier.isStatic(method.getModifiers()) && !method.isSynthetic());
      }
    }
    boolean statics = ofFrame.equals(Set.of(true));
    return stops(
        type, stop -> Modifier.isStatic(stop.getModifiers()) == statics || gives(frame, type));
  }

  /** A static factory of its own class gives objects of that. */
  private boolean gives(StackTraceElement frame, Class<?> type) {
    return methods(frame).stream()
        .anyMatch(
            method ->
                method.getName().equals(frame.getMethodName())
                    && type.isAssignableFrom(method.getReturnType()));
  }

  private static @Nullable String stops(Class<?> type, Predicate<Method> wanted) {
    Set<String> found = new HashSet<>();
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      for (Method method : declared(each)) {
        if (method.getParameterCount() == 0 && wanted.test(method)) {
          found.add(method.getName());
        }
      }
    }
    return STOPS.stream().filter(found::contains).findFirst().orElse(null);
  }

  private List<Method> methods(StackTraceElement frame) {
    return methods.computeIfAbsent(
        frame.getClassName(),
        name ->
            StaticFields.classesOf(frame).stream()
                .filter(type -> type.getName().equals(name))
                .findFirst()
                .map(MakerFinder::declared)
                .orElse(List.of()));
  }

  private static List<Method> declared(Class<?> type) {
    try {
      return List.of(type.getDeclaredMethods());
    } catch (SecurityException | LinkageError unresolved) {
      return List.of(); // which its methods are is not told
    }
  }
}
