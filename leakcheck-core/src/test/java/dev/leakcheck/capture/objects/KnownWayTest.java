package dev.leakcheck.capture.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownWayTest {

  private final Server server = new Server();
  private final Thread first = server.pool.start();
  private final KnownWay way = wayTo(first);

  @Test
  void leadsToTheNextWorkerOfThePool() {
    Thread second = server.pool.start();

    assertThat(way.wayTo(second)).hasSize(3).last().isSameAs(server);
    assertThat(way.wayTo(second)).element(1).isSameAs(server.pool);
    assertThat(way.holds(this::isServer, object -> false)).isTrue();
    assertThat(way.isLike(wayTo(second))).isTrue();
    assertThat(way.path()).isEqualTo("field Server.pool.workers[...].thread");
  }

  @Test
  void doesNotLeadToAThreadThatThePoolKnowsAsAnElementOrThroughAnotherObject() {
    Thread known = new Thread();
    server.pool.known.add(known);
    Thread of = new Thread();
    server.pool.beside = new Beside(of);

    assertThat(way.wayTo(known)).isNull();
    assertThat(way.wayTo(of)).isNull();
  }

  @Test
  void doesNotLeadToTheWorkersOfAnotherPool() {
    Pool other = new Pool();
    Thread worker = other.start();
    server.beans.put("pool", other);

    assertThat(way.wayTo(worker)).isNull();
    assertThat(way.isLike(wayTo(worker))).isFalse();
  }

  @Test
  void doesNotHoldOnceSomethingLetsGoOfTheNext() {
    server.beans.put("pool", server.pool);
    Pool pool = server.pool;
    server.pool = null;
    assertThat(way.holds(this::isServer, object -> false)).isTrue();

    server.beans.clear();

    assertThat(way.wayTo(pool.start())).isNotNull();
    assertThat(way.holds(this::isServer, object -> false)).isFalse();
  }

  @Test
  void doesNotHoldWhereItBeginsWithWhatIsNotFollowedAnyMoreOrLeadsThroughIt() {
    assertThat(way.holds(object -> false, object -> false)).isFalse();
    assertThat(way.holds(this::isServer, object -> object == server.pool)).isFalse();
  }

  @Test
  void mayBeginWithAClass() {
    Server.current = server;
    try {
      Holding found =
          ObjectGraph.reach(List.of(), List.of(Server.class)).stream()
              .filter(held -> held.object() == first)
              .findFirst()
              .orElseThrow();
      KnownWay ofClass = KnownWay.of(found.way(), 1, found.holder().path());
      assertThat(ofClass.holds(root -> root == Server.class, object -> false)).isTrue();

      Server.current = null;

      assertThat(ofClass.holds(root -> root == Server.class, object -> false)).isFalse();
    } finally {
      Server.current = null;
    }
  }

  private boolean isServer(Object object) {
    return object == server;
  }

  private KnownWay wayTo(Thread thread) {
    return ObjectGraph.reach(List.of(server), List.of()).stream()
        .filter(held -> held.object() == thread)
        .map(held -> KnownWay.of(held.way(), 1, held.holder().path()))
        .findFirst()
        .orElseThrow();
  }

  private static final class Server {
    static Server current;

    Pool pool = new Pool();
    final Map<String, Object> beans = new HashMap<>();
  }

  private static final class Pool {
    final Set<Worker> workers = Collections.synchronizedSet(new LinkedHashSet<>());
    final List<Thread> known = new ArrayList<>();
    Beside beside;

    Thread start() {
      Worker worker = new Worker();
      workers.add(worker);
      return worker.thread;
    }

    private final class Worker {
      final Thread thread = new Thread();
    }
  }

  private record Beside(Thread thread) {}
}
