package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.ClosedPackage;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Coverage;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says which packages the user's modules keep closed to LeakCheck, so that what is in fields there
 * is not seen. Each package is said once in a check that passes, for the report, and once in one
 * that fails, for who reads the message. Thread-safe.
 */
final class UnreadFields {

  private final Set<ClosedPackage> told = ConcurrentHashMap.newKeySet();
  private final Set<ClosedPackage> toldInFailures = ConcurrentHashMap.newKeySet();

  /** Of a check that took no closer look. */
  Coverage of(Scope scope) {
    List<Object> instances = scope.instances();
    List<Class<?>> classes = scope.classes();
    return coverage(ClosedPackage.of(instances, classes), told);
  }

  /** Of a check that looked at what the scope's objects lead to. */
  Coverage afterLook(Scope scope, boolean fails) {
    List<Object> instances = scope.instances();
    List<Class<?>> classes = scope.classes();
    Set<ClosedPackage> packages = ClosedPackage.of(instances, classes);
    packages.addAll(ClosedPackage.reached(instances, classes));
    return coverage(packages, fails ? toldInFailures : told);
  }

  private static Coverage coverage(
      Collection<ClosedPackage> packages, Set<ClosedPackage> toldBefore) {
    Coverage coverage = Coverage.FULL;
    for (ClosedPackage closed : packages) {
      if (toldBefore.add(closed)) {
        coverage = coverage.and(Coverage.limitedBy(Coverage.Limit.FIELDS_UNREAD, text(closed)));
      }
    }
    return coverage;
  }

  private static String text(ClosedPackage closed) {
    return "fields in package "
        + closed.name()
        + ", which its module does not open; to have them read, say in the module-info.java of "
        + closed.module().getName()
        + ": "
        + closed.directive();
  }
}
