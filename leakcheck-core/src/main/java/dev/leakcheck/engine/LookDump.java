package dev.leakcheck.engine;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The dump of one look: taken when somebody asks for it, and the same for whoever asks next, since
 * a dump of many executors takes the JVM long. It has the stacks of all virtual threads. Used by
 * one thread.
 */
final class LookDump {

  private final Engine engine;
  private @Nullable ThreadDump taken;

  LookDump(Engine engine) {
    this.engine = engine;
  }

  boolean isTaken() {
    return taken != null;
  }

  ThreadDump get() {
    ThreadDump dump = taken;
    if (dump == null) {
      Set<Long> platform = new HashSet<>();
      LiveThreads.all().forEach(thread -> platform.add(LiveThreads.id(thread)));
      dump = engine.dump(id -> !platform.contains(id));
      taken = dump;
    }
    return dump;
  }
}
