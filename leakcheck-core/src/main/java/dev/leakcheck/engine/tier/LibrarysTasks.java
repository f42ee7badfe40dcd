package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.CallSites;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Loaders;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.failures.Failure;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.Owner;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.lang.ref.WeakReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that a library from a jar gave to a pool for itself, and that failed in code of libraries:
 * neither what ran nor the future was the user's. Used by one thread.
 */
final class LibrarysTasks {

  private final Scope scope;
  private final Stops stops = new Stops();
  private final Factories factories = new Factories(stops);

  LibrarysTasks(Scope scope) {
    this.scope = scope;
  }

  /** The class of such a task that failed; null if it is none, or not all is known of it. */
  @Nullable Class<?> code(Failure failure) {
    List<Class<?>> code = classes(failure);
    return !code.isEmpty() && isAlone(failure, code) ? code.get(0) : null;
  }

  private boolean isAlone(Failure failure, List<Class<?>> code) {
    Owner owner = failure.owner();
    if (failure.assertion()
        || !failure.hasAllFrames()
        || owner == null
        || !(owner.origin() instanceof Origin.Known made)) {
      return false;
    }
    List<StackTraceElement> own = Stacks.own(made.stack());
    Program program = Program.of(scope, own);
    int user = LibrarysOwn.behindLibrarys(own, program);
    return user > 0
        && code.stream().allMatch(type -> isLibrarys(type, program))
        && failure.thrown().stream().allMatch(thrown -> isLibrarys(thrown, program))
        && (user == own.size()
            || (!takes(own.get(user - 1), code) && !gives(own.subList(0, user), made.stack())));
  }

  /** Empty if any is not known. */
  private static List<Class<?>> classes(Failure failure) {
    List<Class<?>> code = new ArrayList<>();
    failure.code().stream().map(WeakReference::get).filter(Objects::nonNull).forEach(code::add);
    return code.size() == failure.code().size() ? code : List.of();
  }

  private static boolean isLibrarys(Class<?> type, Program program) {
    return type.getClassLoader() == Loaders.ofApplications() && program.isLibrarys(type);
  }

  private static boolean isLibrarys(Failure.Thrown thrown, Program program) {
    Class<?> type = StaticFields.ofApplication(thrown.type());
    return type != null
        && (Fields.isJdk(type) || isLibrarys(type, program))
        && thrown.stack().stream()
            .allMatch(frame -> Stacks.isJdk(frame) || isLibrarys(frame, program));
  }

  private static boolean isLibrarys(StackTraceElement frame, Program program) {
    return LibrarysOwn.behindLibrarys(List.of(frame), program) == 1;
  }

  // What the user's code gives and gets

  /** Whether the user's code may have given the task, or what it wraps. */
  private boolean takes(StackTraceElement called, List<Class<?>> code) {
    List<? extends Executable> named = named(called);
    return named.isEmpty()
        || named.stream()
            .flatMap(method -> List.of(method.getParameterTypes()).stream())
            .anyMatch(
                taken -> taken != Object.class && code.stream().anyMatch(taken::isAssignableFrom));
  }

  private List<? extends Executable> named(StackTraceElement frame) {
    Class<?> type = StaticFields.classOf(frame);
    if (type == null || !frame.getMethodName().equals("<init>")) {
      return factories.named(frame);
    }
    try {
      return List.of(type.getDeclaredConstructors());
    } catch (SecurityException | LinkageError unresolved) {
      return List.of();
    }
  }

  /** Whether each method may give the future to its caller, and none of these drops it. */
  private boolean gives(List<StackTraceElement> librarys, List<StackTraceElement> stack) {
    int inmost = stack.indexOf(librarys.get(0));
    String called = inmost > 0 ? stack.get(inmost - 1).getMethodName() : "";
    for (StackTraceElement frame : librarys) {
      List<Method> named = factories.named(frame);
      Class<?> type = StaticFields.classOf(frame);
      if (frame.getMethodName().equals("<init>")
          || (!named.isEmpty() && named.stream().noneMatch(LibrarysTasks::mayGive))
          || (type != null && CallSites.isDropped(type, frame, called))) {
        return false;
      }
      called = frame.getMethodName();
    }
    return true;
  }

  private static boolean mayGive(Method method) {
    Class<?> given = method.getReturnType();
    return given.isAssignableFrom(FutureTask.class)
        || Future.class.isAssignableFrom(given)
        || CompletionStage.class.isAssignableFrom(given);
  }
}
