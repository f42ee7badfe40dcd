package dev.leakcheck.inspect;

import dev.leakcheck.capture.objects.GrpcRegistry;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownOrigin;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds gRPC channels and servers that were made in a scope and not shut down. Their threads do not
 * tell: all share them. Who made them is not told where scopes overlap: then the scope around them
 * answers.
 */
final class UnclosedGrpcInspector implements Inspector {

  /** The numbers of what was open. */
  private record Opened(Set<Long> ids) {}

  @Override
  public String kind() {
    return LeakKind.UNCLOSED_EXECUTOR.id();
  }

  @Override
  public Object opening(Opening opening) {
    return new Opened(GrpcRegistry.ids());
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return opened instanceof Opened before && !GrpcRegistry.since(before.ids).isEmpty();
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before)
        || check.isFieldsOnly()
        || check.scope().options().isUnattributed()
        || check.born().isOverlapped()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (GrpcRegistry.Open open : GrpcRegistry.since(before.ids)) {
      List<StackTraceElement> stack = GrpcRegistry.madeAt(open);
      if (!isMadeForAClass(check.scope(), stack) && !check.isOfOthers(List.of(open.object()))) {
        symptoms.add(
            new UnclosedGrpc(
                open.id(),
                open.object().getClass().getName(),
                open.server(),
                GrpcRegistry.isShutDown(open),
                stack.isEmpty()
                    ? Origin.Unknown.NOT_RECORDED
                    : check.madeBy(new Origin.Known(stack, "", "", false))));
      }
    }
    return symptoms;
  }

  /** One that lives as long as a class that the scope does not answer for, or a test runner's. */
  private static boolean isMadeForAClass(Scope scope, List<StackTraceElement> stack) {
    Optional<StackTraceElement> initializer = KnownOrigin.classInitializer(stack);
    return KnownOrigin.match(stack).isPresent()
        && initializer.filter(frame -> scope.watchesStatics(frame.getClassName())).isEmpty();
  }
}
