package dev.leakcheck;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Classes that are watched are initialised by their users alone. */
class WatchedStaticsTest {

  static final List<String> INITIALISED = new ArrayList<>();
  static Planted planted = new Planted();

  @BeforeEach
  void plantAnew() {
    planted = new Planted();
  }

  @AfterEach
  void release() throws Exception {
    planted.close();
  }

  static Object mark(String name) {
    INITIALISED.add(name);
    return name;
  }

  static class NeverUsed {
    static final Object VALUE = mark("NeverUsed");
    static final ExecutorService POOL = Executors.newCachedThreadPool();
  }

  @Test
  void aClassThatIsWatchedAndNeverUsedIsNotInitialised() {
    LeakScope scope = Scopes.atOnce().watchStatics(NeverUsed.class);
    planted.thread("other");

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
    assertThat(INITIALISED).isEmpty();
  }

  static class UsedInScope {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>(List.of("sent"));
    static final ExecutorService POOL = planted.executor(Executors.newFixedThreadPool(1));

    static void use() {}
  }

  @Test
  void whatTheInitialiserMakesIsTheScopes() {
    LeakScope scope = Scopes.atOnce().watchStatics(UsedInScope.class);
    UsedInScope.use();

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR, LeakKind.LEFTOVER_QUEUE);
  }

  static class UsedBefore {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>(List.of("sent"));
    static final ExecutorService POOL = planted.executor(Executors.newFixedThreadPool(1));

    static void use() {}
  }

  @Test
  void whatTheInitialiserMadeBeforeIsNot() {
    Jdk21.assume(); // before, executors without threads are not listed: their age is not known
    UsedBefore.use();
    LeakScope scope = Scopes.patient().watchStatics(UsedBefore.class);

    assertThat(scope).hasNoLeaks();
  }
}
