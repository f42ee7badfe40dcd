package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.CallSites;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.LockBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What a library from a jar made and keeps to itself: what the user's code called returns something
 * else, and no field of the user's that is in sight holds it. Used by one thread.
 */
final class LibrarysOwn {

  /** So many of a library's objects may hold it that the user's objects lead to. */
  private static final int MOST_HOLDERS = 4;

  private final Scope scope;
  private final Stops stops = new Stops();
  private final Factories factories = new Factories(stops);

  LibrarysOwn(Scope scope) {
    this.scope = scope;
  }

  /** Whether a queue is a library's own. */
  boolean has(QueueBirth birth) {
    Object queue = birth.get();
    return queue != null && has(birth, queue.getClass(), Queue.class);
  }

  /**
   * Whether an executor is a library's own that never had a thread. It is all the same if it has
   * been collected.
   */
  boolean hasIdle(ExecutorBirth birth) {
    Class<?> type = birth.workerNames().isEmpty() ? type(birth) : null;
    return type != null && has(birth, type, Executor.class);
  }

  /** The class of an executor, which may be gone; null if it cannot be asked. */
  static @Nullable Class<?> type(ExecutorBirth birth) {
    Object executor = birth.get();
    if (executor != null) {
      return executor.getClass();
    }
    String identity = birth.identity();
    return StaticFields.ofApplication(identity.substring(0, identity.lastIndexOf('@')));
  }

  /**
   * Whether a lock is a library's own, and so is all that locks it: no method of the class that
   * made it gives it away.
   */
  boolean has(LockBirth birth) {
    Object lock = birth.get();
    List<StackTraceElement> own = Stacks.own(birth.stack());
    return lock != null
        && !own.isEmpty()
        && StaticFields.classesOf(own.get(0)).stream().noneMatch(type -> gives(type, lock))
        && has(birth, lock.getClass(), Lock.class);
  }

  private boolean gives(Class<?> type, Object lock) {
    return stops.declared(type).stream()
        .filter(method -> !Modifier.isPrivate(method.getModifiers()))
        .map(Method::getReturnType)
        .anyMatch(given -> given.isInstance(lock) || Lock.class.isAssignableFrom(given));
  }

  /** Whether the object that made an executor has a method to stop it, or cannot be asked. */
  boolean isStoppedByMaker(ExecutorBirth birth) {
    List<StackTraceElement> own = Stacks.own(birth.stack());
    Class<?> maker = own.isEmpty() ? null : StaticFields.classOf(own.get(0));
    if (maker == null) {
      return true;
    }
    return own.stream()
        .flatMap(frame -> StaticFields.classesOf(frame).stream())
        .filter(
            type -> maker.isAssignableFrom(type) || Stacks.isIn(maker.getName(), type.getName()))
        .anyMatch(type -> stops.ofObject(type) != null || stops.ofClass(type) != null);
  }

  /** Whether the user's code called a library's method once, and that made both. */
  boolean areOfOneCall(Birth one, Birth other) {
    List<StackTraceElement> call = call(one);
    List<StackTraceElement> same = call(other);
    return call.size() > 1
        && call.size() == same.size()
        && call.get(0).getClassName().equals(same.get(0).getClassName())
        && call.get(0).getMethodName().equals(same.get(0).getMethodName())
        && call.subList(1, call.size()).equals(same.subList(1, same.size()));
  }

  /**
   * The frames from the library's method that the user's code called, on a thread of the user's or
   * on one that this method led to; empty if there is none.
   */
  private List<StackTraceElement> call(Birth birth) {
    List<StackTraceElement> all = new ArrayList<>(Stacks.own(birth.stack()));
    if (birth.first() instanceof Origin.Known first) {
      all.addAll(Stacks.own(first.stack()));
    }
    int user = all.isEmpty() ? 0 : behindLibrarys(all, Program.of(scope, all));
    return user == 0 ? List.of() : all.subList(user - 1, all.size());
  }

  /** The first frame that is not a library's. */
  static int behindLibrarys(List<StackTraceElement> own, Program program) {
    int user = 0;
    while (user < own.size() && isLibrarys(own.get(user), program)) {
      user++;
    }
    return user;
  }

