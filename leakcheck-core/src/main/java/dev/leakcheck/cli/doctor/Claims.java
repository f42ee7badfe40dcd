package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.LeakKind;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What LeakCheck claims to see of what the {@link Plants} leave, as its documentation says it. */
final class Claims {

  private static final Set<LeakKind> WITH_AGENT_ONLY =
      EnumSet.of(LeakKind.SHUTDOWN_HOOK, LeakKind.THREAD_LOCAL_RESIDUE);
  private static final Set<LeakKind> IN_THREAD_DUMPS =
      EnumSet.of(LeakKind.STRAY_VIRTUAL_THREAD, LeakKind.UNCLOSED_TASK_SCOPE);

  /** The first JDK that keeps its fields closed. */
  private static final int FIRST_CLOSED = 24;

  private Claims() {}

  /**
   * Why a kind is not expected to be found.
   *
   * @param feature the JDK's feature number
   * @param coverage what the JVM's checks could not see
   * @return empty if it has to be found
   */
  static Optional<String> whyNot(LeakKind kind, Tier tier, int feature, Coverage coverage) {
    if (!DoctorChild.canBePlanted(kind, feature)) {
      return Optional.of("not on this JDK: it came with 21");
    }
    if (tier == Tier.AGENT) {
      return Optional.empty();
    }
    if (WITH_AGENT_ONLY.contains(kind)) {
      return Optional.of("seen with the agent only");
    }
    if (kind == LeakKind.LEFTOVER_TASK && feature >= FIRST_CLOSED) {
      return Optional.of("from Java 24 on seen with the agent only");
    }
    if (IN_THREAD_DUMPS.contains(kind)) {
      if (coverage.has(Limit.NO_THREAD_DUMP)) {
        return Optional.of("the module jdk.management is missing");
      }
      if (kind == LeakKind.STRAY_VIRTUAL_THREAD && coverage.has(Limit.VIRTUAL_THREADS_UNTRACKED)) {
        return Optional.of("jdk.trackAllThreads=false");
      }
    }
    return Optional.empty();
  }
}
