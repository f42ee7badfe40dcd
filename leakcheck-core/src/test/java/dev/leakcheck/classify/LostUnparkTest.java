package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.ThreadRecord;
import org.junit.jupiter.api.Test;

class LostUnparkTest {

  private static final Evidence.Means FAULTY = new Evidence.Means(true, true, true);
  private static final Evidence.Means SOUND = new Evidence.Means(true, true, false);

  private static ThreadRecord thread(boolean virtual, Thread.State state, String... frames) {
    return new ThreadRecord(
        7,
        "poller",
        virtual,
        true,
        state,
        virtual ? "java.lang.VirtualThread" : ThreadRecord.PLAIN_TYPE,
        "",
        Scene.stack(frames),
        null,
        null);
  }

  private static ThreadRecord parked(boolean virtual) {
    return thread(
        virtual,
        Thread.State.WAITING,
        virtual ? "java.lang.VirtualThread.park:1" : "jdk.internal.misc.Unsafe.park:1",
        "java.util.concurrent.locks.LockSupport.park:2",
        "com.acme.Poller.run:40");
  }

  private static Finding finding(Evidence.Means means, ThreadRecord thread) {
    return new Scene().having(means).with(thread).finding();
  }

  @Test
  void aParkedVirtualThreadMayHaveBeenWokenInVain() {
    assertThat(finding(FAULTY, parked(true)).fact("jdk"))
        .contains(
            "this JDK may lose what wakes a parked virtual thread (JDK-8369227, mended in 25.0.3"
                + " and 26.0.1): see whether it stands here on a newer one too");
  }

  @Test
  void aVirtualThreadThatWaitsForAnElementMayAsWell() {
    ThreadRecord taker =
        thread(
            true,
            Thread.State.WAITING,
            "java.lang.VirtualThread.park:1",
            "java.util.concurrent.locks.LockSupport.park:2",
            "java.util.concurrent.LinkedBlockingQueue.take:3",
            "com.acme.Mailbox.deliver:40");

    assertThat(finding(FAULTY, taker).fact("jdk")).isPresent();
  }

  @Test
  void nothingIsSaidOfASoundJdk() {
    assertThat(finding(SOUND, parked(true)).fact("jdk")).isEmpty();
  }

  @Test
  void norOfAPlatformThread() {
    assertThat(finding(FAULTY, parked(false)).fact("jdk")).isEmpty();
  }

  @Test
  void norOfAVirtualThreadInAMonitor() {
    ThreadRecord waiting =
        thread(true, Thread.State.WAITING, "java.lang.Object.wait0:1", "com.acme.Poller.run:40");

    assertThat(finding(FAULTY, waiting).fact("jdk")).isEmpty();
  }

  @Test
  void norOfOneThatRuns() {
    ThreadRecord running = thread(true, Thread.State.RUNNABLE, "com.acme.Poller.run:40");

    assertThat(finding(FAULTY, running).fact("jdk")).isEmpty();
  }
}
