package dev.leakcheck.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.KnownWay;
import dev.leakcheck.capture.objects.ObjectGraph;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownWaysTest {

  private final Pool pool = new Pool();
  private final KnownWays ways = new KnownWays();

  @Test
  void oneWayToTheThreadsOfOneOwnerIsKnown() {
    pool.workers.add(new Worker());
    pool.workers.add(new Worker());
    ways.add(found(), root -> root == pool);
    ways.add(found(), root -> root == pool);

    assertThat(ways.all()).hasSize(1);
    Worker next = new Worker();
    pool.workers.add(next);
    KnownWay way = ways.all().get(0);
    assertThat(way.wayTo(next.thread)).containsExactly(next, pool);
  }

  @Test
  void aWayToAnElementIsNotNorOneThatBeginsElsewhere() {
    pool.threads.add(new Thread());
    ways.add(found(), root -> root == pool);
    pool.workers.add(new Worker());
    ways.add(found(), root -> false);

    assertThat(ways.all()).isEmpty();
  }

  private List<Holding> found() {
    return ObjectGraph.reach(List.of(pool), List.of());
  }

  private static final class Pool {
    final List<Worker> workers = new ArrayList<>();
    final List<Thread> threads = new ArrayList<>();
  }

  private static final class Worker {
    final Thread thread = new Thread();
  }
}
