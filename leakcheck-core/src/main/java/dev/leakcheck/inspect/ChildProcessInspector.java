package dev.leakcheck.inspect;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.ProcessBirth;
import dev.leakcheck.capture.threads.ChildProcesses;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.Suspicion;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.model.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds processes that were started in a scope and run on. Where an agent does not tell whose all
 * of them are, these are also the children that the scope did not open with, but for those that are
 * known to be somebody else's. On Windows nothing cheap tells whether there are any, so brief
 * scopes do not ask there.
 *
 * <p>An agent lets scopes overlap that are each checked at their own end. If it does not record
 * processes, the scope around them answers for those.
 */
public final class ChildProcessInspector implements Inspector {

  /** The children that a scope opened with. */
  private static final class Opened {
    final Set<ProcessHandle> children;
    final long nanos = System.nanoTime();

    /** A scope inside this one saw some and could not tell whose they were. */
    volatile boolean owed;

    Opened(Set<ProcessHandle> children) {
      this.children = children;
    }
  }

  @Override
  public @Nullable Object opening(LeakCheckOptions options, @Nullable BirthScope births) {
    if (Engine.jvm().tellsProcesses() || (!ChildProcesses.HAVE_REAPERS && options.isBrief())) {
      return null;
    }
    Set<ProcessHandle> children =
        ChildProcesses.mayBeAlive() ? ChildProcesses.alive() : Set.<ProcessHandle>of();
    return new Opened(children);
  }

  @Override
  public boolean suspects(LeakScope scope, @Nullable Object opened) {
    return scope.hasMade(ProcessBirth.class, ProcessBirth::isAlive)
        || (opened instanceof Opened before && !startedSince(before).isEmpty());
  }

  private static List<ProcessHandle> startedSince(Opened before) {
    if (System.nanoTime() - before.nanos <= ChildProcesses.FASTEST_START_NANOS
        || !ChildProcesses.mayBeAlive()) {
      return List.of();
    }
    Outside outside = Engine.jvm().outside();
    return ChildProcesses.alive().stream()
        .filter(child -> !before.children.contains(child) && !outside.contains(child))
        .toList();
  }

  @Override
  public List<Symptom> inspect(Suspicion suspicion, @Nullable Object opened) {
    if (suspicion.isFieldsOnly()) {
      return List.of();
    }
    Map<ProcessHandle, Origin> left = new LinkedHashMap<>();
    Born born = suspicion.born();
    if (born != null) {
      born.processes().forEach(birth -> left.put(birth.handle(), birth.origin()));
    }
    if (opened instanceof Opened before) {
      for (ProcessHandle child : told(suspicion, before)) {
        if (born == null || !born.isKnown(child)) {
          left.putIfAbsent(child, Origin.Unknown.NOT_RECORDED);
        }
      }
    }
    return left.entrySet().stream()
        .<Symptom>map(entry -> symptom(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Those that were started since, if time tells whose they are. */
  private List<ProcessHandle> told(Suspicion suspicion, Opened before) {
    LeakScope scope = suspicion.scope();
    if (scope.options().isUnattributed() && !before.owed) {
      return List.of();
    }
    List<ProcessHandle> started = startedSince(before);
    BirthScope record = scope.births();
    if (started.isEmpty()
        || record == null
        || !suspicion.engine().isExact()
        || !suspicion.engine().births().isOverlapped(record)) {
      return started;
    }
    for (LeakScope outer = scope.parent(); outer != null; outer = outer.parent()) {
      if (outer.inspectors().openedFor(this) instanceof Opened around) {
        around.owed = true;
      }
    }
    return List.of();
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
