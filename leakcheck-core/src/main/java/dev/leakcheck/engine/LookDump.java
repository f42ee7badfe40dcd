package dev.leakcheck.engine;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.tier.Tier;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dump of one look: taken when somebody asks for it, and the same for whoever asks next, since
 * a dump of many executors takes the JVM long. It has the stacks of all virtual threads. Used by
 * one thread.
 */
final class LookDump {

  private final Tier tier;
  private @Nullable ThreadDump taken;

  LookDump(Tier tier) {
    this.tier = tier;
  }

  boolean isTaken() {
    return taken != null;
  }

  ThreadDump get() {
    ThreadDump dump = taken;
    if (dump == null) {
      Set<Long> platform = new HashSet<>();
      LiveThreads.all().forEach(thread -> platform.add(LiveThreads.id(thread)));
      dump = tier.dump(id -> !platform.contains(id));
      taken = dump;
    }
    return dump;
  }
}
