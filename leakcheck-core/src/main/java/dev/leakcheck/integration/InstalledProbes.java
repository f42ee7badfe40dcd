package dev.leakcheck.integration;

import dev.leakcheck.engine.scope.Probe;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.UsersCode;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.OwnKind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The probes that {@link ServiceLoader} finds, once in a JVM.
 *
 * @param probes those that can be asked
 * @param gaps why others cannot
 */
record InstalledProbes(List<Probe> probes, List<String> gaps) {

  private static final int MOST_GAPS = 10;

  /** Loaded when the first scope opens. */
  private static final class Loaded {
    static final InstalledProbes OF_JVM = of(ServiceLoader.load(LeakProbe.class));
  }

  static InstalledProbes ofJvm() {
    return Loaded.OF_JVM;
  }

  /** Their constructors are the user's code. */
  static InstalledProbes of(Iterable<LeakProbe> services) {
    return of(
        InstalledProbes.class, services, "probes were not loaded: ServiceLoader was asked, and ");
  }

  /** One that the user gave. */
  static InstalledProbes of(LeakProbe probe) {
    return of(probe.getClass(), List.of(probe), "a probe was not asked: for its kind it was, and ");
  }

  private static InstalledProbes of(Object code, Iterable<LeakProbe> given, String failed) {
    UsersCode.Outcome<InstalledProbes> outcome = UsersCode.run(code, () -> load(given));
    return outcome.value() == null
        ? new InstalledProbes(List.of(), List.of(failed + outcome.failure()))
        : outcome.value();
  }

  private static InstalledProbes load(Iterable<LeakProbe> services) {
    List<Probe> probes = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    Iterator<LeakProbe> each = services.iterator();
    while (gaps.size() < MOST_GAPS) {
      try {
        if (!each.hasNext()) {
          break;
        }
        probes.add(probe(each.next()));
      } catch (ServiceConfigurationError | RuntimeException e) {
        gaps.add("a probe was not asked: " + UsersCode.text(e));
      }
    }
    return new InstalledProbes(List.copyOf(probes), List.copyOf(gaps));
  }

  private static Probe probe(LeakProbe probe) {
    return new Probe(new OwnKind(probe.kind()), probe, probe::open);
  }

  void addTo(Scope scope) {
    probes.forEach(scope.memories().probes()::add);
    for (String gap : gaps) {
      scope.memories().limitedBy(Coverage.limitedBy(Coverage.Limit.LOOK_FAILED, gap));
    }
  }
}
