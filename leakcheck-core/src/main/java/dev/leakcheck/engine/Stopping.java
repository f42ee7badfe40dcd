package dev.leakcheck.engine;

import dev.leakcheck.capture.failures.Failures;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.FoundThreads;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.classify.SharedWorkerSymptom;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stops what a check has found and nobody accepts: its executors are shut down, its other threads
 * interrupted once. The last step of a check, after all that is told was written down, so that no
 * verdict depends on it.
 *
 * <p>What others share is left alone: workers of something that all share, threads of a library
 * beyond those that a rule knows, what objects of a scope around this one hold, and what is in a
 * finding without having been made in the scope. Used by one thread.
 */
final class Stopping {

  /** Kinds whose threads and executors were made in the scope and left. Others tell of more. */
  private static final Set<Kind> KINDS =
      Set.of(
          LeakKind.UNCLOSED_EXECUTOR,
          LeakKind.UNCANCELLED_TIMER,
          LeakKind.STUCK_ON_QUEUE,
          LeakKind.STRAY_THREAD,
          LeakKind.STRAY_VIRTUAL_THREAD,
          LeakKind.DEADLOCK);

  /** Looks at what is to end, each after a pause: a busy machine gives more time. */
  private static final int LOOKS = 250;

  private static final long PAUSE_NANOS = 1_000_000;

  private final Suspicion check;
  private final Set<Long> untouchable = new HashSet<>();
  private final Map<Long, Thread> live;
  private final boolean seesVirtual = VirtualThreads.all().isPresent();
  private final Subjects subjects;

  private Stopping(Suspicion check, Findings findings, List<Symptom> symptoms, Subjects subjects) {
    this.check = check;
    this.subjects = subjects;
    for (Symptom symptom : symptoms) {
      if (symptom instanceof SharedWorkerSymptom) {
        untouchable.addAll(symptom.threads());
      }
    }
    untouchable.add(check.checkerId());
    this.live =
        FoundThreads.of(
            findings.list().stream()
                .filter(finding -> KINDS.contains(finding.kind()))
                .flatMap(finding -> finding.threads().stream())
                .toList());
  }

  /**
   * Stops what findings are about.
   *
   * @param check the check that found it
   * @param findings what fails
   * @param symptoms what was seen besides threads and executors
   * @param subjects finds the executors
   * @return the same findings, with what became of each
   */
  static Findings stop(
      Suspicion check, Findings findings, List<Symptom> symptoms, Subjects subjects) {
    if (findings.list().stream().noneMatch(finding -> KINDS.contains(finding.kind()))) {
      return findings;
    }
    return new Stopping(check, findings, symptoms, subjects).stop(findings);
  }

  private Findings stop(Findings findings) {
    Map<Finding, StopDeed> deeds = new IdentityHashMap<>();
    for (Finding finding : findings.list()) {
      if (KINDS.contains(finding.kind())) {
        deeds.put(finding, deed(finding));
      }
    }
    List<Long> stopped = deeds.values().stream().flatMap(deed -> deed.ids().stream()).toList();
    check.shared().ledger().stopped(stopped, Failures.jvm().last());
    deeds.values().forEach(StopDeed::act);
    for (int looks = 0; looks < LOOKS; looks++) {
      if (deeds.values().stream().noneMatch(StopDeed::mayEnd)) {
        break;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return findings.failing(
        finding -> {
          StopDeed deed = deeds.get(finding);
          return deed == null ? finding : finding.withAfterwards(deed.told());
        });
  }

  private StopDeed deed(Finding finding) {
    StopDeed deed = new StopDeed();
    Map<String, List<Thread>> workers = new HashMap<>();
    for (ThreadRecord record : finding.threads()) {
      Thread thread = live.get(record.id());
      if (thread == null) {
        if (record.virtual() && !seesVirtual) {
          deed.cannotReach(record);
        }
      } else if (isOthers(finding, record, thread)) {
        deed.leaves(record);
      } else {
        deed.stops(thread, record);
        workers
            .computeIfAbsent(String.valueOf(record.executor()), id -> new ArrayList<>())
            .add(thread);
      }
    }
    for (ExecutorRecord record : finding.executors()) {
      ExecutorService executor =
          subjects.executor(record, workers.getOrDefault(record.id(), List.of()));
      if (!record.collected() && !isOthers(executor)) {
        deed.stops(executor, record);
      }
    }
    return deed;
  }

  private boolean isOthers(@Nullable ExecutorService executor) {
    return executor != null && (CommonPool.is(executor) || check.isShared(executor));
  }

  private boolean isOthers(Finding finding, ThreadRecord record, Thread thread) {
    return untouchable.contains(record.id())
        || check.suspects().isBeyond(record.id())
        || check.isShared(thread)
        || thread.getClass().getName().startsWith("jdk.internal.")
        || (finding.kind() == LeakKind.DEADLOCK && !check.newcomers().isMadeHere(record));
  }
}
