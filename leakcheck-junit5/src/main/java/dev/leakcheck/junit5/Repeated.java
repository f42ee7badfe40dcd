package dev.leakcheck.junit5;

import dev.leakcheck.GrowthOptions;
import dev.leakcheck.model.Findings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs one test method again and again on the same instance. JUnit's own invocation, with all other
 * interceptors around it, can be made once and is the first; the others call the method itself.
 * Used by one thread.
 */
final class Repeated {

  private static final int WARM_UP = 2;

  private final Invocation<Void> invocation;
  private final ReflectiveInvocationContext<Method> method;
  private final int repetitions;
  private final Session session;
  private int call;
  private @Nullable Throwable thrown;

  /** Says in which call a test failed; it is attached to what the test threw. */
  private static final class InCall extends Exception {
    private static final long serialVersionUID = 1;

    InCall(String message) {
      super(message, null, false, false);
    }
  }

  Repeated(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      int repetitions,
      Session session) {
    this.invocation = invocation;
    this.method = method;
    this.repetitions = repetitions;
    this.session = session;
  }

  void run(ExtensionContext context) throws Throwable {
    try {
      measure(context);
    } catch (Error failure) {
      if (failure == thrown) {
        throw failure;
      }
      Guard.run(
          session,
          () -> {
            throw failure;
          });
      if (call == 0) {
        call();
      }
    }
  }

  private void measure(ExtensionContext context) throws Throwable {
    MethodCheck check = MethodCheck.find(context);
    if (check == null || !check.mayRepeat()) { // registered twice: the other one repeats
      call();
      return;
    }
    GrowthOptions options = GrowthOptions.of(repetitions).warmUp(WARM_UP);
    Object instance = method.getTarget().orElse(null);
    if (instance != null) {
      options = options.watch(instance);
    }
    Findings findings;
    try {
      findings = check.scope().growth(options, check.span()::isOverlapped, this::call);
    } catch (Throwable failure) {
      if (call > 1) {
        failure.addSuppressed(
            new InCall(
                "in call "
                    + call
                    + " of "
                    + (WARM_UP + repetitions)
                    + ", of which "
                    + WARM_UP
                    + " warm up"));
      }
      throw failure;
    }
    Verdict verdict = new Verdict(context, session, check.scope());
    check.used(findings);
    verdict.mentionUnjudged(findings);
    verdict.pass(findings);
  }

  private void call() throws Throwable {
    try {
      callMethod();
    } catch (Throwable failure) {
      thrown = failure;
      throw failure;
    }
  }

  private void callMethod() throws Throwable {
    call++;
    if (call == 1) {
      invocation.proceed();
      return;
    }
    Method executable = method.getExecutable();
    executable.setAccessible(true);
    try {
      executable.invoke(method.getTarget().orElse(null), method.getArguments().toArray());
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
