package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The executors that a dump lists, and how many threads of each were read. Not thread-safe. */
final class DumpExecutors {

  private static final String ROOT = "<root>";
  private static final int MOST = 20_000;

  private final Map<String, Members> executors = new LinkedHashMap<>();
  private int more;

  /** What is known of an executor. */
  private static final class Members {
    private final @Nullable Long owner;
    private int threads;
    private int idle;
    private String names = "";

    Members(@Nullable Long owner) {
      this.owner = owner;
    }
  }

  void add(String name, @Nullable Long owner) {
    if (name.equals(ROOT) || executors.containsKey(name)) {
      return;
    }
    if (executors.size() < MOST) {
      executors.put(name, new Members(owner));
    } else {
      more++;
    }
  }

  /** A thread, which may be one's. */
  void thread(ThreadRecord thread) {
    Members members = thread.executor() == null ? null : executors.get(thread.executor());
    if (members == null) {
      return;
    }
    if (members.threads++ == 0) {
      members.names = Printable.pattern(thread.name());
    }
    if (WorkerStacks.isIdlePoolWorker(thread.stack())
        || WorkerStacks.isIdleForkJoinWorker(thread.stack())) {
      members.idle++;
    }
  }

  /** How many there are beyond those that are kept. */
  int more() {
    return more;
  }

  /** In the order of the dump. */
  List<Dump.Executor> list() {
    List<Dump.Executor> list = new ArrayList<>();
    executors.forEach(
        (name, members) ->
            list.add(
                new Dump.Executor(
                    name,
                    new ThreadDump.Container(name, members.owner, List.of()).type(),
                    members.owner,
                    members.threads,
                    members.idle,
                    members.names)));
    return list;
  }
}
