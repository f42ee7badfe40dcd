package com.example.shop;

import static dev.leakcheck.model.LeakKind.STRAY_VIRTUAL_THREAD;
import static dev.leakcheck.model.LeakKind.UNCLOSED_EXECUTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/** Virtual threads, alone and in an executor. They came with JDK 21. */
@ExtendWith(LeakCheckExtension.class)
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads need JDK 21")
class SessionDemo {

  private ExecutorService sessions;

  @Test
  @Leaves(STRAY_VIRTUAL_THREAD)
  void opensASessionThatNeverEnds() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    startVirtualThread(
        () -> {
          open.countDown();
          while (true) {
            LockSupport.park();
          }
        });
    open.await();
  }

  @Test
  void opensASessionAndEndsIt() throws Exception {
    CountDownLatch logout = new CountDownLatch(1);
    Thread session =
        startVirtualThread(
            () -> {
              while (logout.getCount() > 0) {
                LockSupport.park();
              }
            });
    logout.countDown();
    LockSupport.unpark(session);
    session.join();
  }

  @Test
  @Leaves(UNCLOSED_EXECUTOR)
  void answersRequestsWithAThreadEach() throws Exception {
    sessions = newVirtualThreadPerTaskExecutor();
    assertThat(sessions.submit(() -> "answer").get()).isEqualTo("answer");
  }

  @Test
  void answersRequestsAndClosesTheExecutor() throws Exception {
    sessions = newVirtualThreadPerTaskExecutor();
    assertThat(sessions.submit(() -> "answer").get()).isEqualTo("answer");
    sessions.shutdown();
  }

  // The demo is compiled for JDK 17, which has neither of these.

  private static Thread startVirtualThread(Runnable task) throws ReflectiveOperationException {
    return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
  }

  private static ExecutorService newVirtualThreadPerTaskExecutor()
      throws ReflectiveOperationException {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }
}