  /**
   * Whether something is a library's own. What was collected no user holds.
   *
   * @param type its class
   * @param sort what a wrapper of it is as well
   */
  private boolean has(Birth birth, Class<?> type, Class<?> sort) {
    Object object = birth.get();
    List<StackTraceElement> own = Stacks.own(birth.stack());
    if (own.isEmpty()) {
      return false;
    }
    Program program = Program.of(scope, own);
    int user = behindLibrarys(own, program);
    return user > 0
        && !(mayGive(own.get(user - 1), type, sort)
            && (user == own.size() || mayTake(own.get(user), own.get(user - 1), type, sort)))
        && (object == null || !isHeldByUsers(object, own.subList(user, own.size()), program));
  }

  private static boolean isLibrarys(StackTraceElement frame, Program program) {
    List<Class<?>> classes = StaticFields.classesOf(frame);
    return !classes.isEmpty() && classes.stream().allMatch(program::isLibrarys);
  }

  /**
   * Whether a library's method may give a thing to whoever calls it.
   *
   * @param thing the thing's class
   * @param sort what a wrapper of the thing is as well
   */
  private boolean mayGive(StackTraceElement frame, Class<?> thing, Class<?> sort) {
    Class<?> type = StaticFields.classOf(frame);
    if (type == null) {
      return true;
    }
    if (frame.getMethodName().equals("<init>")) {
      return isOrWraps(type, thing, sort);
    }
    List<Method> named = factories.named(frame);
    return named.isEmpty()
        || named.stream().anyMatch(method -> isOrWraps(method.getReturnType(), thing, sort));
  }

  /**
   * Whether a user's code may take what a library's method gives for such a thing, or cannot be
   * asked.
   */
  private static boolean mayTake(
      StackTraceElement user, StackTraceElement called, Class<?> thing, Class<?> sort) {
    Class<?> type = StaticFields.classOf(user);
    Set<String> taken =
        type == null ? Set.of() : CallSites.taken(type, user, called.getMethodName());
    return taken.isEmpty()
        || taken.stream()
            .map(StaticFields::ofApplication)
            .anyMatch(result -> result == null || isOrWraps(result, thing, sort));
  }

  /** A generic type of the JDK's, such as {@code Optional}, may hold anything. */
  private static boolean isOrWraps(Class<?> type, Class<?> thing, Class<?> sort) {
    return type.isAssignableFrom(thing)
        || sort.isAssignableFrom(type)
        || (Fields.isJdk(type) && type.getTypeParameters().length > 0);
  }

  private boolean isHeldByUsers(Object object, List<StackTraceElement> callers, Program program) {
    List<Object> instances = new ArrayList<>();
    Set<Class<?>> classes = new LinkedHashSet<>();
    for (Scope around = scope; around != null; around = around.parent()) {
      instances.addAll(around.instances());
      classes.addAll(around.classes());
    }
    for (StackTraceElement caller : callers) {
      StaticFields.classesOf(caller).stream().filter(program::isUsers).forEach(classes::add);
    }
    List<Object> librarys = new ArrayList<>();
    while (librarys.size() <= MOST_HOLDERS) {
      Optional<Holding> held =
          ObjectGraph.reach(instances, classes, librarys).stream()
              .filter(holding -> isOf(holding, object))
              .findFirst();
      if (held.isEmpty()) {
        return false;
      }
      if (held.get().way().isEmpty() || isUsers(held.get(), program)) {
        return true;
      }
      librarys.add(held.get().way().get(0)); // another may hold it as well
    }
    return true;
  }

  private static boolean isOf(Holding holding, Object object) {
    return holding.object() == object
        || (holding.object() instanceof ExecutorService executor
            && WorkerExecutors.unwrap(executor) == object);
  }

  /** A class of the user's may extend a library's, whose fields are the library's all the same. */
  private static boolean isUsers(Holding held, Program program) {
    Object holder = held.way().get(0);
    if (!program.isUsers(Holding.classOf(holder))) {
      return false;
    }
    List<Field> fields =
        holder instanceof Class<?> type
            ? Fields.ofClass(type)
            : Fields.ofInstances(holder.getClass());
    Object owner = holder instanceof Class ? null : holder;
    List<Field> holding =
        fields.stream().filter(field -> Fields.read(field, owner) == held.object()).toList();
    return holding.isEmpty()
        || holding.stream().anyMatch(field -> program.isUsers(field.getDeclaringClass()));
  }
}
