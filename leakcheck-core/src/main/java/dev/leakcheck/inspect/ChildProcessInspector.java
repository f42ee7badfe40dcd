package dev.leakcheck.inspect;

import dev.leakcheck.capture.record.ProcessBirth;
import dev.leakcheck.capture.threads.ChildProcesses;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds processes that were started in a scope and run on. Where an agent does not tell whose all
 * of them are, these are also the children that the scope did not open with, but for those that are
 * known to be somebody else's. What objects of a scope around this one lead to is theirs. On
 * Windows nothing cheap tells whether there are any, so brief scopes do not ask there.
 *
 * <p>An agent lets scopes overlap that are each checked at their own end. If it does not record
 * processes, the scope around them answers for those.
 */
final class ChildProcessInspector implements Inspector {

  /** The children that a scope opened with. */
  private static final class Opened {
    volatile Set<ProcessHandle> children;
    final long nanos = System.nanoTime();

    /** A scope inside this one saw some and could not tell whose they were. */
    volatile boolean owed;

    Opened(Set<ProcessHandle> children) {
      this.children = children;
    }
  }

  @Override
  public @Nullable Object opening(Opening opening) {
    if (opening.tier().tellsProcesses()
        || (!ChildProcesses.HAVE_REAPERS && opening.options().isBrief())) {
      return null;
    }
    return new Opened(children());
  }

  private static Set<ProcessHandle> children() {
    return ChildProcesses.mayBeAlive() ? ChildProcesses.alive() : Set.<ProcessHandle>of();
  }

  @Override
  public void leaveToOuter(Object opened) {
    if (opened instanceof Opened before) {
      before.children = children();
    }
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return check
            .scope()
            .hasMade(
                ProcessBirth.class, birth -> birth.isAlive() && !check.isShared(birth.handle()))
        || (opened instanceof Opened before
            && isAnyOwn(startedSince(before, check.outside()), check));
  }

  private static boolean isAnyOwn(List<ProcessHandle> children, Check check) {
    for (ProcessHandle child : children) {
      if (!check.isShared(child)) {
        return true;
      }
    }
    return false;
  }

  private static List<ProcessHandle> startedSince(Opened before, Outside outside) {
    if (System.nanoTime() - before.nanos <= ChildProcesses.FASTEST_START_NANOS
        || !ChildProcesses.mayBeAlive()) {
      return List.of();
    }
    return ChildProcesses.alive().stream()
        .filter(child -> !before.children.contains(child) && !outside.contains(child))
        .toList();
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    Map<ProcessHandle, Origin> left = new LinkedHashMap<>();
    check
        .born()
        .processes()
        .forEach(birth -> left.put(birth.handle(), check.madeBy(birth.origin())));
    if (opened instanceof Opened before) {
      for (ProcessHandle child : told(check, before)) {
        if (!check.born().isKnown(child)) {
          left.putIfAbsent(child, Origin.Unknown.NOT_RECORDED);
        }
      }
    }
    return left.entrySet().stream()
        .filter(entry -> !check.isShared(entry.getKey()))
        .<Symptom>map(entry -> symptom(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Those that were started since, if time tells whose they are. */
  private List<ProcessHandle> told(Check check, Opened before) {
    Scope scope = check.scope();
    if (scope.options().isUnattributed() && !before.owed) {
      return List.of();
    }
    List<ProcessHandle> started = startedSince(before, check.outside());
    if (started.isEmpty() || !check.newcomers().isOverlapped()) {
      return started;
    }
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      if (outer.memories().of(this) instanceof Opened around) {
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
