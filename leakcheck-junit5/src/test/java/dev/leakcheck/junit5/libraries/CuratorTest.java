package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.integration.LeakProbe;
import dev.leakcheck.junit5.GuideCode;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.model.OpenResource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of the guide's page on kinds of one's own, on a lock that ZooKeeper keeps. */
class CuratorTest {

  private static TestingServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestingServer();
    HeldLeases.client =
        CuratorFrameworkFactory.newClient(server.getConnectString(), new RetryOneTime(100));
    HeldLeases.client.start();
  }

  @AfterAll
  static void stop() throws Exception {
    HeldLeases.client.close();
    HeldLeases.client = null;
    server.close();
  }

  @Test
  void a_lock_that_a_test_acquires_and_never_releases_is_told_and_no_other_is() {
    Run run = Run.of(LockTestCase.class);

    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "releases() passed", "forgets() left held-lease", "usesTheFixtures() passed");
    assertThat(run.leaks("forgets").get(0).title()).isEqualTo("lease on /locks/stock");
  }

  /** What the page shows is what runs here. */
  @Test
  void the_guide_shows_this_probe() throws Exception {
    GuideCode.assertIsIn(CuratorTest.class, "your-own-kinds", "class HeldLeases");
  }

  static class HeldLeases implements LeakProbe {
    static CuratorFramework client;

    @Override
    public String kind() {
      return "held-lease";
    }

    @Override
    public Collection<OpenResource> open() throws Exception {
      List<OpenResource> open = new ArrayList<>();
      for (String lock : children("/locks")) {
        for (String node : children("/locks/" + lock)) {
          open.add(OpenResource.of(node, "lease on /locks/" + lock, "call release() in finally"));
        }
      }
      return open;
    }

    private static List<String> children(String path) throws Exception {
      try {
        return client.getChildren().forPath(path);
      } catch (KeeperException.NoNodeException nobodyLocked) {
        return List.of();
      }
    }
  }

  static class LockTestCase {
    @RegisterExtension
    static final LeakCheckExtension LEAKS = LeakCheckExtension.with(new HeldLeases());

    static InterProcessMutex fixtures;

    @BeforeAll
    static void acquire() throws Exception {
      fixtures = new InterProcessMutex(HeldLeases.client, "/locks/fixture");
      fixtures.acquire();
    }

    @AfterAll
    static void release() throws Exception {
      fixtures.release();
    }

    @Test
    void releases() throws Exception {
      InterProcessMutex lock = new InterProcessMutex(HeldLeases.client, "/locks/orders");
      lock.acquire();
      try {
        HeldLeases.client.create().forPath("/order", "42".getBytes(StandardCharsets.UTF_8));
      } finally {
        lock.release();
      }
    }

    @Test
    void forgets() throws Exception {
      new InterProcessMutex(HeldLeases.client, "/locks/stock").acquire();
    }

    @Test
    void usesTheFixtures() {
      assertThat(fixtures.isAcquiredInThisProcess()).isTrue();
    }
  }
}
