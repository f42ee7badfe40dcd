package dev.leakcheck.inspect;

import dev.leakcheck.engine.Inspector;
import java.util.List;

/** All that an engine has looked for besides what is left alive; in this order it is told. */
public final class AllInspectors {

  private AllInspectors() {}

  /** New ones, each for all scopes of one engine. */
  public static List<Inspector> list() {
    return List.of(
        new DeadlockInspector(),
        new UncaughtExceptionInspector(),
        new HeldLockInspector(),
        new ChildProcessInspector(),
        new ShutdownHookInspector(),
        new ThreadLocalResidueInspector(),
        new StrayInterruptInspector(),
        new UnclosedTaskScopeInspector(),
        new UnclosedGrpcInspector(),
        new BusyCommonPoolInspector(),
        new LeftoverTaskInspector(),
        new OpenResourceInspector());
  }
}
