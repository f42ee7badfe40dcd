package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.MadeBy;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * New threads and executors that a thread made which is older than the scope, or which was left to
 * the scopes around it, as a server's is that accepts connections: unless what that thread did then
 * was the test's, which the frames tell. Only an agent sees who makes what. Used by one thread.
 */
final class MadeByOlder {

  private final Suspicion check;
  private final FixtureThreads fixtures;

  /** The classes that were asked about, by name, and those of them that older objects are of. */
  private final Set<String> asked = new HashSet<>();

  private final Set<String> older = new HashSet<>();

  MadeByOlder(Suspicion check, FixtureThreads fixtures) {
    this.check = check;
    this.fixtures = fixtures;
  }

  /** Adds them to the things of older objects, of which there may be some already. */
  void addTo(Set<Object> theirs) {
    // The outermost scope is the last to answer for anything.
    if (check.scope().parent() == null || check.isFieldsOnly()) {
      return;
    }
    List<Birth> open = births();
    List<Birth> left = new ArrayList<>();
    theirs.forEach(thread -> check.born().birth(thread).ifPresent(left::add));
    for (boolean more = true; more; ) {
      more = false;
      List<Birth> byOlder = open.stream().filter(birth -> isByOlder(birth, left)).toList();
      askWhoseCode(byOlder);
      for (Birth birth : byOlder) {
        if (!mayBeTests(birth)) {
          open.remove(birth);
          left.add(birth);
          add(birth.get(), theirs);
          mention(birth);
          more = true;
        }
      }
    }
  }

  /** But for the outermost scope, which does not ask, no scope around a class's answers for it. */
  private void mention(Birth birth) {
    Scope around = check.scope().parent();
    Object made = birth.get();
    if (around != null && around.parent() == null && made != null) {
      fixtures.mention(
          OthersThings.what(made)
              + " made by an older thread"
              + Stacks.own(birth.stack()).stream()
                  .findFirst()
                  .map(frame -> " at " + Stacks.text(frame))
                  .orElse(""));
    }
  }

  /** All at once, as objects are walked through for an answer. */
  private void askWhoseCode(List<Birth> births) {
    Set<String> classes = new HashSet<>();
    for (Birth birth : births) {
      stacks(birth)
          .forEach(stack -> Stacks.own(stack).forEach(frame -> classes.add(frame.getClassName())));
    }
    classes.removeAll(asked);
    if (!classes.isEmpty()) {
      asked.addAll(classes);
      older.addAll(fixtures.older(classes));
    }
  }

  private static void add(@Nullable Object made, Set<Object> theirs) {
    if (made instanceof ExecutorService executor) {
      theirs.add(WorkerExecutors.unwrap(executor));
    }
    if (made != null) {
      theirs.add(made);
    }
  }

  private List<Birth> births() {
    List<Birth> births = new ArrayList<>();
    for (ExecutorBirth executor : check.newcomers().executors()) {
      if (executor.isOpen() && check.isOurs(executor.identity())) {
        births.add(executor);
      }
    }
    for (Thread thread : check.newcomers().mayHold()) {
      if (check.isOurs(LiveThreads.id(thread)) && check.born().executorOf(thread).isEmpty()) {
        check.born().birth(thread).ifPresent(births::add);
      }
    }
    return births;
  }

  private boolean isByOlder(Birth birth, List<Birth> left) {
    return check.born().isMadeByOlder(birth) || left.stream().anyMatch(birth::isMadeIn);
  }

  /** What the thread did then, and what the older one did that began the chain, if it is one. */
  private static List<List<StackTraceElement>> stacks(Birth birth) {
    List<List<StackTraceElement>> stacks = new ArrayList<>();
    stacks.add(birth.stack());
    if (birth.first() instanceof Origin.Known first) {
      stacks.add(first.stack());
    }
    return stacks;
  }

  /** Whether what the thread did then was the test's, or may have been. */
  private boolean mayBeTests(Birth birth) {
    return stacks(birth).stream().anyMatch(this::mayBeTests);
  }

  private boolean mayBeTests(List<StackTraceElement> stack) {
    List<StackTraceElement> own = Stacks.own(stack);
    return own.isEmpty()
        || own.stream().anyMatch(this::isTests)
        || !(isThreads(stack) || isOfObjects(own.get(own.size() - 1)));
  }

  /** Whether a thread ran what it was made for, and nothing that it was given later. */
  private static boolean isThreads(List<StackTraceElement> stack) {
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (!stack.get(i).getClassName().equals("java.lang.Thread")) {
        return i < stack.size() - 1 && !Stacks.isJdk(stack.get(i));
      }
    }
    return false;
  }

  private boolean isOlder(StackTraceElement frame) {
    return older.contains(frame.getClassName());
  }

  private boolean isTests(StackTraceElement frame) {
    if (isOlder(frame)) {
      return false;
    }
    Class<?> type = StaticFields.classOf(frame);
    return fixtures.isTests(frame.getClassName()) || (type != null && fixtures.isMadeByTest(type));
  }

  /** Any pool may run a static method, whoever gave it that. */
  private boolean isOfObjects(StackTraceElement outermost) {
    Class<?> type = StaticFields.classOf(outermost);
    return isOlder(outermost) || (type != null && MadeBy.isOfObjects(type, outermost));
  }
}
