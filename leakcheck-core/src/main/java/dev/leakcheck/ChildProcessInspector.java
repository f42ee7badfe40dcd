package dev.leakcheck;

import dev.leakcheck.capture.Birth;
import dev.leakcheck.capture.BirthScope;
import dev.leakcheck.capture.Births;
import dev.leakcheck.capture.ChildProcesses;
import dev.leakcheck.classify.ChildProcess;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds processes that were started in a scope and run on. Without an agent these are the children
 * that the scope did not open with. On Windows nothing cheap tells whether there are any, so brief
 * scopes do not ask there.
 */
final class ChildProcessInspector implements Inspector {

  /** The children that a scope opened with. */
  private record Opened(Set<ProcessHandle> children, long nanos) {}

  @Override
  public @Nullable Object opening(LeakCheckOptions options, @Nullable BirthScope births) {
    if (Engine.jvm().records(Births.Part.PROCESSES)
        || (!ChildProcesses.HAVE_REAPERS && options.isBrief())) {
      return null;
    }
    Set<ProcessHandle> children =
        ChildProcesses.mayBeAlive() ? ChildProcesses.alive() : Set.<ProcessHandle>of();
    return new Opened(children, System.nanoTime());
  }

  @Override
  public boolean suspects(LeakScope scope, @Nullable Object opened) {
    if (opened instanceof Opened before) {
      return System.nanoTime() - before.nanos > ChildProcesses.FASTEST_START_NANOS
          && ChildProcesses.mayBeAlive()
          && !started(Engine.jvm(), before).isEmpty();
    }
    return scope.hasMade(Birth.OfProcess.class, Birth.OfProcess::isAlive);
  }

  private static List<ProcessHandle> started(Engine engine, Opened before) {
    return ChildProcesses.alive().stream()
        .filter(child -> !before.children.contains(child) && !engine.outside().contains(child))
        .toList();
  }

  @Override
  public List<Symptom> inspect(Suspicion suspicion, @Nullable Object opened) {
    if (suspicion.isFieldsOnly()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    if (opened instanceof Opened before) {
      if (!suspicion.scope().options().isUnattributed() && suspects(suspicion.scope(), opened)) {
        for (ProcessHandle child : started(suspicion.engine(), before)) {
          symptoms.add(symptom(child, Origin.Unknown.NOT_RECORDED));
        }
      }
    } else {
      Born born = suspicion.born();
      if (born != null) {
        for (Birth.OfProcess birth : born.processes()) {
          symptoms.add(symptom(birth.handle(), birth.origin()));
        }
      }
    }
    return symptoms;
  }

  private static ChildProcess symptom(ProcessHandle process, Origin origin) {
    ProcessHandle.Info info = process.info();
    return new ChildProcess(
        process.pid(),
        info.command().map(ChildProcessInspector::fileName).orElse(null),
        info.startInstant().orElse(null),
        process.descendants().count(),
        origin);
  }

  private static String fileName(String command) {
    int slash = Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\'));
    return command.substring(slash + 1);
  }
}
