package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.LeakKind;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leak that was told goes on, and makes itself anew while another scope is open. */
class RenewedLeakTest {

  /** A client that nobody closed: its own thread gives it another connection when it is told to. */
  private static final class Client extends Thread {
    private final BlockingQueue<CountDownLatch> orders = new LinkedBlockingQueue<>();
    private volatile Connection connection = new Connection();

    Client() {
      super("client");
      setDaemon(true);
      connection.start();
    }

    @Override
    public void run() {
      try {
        while (true) {
          CountDownLatch done = orders.take();
          connection.end();
          connection = new Connection();
          connection.start();
          done.countDown();
        }
      } catch (InterruptedException closed) {
        // That is its end.
      }
    }

    void reconnect() throws InterruptedException {
      CountDownLatch done = new CountDownLatch(1);
      orders.add(done);
      done.await();
    }

    void end() throws InterruptedException {
      interrupt();
      join();
      connection.end();
    }
  }

  private static final class Connection extends Thread {
    Connection() {
      super("connection");
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!interrupted()) {
        LockSupport.park();
      }
    }

    void end() throws InterruptedException {
      interrupt();
      join();
    }
  }

  @AutoClose private final Planted planted = new Planted();
  private Client client;

  @BeforeEach
  void leavesAClientAndTellsIt() {
    LeakScope first = Scopes.atOnce();
    client = new Client();
    client.start();
    assertThat(first.findings().list()).isNotEmpty();
  }

  @AfterEach
  void ends() throws InterruptedException {
    client.end();
  }

  @Test
  void whatItMakesForItselfIsNotTheNextScopes() throws InterruptedException {
    LeakScope next = Scopes.atOnce();
    client.reconnect();

    assertThat(next).hasNoLeaks();
  }

  @Test
  void whatTheNextScopeLeavesBesideIsTold() throws InterruptedException {
    LeakScope next = Scopes.atOnce();
    client.reconnect();
    planted.thread("beside");

    assertThat(only(next.findings()).kind()).isEqualTo(LeakKind.STRAY_THREAD);
    assertThat(only(next.findings()).threads())
        .singleElement()
        .satisfies(thread -> assertThat(thread.name()).isEqualTo("beside"));
  }
}
