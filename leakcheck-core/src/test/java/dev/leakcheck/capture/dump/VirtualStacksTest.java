package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Stacks as JDK 21 to 24 list them, without a state. */
class VirtualStacksTest {

  private static List<StackTraceElement> stack(String... lines) {
    return Stream.of(lines).map(StackParser::parse).toList();
  }

  @Test
  void parkedThreadOfJdk21Waits() {
    assertThat(
            VirtualStacks.state(
                stack(
                    "java.base/java.lang.VirtualThread.park(VirtualThread.java:582)",
                    "java.base/java.lang.System$2.parkVirtualThread(System.java:2639)",
                    "java.base/jdk.internal.misc.VirtualThreads.park(VirtualThreads.java:54)",
                    "java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:369)",
                    "com.acme.Poller.poll(Poller.java:7)")))
        .isEqualTo(Thread.State.WAITING);
  }

  @Test
  void parkedThreadOfALaterJdkWaits() {
    assertThat(
            VirtualStacks.state(
                stack(
                    "java.base/java.lang.VirtualThread.park(VirtualThread.java:742)",
                    "java.base/java.lang.System$1.parkVirtualThread(System.java:2285)",
                    "java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:367)",
                    "com.acme.Poller.poll(Poller.java:7)")))
        .isEqualTo(Thread.State.WAITING);
  }

  @Test
  void pinnedThreadWaits() {
    assertThat(
            VirtualStacks.state(
                stack(
                    "java.base/jdk.internal.misc.Unsafe.park(Native Method)",
                    "java.base/java.lang.VirtualThread.parkOnCarrierThread(VirtualThread.java:677)",
                    "java.base/java.lang.VirtualThread.park(VirtualThread.java:593)",
                    "java.base/java.lang.System$2.parkVirtualThread(System.java:2639)",
                    "java.base/jdk.internal.misc.VirtualThreads.park(VirtualThreads.java:54)",
                    "java.base/java.util.concurrent.locks.LockSupport.park(LockSupport.java:369)",
                    "com.acme.Poller.poll(Poller.java:7)")))
        .isEqualTo(Thread.State.WAITING);
  }

  @Test
  void threadThatParksWithATimeLimitWaitsWithOne() {
    assertThat(
            VirtualStacks.state(
                stack(
                    "java.base/java.lang.VirtualThread.parkNanos(VirtualThread.java:631)",
                    "java.base/java.lang.System$2.parkVirtualThread(System.java:2648)",
                    "java.base/jdk.internal.misc.VirtualThreads.park(VirtualThreads.java:67)",
                    "java.base/java.util.concurrent.locks.LockSupport.parkNanos(LockSupport.java:269)",
                    "com.acme.Poller.poll(Poller.java:7)")))
        .isEqualTo(Thread.State.TIMED_WAITING);
  }

  @Test
  void threadThatSleepsWaitsWithATimeLimit() {
    assertThat(
            VirtualStacks.state(
                stack(
                    "java.base/java.lang.VirtualThread.parkNanos(VirtualThread.java:631)",
                    "java.base/java.lang.VirtualThread.sleepNanos(VirtualThread.java:803)",
                    "java.base/java.lang.Thread.sleep(Thread.java:507)",
                    "com.acme.Poller.poll(Poller.java:7)")))
        .isEqualTo(Thread.State.TIMED_WAITING);
  }

  @Test
  void threadInUserCodeRuns() {
    assertThat(
            VirtualStacks.state(
                stack(
                    "com.acme.Poller.poll(Poller.java:7)",
                    "java.base/java.lang.VirtualThread.run(VirtualThread.java:309)")))
        .isEqualTo(Thread.State.RUNNABLE);
    assertThat(VirtualStacks.state(List.of())).isEqualTo(Thread.State.RUNNABLE);
  }

  @Test
  void threadThatHasNotBegunIsToldByItsOutermostFrame() {
    assertThat(
            VirtualStacks.isVirtual(
                stack("java.base/java.lang.VirtualThread.run(VirtualThread.java:309)")))
        .isTrue();
    assertThat(VirtualStacks.isVirtual(stack("java.base/java.lang.Thread.run(Thread.java:1583)")))
        .isFalse();
    assertThat(VirtualStacks.isVirtual(List.of())).isFalse();
  }
}
