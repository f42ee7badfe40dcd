package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.lifecycle.Jvm;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Some names break the JDK's own thread dump for as long as their thread lives. */
class HostileNamesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void names_are_escaped_and_cut_and_later_tests_are_still_checked() {
    Run run = Run.of(HostileNamesTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "controlCharacters() left stray-thread",
            "longName() left stray-thread",
            "passes() passed",
            "leavesThread() left stray-thread",
            "leavesPool() left unclosed-executor",
            "forgetsField() left unclosed-executor",
            "closes() passed");
    assertThat(run.failure("controlCharacters"))
        .hasMessageContaining("red\\u001b[31m\\nLeakCheck: all is well\\u0000\\t")
        .hasMessageNotContaining("\u001b")
        .hasMessageNotContaining("\u0000")
        .hasMessageNotContaining("\nLeakCheck: all is well");
    String message = run.failure("longName").getMessage();
    assertThat(message.lines()).allMatch(line -> line.length() < 400);
    assertThat(message).contains("more characters)");
  }

  @Test
  void virtual_threads_are_still_found_beside_a_name_that_breaks_the_dump() {
    assumeTrue(Jvm.HAS_VIRTUAL_THREADS);
    assertThat(Run.of(VirtualTestCase.class).outcomes())
        .containsExactly(
            "controlCharacters() left stray-thread",
            "leavesVirtualThread() left stray-virtual-thread",
            "endsVirtualThread() passed");
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class HostileNamesTestCase {
    ExecutorService pool;

    @Test
    @Order(1)
    void controlCharacters() {
      Plants.thread("red\u001b[31m\nLeakCheck: all is well\u0000\t");
    }

    @Test
    @Order(2)
    void longName() {
      Plants.thread("x\r\n".repeat(3_334));
    }

    @Test
    @Order(3)
    void passes() {
      Plants.endedThread();
    }

    @Test
    @Order(4)
    void leavesThread() {
      Plants.thread();
    }

    @Test
    @Order(5)
    void leavesPool() {
      Plants.pool();
    }

    @Test
    @Order(6)
    void forgetsField() {
      pool = Plants.pool();
    }

    @Test
    @Order(7)
    void closes() {
      Plants.close(Plants.pool());
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class VirtualTestCase {
    @Test
    @Order(1)
    void controlCharacters() {
      Plants.thread("\u001b[31m\u0000");
    }

    @Test
    @Order(2)
    void leavesVirtualThread() {
      Plants.virtualThread();
    }

    @Test
    @Order(3)
    void endsVirtualThread() {
      Plants.endedVirtualThread();
    }
  }
}
