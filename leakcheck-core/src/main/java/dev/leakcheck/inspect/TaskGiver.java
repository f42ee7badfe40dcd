package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.Constructions;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.tier.Program;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Who gave a task to an executor, where the task does not refer to an object that tells: a lambda
 * that captures nothing, or an object that was made for it. An executor may be a timer here, which
 * its thread stands for. It is somebody else's if that one is an object which fields of others lead
 * to, or static fields of its own class do, and which leads to the executor itself: a fixture that
 * keeps house in its pool.
 *
 * <p>With an agent the giver is known: of the user's frames that made the task the innermost whose
 * code the task runs, or which makes such objects, or, if there is none, the innermost. Without one
 * it has to be the class in which the code stands, or one that makes such objects. Used by one
 * thread.
 */
final class TaskGiver {

  private final Check check;
  private final Program program;

  /** Names of the test's classes. */
  private final Set<String> tests;

  TaskGiver(Check check, Program program, Set<String> tests) {
    this.check = check;
    this.program = program;
    this.tests = tests;
  }

  /**
   * Who else gave it.
   *
   * @param code the user's code in the task, which is not that of the test's own class
   * @param origin where the task was made
   * @return the objects that did, as far as it was objects; null if the test did
   */
  @Nullable List<Object> holders(Object code, Object executor, Origin origin) {
    List<Object> all = ObjectGraph.values(List.of(code), List.of());
    all.add(code);
    all.removeIf(part -> Fields.isJdk(part.getClass()));
    if (all.stream().anyMatch(part -> tests.contains(StaticFields.source(part.getClass())))
        || ObjectGraph.leadsTo(check.scope().instances(), List.of(), List.of(), all)) {
      return null;
    }
    List<StackTraceElement> frames = users(origin);
    List<Object> holders = new ArrayList<>();
    for (Object part : all) {
      if (part == code || isCalled(part)) {
        List<Object> ofPart =
            frames.isEmpty()
                ? holdersByCode(part.getClass(), executor)
                : holders(giver(part.getClass(), frames), executor);
        if (ofPart == null) {
          return null;
        }
        holders.addAll(ofPart);
      }
    }
    return holders;
  }

  /** The same of code of which only the class is known; true as well if that does not tell. */
  boolean isOthers(Class<?> code, Object executor, Origin origin) {
    List<StackTraceElement> frames = users(origin);
    return frames.isEmpty() || holders(giver(code, frames), executor) != null;
  }

  private static boolean isCalled(Object part) {
    return part instanceof Runnable || part instanceof Callable || part.getClass().isHidden();
  }

  /** The user's frames that made a task, innermost first; empty if that is not known. */
  private List<StackTraceElement> users(Origin origin) {
    List<StackTraceElement> frames = new ArrayList<>();
    if (origin instanceof Origin.Known known) {
      for (StackTraceElement frame : Stacks.own(known.stack())) {
        Class<?> type = StaticFields.classOf(frame);
        if (type == null || program.isUsers(type)) {
          frames.add(frame);
        }
      }
    }
    return frames;
  }

  /** The name of the class whose frame gave the code. */
  private String giver(Class<?> code, List<StackTraceElement> frames) {
    String source = StaticFields.source(code);
    for (StackTraceElement frame : frames) {
      String type = frame.getClassName();
      if (!tests.contains(type) && (Stacks.isIn(source, type) || Stacks.isIn(type, source))) {
        return type;
      }
    }
    for (StackTraceElement frame : frames) {
      Class<?> type = StaticFields.classOf(frame);
      if (type != null && Constructions.inMethod(type, frame.getMethodName(), code)) {
        return frame.getClassName();
      }
    }
    return frames.get(0).getClassName();
  }

  /** Somebody else's objects of a class that have the executor; none if the class itself has it. */
  private @Nullable List<Object> holders(String giver, Object executor) {
    if (tests.contains(giver)) {
      return null;
    }
    List<Object> holders = new ArrayList<>(check.ofOthers(each -> isOf(each, giver)));
    holders.removeIf(holder -> !leadsTo(List.of(holder), List.of(), executor));
    Class<?> type = StaticFields.ofApplication(giver);
    return holders.isEmpty() && (type == null || !leadsTo(List.of(), List.of(type), executor))
        ? null
        : holders;
  }

  /** Whether objects of a class have code, as their own, an inherited or a nested one. */
  private boolean isOf(Class<?> type, String code) {
    return declaring(type).stream().anyMatch(each -> Stacks.isIn(code, each.getName()));
  }

  /** A class and those that it extends, but for the JDK's and the test's. */
  private List<Class<?>> declaring(Class<?> type) {
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      if (!tests.contains(each.getName())) {
        all.add(each);
      }
    }
    return all;
  }

  private static boolean leadsTo(List<Object> instances, List<Class<?>> statics, Object executor) {
    return ObjectGraph.reach(instances, statics).stream()
        .anyMatch(held -> TaskOwner.isSame(held.object(), executor));
  }

  /**
   * The same where it is not known who gave it: by the class that has the code or makes it. In what
   * an older object has just made for itself nobody but the test's own class is said to have left
   * anything.
   */
  private @Nullable List<Object> holdersByCode(Class<?> code, Object executor) {
    List<Object> holders = holders(StaticFields.source(code), executor);
    if (holders != null) {
      return holders;
    }
    holders = new ArrayList<>(code.isHidden() ? List.of() : check.ofOthers(program::isUsers));
    holders.removeIf(
        holder ->
            !holds(holder, executor)
                || declaring(holder.getClass()).stream()
                    .noneMatch(type -> Constructions.inClass(type, code)));
    return holders.isEmpty() && !check.isLeftAlone(executor) ? null : holders;
  }

  private static boolean holds(Object holder, Object executor) {
    return ObjectGraph.values(List.of(holder), List.of()).stream()
        .anyMatch(value -> TaskOwner.isSame(value, executor));
  }
}
