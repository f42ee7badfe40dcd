package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.Program;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose business a task is that a test had put into an executor which is older. Code of the test's
 * own class is the test's. An object's may be that of a fixture, which lives on with what it has
 * scheduled: if fields of others lead to it, or if it works with an executor of its own. Code that
 * refers to no object is that of {@linkplain TaskGiver whoever gave it}. An executor may be a timer
 * here, which its thread stands for. Used by one thread.
 */
final class TaskOwner {

  private static final String LAMBDA = "$$Lambda";

  private final Check check;
  private final Program program;
  private final Set<String> tests = new HashSet<>();
  private final List<Holding> direct = new ArrayList<>();
  private final TaskGiver giver;

  TaskOwner(Check check) {
    this.check = check;
    this.program = Program.of(check.scope());
    for (Scope scope = check.scope(); scope != null; scope = scope.parent()) {
      scope.classes().forEach(type -> addTest(type.getName()));
      for (Object instance : scope.instances()) {
        for (Class<?> type = instance.getClass(); type != null; type = type.getSuperclass()) {
          addTest(type.getName());
        }
      }
      direct.addAll(ObjectGraph.direct(scope.instances(), scope.classes()));
    }
    this.giver = new TaskGiver(check, program, tests);
  }

  /** With the classes around it; what else is nested in these may be a fixture. */
  private void addTest(String type) {
    tests.add(type);
    for (int nested = type.lastIndexOf('$');
        nested > 0;
        nested = type.lastIndexOf('$', nested - 1)) {
      tests.add(type.substring(0, nested));
    }
  }

  /** The user's code in a task, or null if it is the JDK's or a library's own affair. */
  @Nullable Object code(Object task) {
    return TaskProbe.code(task, program::isUsers);
  }

  /** The field that holds an executor, if an owner of the scopes itself does. */
  @Nullable String heldBy(Object executor) {
    if (executor instanceof Thread) {
      return isHeld(executor) ? path(executor) : null;
    }
    for (Holding held : direct) {
      if (isSame(held.object(), executor)) {
        return held.holder().path();
      }
    }
    return null;
  }

