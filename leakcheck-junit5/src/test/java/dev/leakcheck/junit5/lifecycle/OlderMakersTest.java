package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A pool that an older object made as the test used it is that object's, also if what the test got
 * from it leads to the pool in fewer steps.
 */
@Tier.WithAgent
class OlderMakersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
    Application.current = null;
  }

  /** Lists what is connected, as a client's channels are. */
  static final class Application {
    static Application current;

    final List<Connection> connections = new ArrayList<>();
    final Client client = new Client(connections);
  }

  /** Makes its pool with the first connection, and keeps it further away than a connection does. */
  static final class Client {
    private final List<Connection> connections;
    private final List<List<List<ExecutorService>>> pools = new ArrayList<>();

    Client(List<Connection> connections) {
      this.connections = connections;
    }

    void connect() {
      if (pools.isEmpty()) {
        pools.add(List.of(List.of(Plants.pool())));
      }
      connections.add(new Connection(pools.get(0).get(0).get(0)));
    }

    void connect(Supplier<ExecutorService> pool) {
      connections.add(new Connection(pool.get()));
    }
  }

  record Connection(ExecutorService pool) {}

  static final class InField implements BeforeAllCallback {
    Application application;

    @Override
    public void beforeAll(ExtensionContext context) {
      application = new Application();
      Application.current = application;
    }
  }

  @Test
  void who_made_a_pool_need_not_be_on_the_nearest_way_to_it() {
    Run run = Run.of(ClientTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "connects() left unclosed-executor",
            "connectsAgain() passed",
            "registersItsOwn() left unclosed-executor",
            "connectsItsOwnClient() left unclosed-executor",
            "makesItForTheClient() left unclosed-executor");
    assertThat(run.failure("connects"))
        .hasMessageContaining("left alone: ThreadPoolExecutor held by an older object: ")
        .hasMessageContaining(".connections[0].pool")
        .hasMessageNotContaining("2)");
  }

  @ExtendWith({LeakCheckExtension.class, InField.class})
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ClientTestCase {
    @Test
    @Order(1)
    void connects() {
      Application.current.client.connect();
      Plants.pool();
    }

    @Test
    @Order(2)
    void connectsAgain() {
      Application.current.client.connect();
    }

    @Test
    @Order(3)
    void registersItsOwn() {
      Application.current.client.connect();
      Application.current.connections.add(new Connection(Plants.pool()));
    }

    @Test
    @Order(4)
    void connectsItsOwnClient() {
      new Client(Application.current.connections).connect();
    }

    @Test
    @Order(5)
    void makesItForTheClient() {
      Application.current.client.connect(() -> Plants.pool());
    }
  }
}
