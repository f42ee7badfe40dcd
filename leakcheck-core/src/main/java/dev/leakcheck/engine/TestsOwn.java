package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Constructions;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Stacks;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/**
 * Whether an object that some code called a method of came in this scope, as far as can be told. Of
 * a thread or an executor it is known. Of any other the code tells: it did if one of the callers
 * makes objects of its class, or the test class does before each test, unless a fixture holds that
 * very object. Used by one thread.
 */
final class TestsOwn {

  private final Suspicion check;

  TestsOwn(Suspicion check) {
    this.check = check;
  }

  /**
   * Whether it came in this scope.
   *
   * @param object not the JDK's
   * @param callers the user's and libraries' frames from which its method was called, inmost first
   */
  boolean has(Object object, List<StackTraceElement> callers) {
    if (object instanceof Thread thread) {
      return check.newcomers().isNewPlatform(LiveThreads.id(thread));
    }
    if (object instanceof ExecutorService executor) {
      return check.newcomers().mayBeNew(executor);
    }
    return isMadeBy(callers, object.getClass()) && !isFixture(object, callers);
  }

  /** Whether one of the callers makes such objects, or the test class does before each test. */
  boolean isMadeBy(List<StackTraceElement> callers, Class<?> type) {
    for (StackTraceElement caller : callers) {
      Class<?> code = StaticFields.classOf(caller);
      if (code != null && Constructions.inMethod(code, caller.getMethodName(), type)) {
        return true;
      }
    }
    for (Scope around = check.scope(); around != null; around = around.parent()) {
      for (Class<?> watched : around.classes()) {
        if (callers.stream().anyMatch(frame -> isIn(frame, watched))
            && isMadeBeforeEach(watched, type)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether code is in the source of a test class, lambdas and all.
   *
   * @param code the name of the class that has the code
   */
  boolean isTestClass(String code) {
    for (Scope around = check.scope(); around != null; around = around.parent()) {
      if (Stream.concat(
              around.classes().stream(), around.instances().stream().map(Object::getClass))
          .anyMatch(test -> StaticFields.isCodeOf(code, test))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isIn(StackTraceElement frame, Class<?> watched) {
    return Stacks.isIn(frame.getClassName(), watched.getName());
  }

  private static boolean isMadeBeforeEach(Class<?> watched, Class<?> type) {
    for (Class<?> code = watched;
        code != null && !Fields.isJdk(code);
        code = code.getSuperclass()) {
      if (Constructions.beforeEach(code, type)) {
        return true;
      }
    }
    return false;
  }

  /** What a static field of the callers holds, or one of the scopes around this one. */
  private boolean isFixture(Object object, List<StackTraceElement> callers) {
    for (StackTraceElement caller : callers) {
      for (Class<?> code : StaticFields.classesOf(caller)) {
        for (Class<?> type = code;
            type != null && !Fields.isJdk(type);
            type = type.getSuperclass()) {
          if (StaticFields.holder(object, type) != null) {
            return true;
          }
        }
      }
    }
    for (Scope around = check.scope().parent(); around != null; around = around.parent()) {
      for (Object value : ObjectGraph.values(around.instances(), around.classes())) {
        if (value == object) {
          return true;
        }
      }
    }
    return false;
  }
}