  private boolean isHeld(Object timer) {
    for (Scope scope = check.scope(); scope != null; scope = scope.parent()) {
      if (ObjectGraph.values(scope.instances(), scope.classes()).stream()
          .anyMatch(value -> isSame(value, timer))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable String path(Object timer) {
    for (Scope scope = check.scope(); scope != null; scope = scope.parent()) {
      for (Holding held : ObjectGraph.reach(scope.instances(), scope.classes())) {
        if (held.object() == timer) {
          return held.holder().path();
        }
      }
    }
    return null;
  }

  /** Whether something that a field holds is an executor, or the timer whose thread is meant. */
  static boolean isSame(@Nullable Object object, Object executor) {
    return object == executor
        || (object instanceof ExecutorService other && WorkerExecutors.unwrap(other) == executor)
        || (object instanceof Timer timer && HiddenTimers.thread(timer) == executor);
  }

  /**
   * Who else than the scope answers for code that an executor is to run.
   *
   * @param origin where the task was made
   * @return the objects that do, as far as it is objects; null if the scope answers
   */
  @Nullable List<Object> others(Object code, Object executor, Origin origin) {
    if (tests.contains(StaticFields.source(code.getClass()))) {
      return null;
    }
    List<Object> owners = owners(code);
    if (check.isOfOthers(owners)
        || owners.stream().anyMatch(TaskOwner::isSingleton)
        || (heldBy(executor) == null && isOwn(executor, code, owners))) {
      return owners;
    }
    return giver.holders(code, executor, origin);
  }

  /** The object whose code it is, or the objects that a lambda works for. */
  private static List<Object> owners(Object code) {
    List<Object> owners = new ArrayList<>();
    if (!code.getClass().isHidden()) {
      owners.add(code);
    }
    for (Object value : ObjectGraph.values(List.of(code), List.of())) {
      if (!Fields.isJdk(value.getClass())) {
        owners.add(value);
      }
    }
    return owners;
  }

  private static boolean isSingleton(Object owner) {
    return isHeldByStatic(owner, owner.getClass());
  }

  private static boolean isHeldByStatic(Object object, Class<?> type) {
    return StaticFields.classesOf(type).stream()
        .anyMatch(
            holder ->
                StaticFields.holder(object, holder) != null
                    || (object instanceof Thread
                        && ObjectGraph.values(List.of(), List.of(holder)).stream()
                            .anyMatch(value -> isSame(value, object))));
  }

  /** Whether the executor is that of an owner, which was not given it, or of the code's class. */
  private boolean isOwn(Object executor, Object code, List<Object> owners) {
    if (isHeldByStatic(executor, code.getClass())) {
      return true;
    }
    List<Object> having = new ArrayList<>(owners);
    having.removeIf(
        owner ->
            ObjectGraph.values(List.of(owner), List.of()).stream()
                .noneMatch(value -> isSame(value, executor)));
    return !having.isEmpty()
        && (having.stream().anyMatch(owner -> isMadeBy(owner, executor))
            || !isGiven(executor, having));
  }

  private boolean isMadeBy(Object owner, Object executor) {
    List<StackTraceElement> made =
        check.born().birth(executor).map(birth -> Stacks.own(birth.stack())).orElse(List.of());
    for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
      String code = type.getName();
      if (!Fields.isJdk(type)
          && made.stream().anyMatch(frame -> Stacks.isIn(frame.getClassName(), code))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether somebody else has the executor who does not have its owners: the objects around this
   * scope, or a class that keeps it for everybody, while these are in fields of the scope's.
   */
  private boolean isGiven(Object executor, List<Object> owners) {
    if (check.isOfOthers(List.of(executor))) {
      return true;
    }
    Scope scope = check.scope();
    Class<?> keeper =
        ObjectGraph.leadsTo(scope.instances(), scope.classes(), List.of(), owners)
            ? check.keeper(executor)
            : null;
    return keeper != null
        && !ObjectGraph.leadsTo(List.of(), List.of(keeper), scope.instances(), owners);
  }

  // Of a task that has dropped its code

  /**
   * The user's code that a thread runs as a task.
   *
   * @param type the class in whose source it stands
   * @param isLambda whether it is a lambda there
   */
  record Running(Class<?> type, boolean isLambda) {

    /** As the JVM would call the class of the code, without a number. */
    String name() {
      return type.getName() + (isLambda ? LAMBDA : "");
    }
  }

  /**
   * What a thread runs as a task, or null if that is not the user's or not known. A library's task
   * is the user's as soon as it is stuck in the user's code: what comes of a callback that is just
   * being called is the library's business.
   */
  @Nullable Running running(Thread runner) {
    for (ThreadRecord thread : LiveThreads.describe(List.of(runner))) {
      boolean begun = false;
      for (StackTraceElement frame : task(thread)) {
        if (!Stacks.isJdk(frame) && !frame.getClassName().contains(LAMBDA)) {
          Class<?> type = StaticFields.classOf(frame);
          if (type != null && program.isUsers(type)) {
            return begun && (!thread.waitsForEver() || runsTests(thread))
                ? null
                : new Running(type, frame.getMethodName().startsWith("lambda$"));
          }
          begun = true;
        }
      }
    }
    return null;
  }

  /** What runs whole tests runs the code of others. */
  private static boolean runsTests(ThreadRecord thread) {
    return thread.stack().stream().anyMatch(Stacks::isTestRunner);
  }

  /** The frames of the task that a thread runs, outermost first; empty if it is not seen in one. */
  private static List<StackTraceElement> task(ThreadRecord thread) {
    List<StackTraceElement> frames = new ArrayList<>(thread.stack());
    Collections.reverse(frames);
    int begin = begin(frames, frame -> isTask(frame.getClassName()));
    if (begin < 0) {
      begin = begin(frames, TaskOwner::isWorkersLoop);
    }
    return begin < 0 ? List.of() : frames.subList(begin + 1, frames.size());
  }

  private static int begin(List<StackTraceElement> frames, Predicate<StackTraceElement> wanted) {
    for (int i = 0; i < frames.size(); i++) {
      if (wanted.test(frames.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isWorkersLoop(StackTraceElement frame) {
    return frame.getClassName().equals(ThreadPoolExecutor.class.getName())
        && frame.getMethodName().equals("runWorker");
  }

  private static boolean isTask(String type) {
    return type.equals(FutureTask.class.getName())
        || type.startsWith(CompletableFuture.class.getName() + "$");
  }

  /** Whether somebody else may answer for code of which only the class is known. */
  boolean isOfOthers(Class<?> code, Object executor, Origin origin) {
    return !tests.contains(StaticFields.source(code))
        && ((heldBy(executor) == null && isHeldByStatic(executor, code))
            || StaticFields.hasInstance(code)
            || !check.ofOthers(code::isAssignableFrom).isEmpty()
            || giver.isOthers(code, executor, origin));
  }
}
