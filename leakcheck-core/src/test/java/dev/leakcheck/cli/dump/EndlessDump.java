package dev.leakcheck.cli.dump;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntFunction;

/** A dump that is written while it is read: nobody ever holds it whole. */
final class EndlessDump extends InputStream {

  private final IntFunction<String> thread;
  private final String end;
  private final int threads;
  private byte[] piece;
  private int next;
  private int written;
  private boolean ended;
  private long bytes;

  private EndlessDump(String start, IntFunction<String> thread, String end, int threads) {
    this.piece = start.getBytes(StandardCharsets.UTF_8);
    this.thread = thread;
    this.end = end;
    this.threads = threads;
  }

  /** As JDK 25 writes it. Every seventh thread is in a place of its own. */
  static EndlessDump json(int threads) {
    return new EndlessDump(
        """
        {"threadDump": {"processId": "1", "time": "2026-01-01T00:00:00Z", "runtimeVersion": "25",
        "threadContainers": [{"container": "java.util.concurrent.ThreadPerTaskExecutor@1",
        "parent": "<root>", "owner": null, "threads": [
        """,
        i ->
            String.format(
                Locale.ROOT,
                """
                %s{"tid": "%d", "time": "2026-01-01T00:00:00Z", "virtual": true,
                 "name": "request-%d", "state": "WAITING",
                 "parkBlocker": {"object": "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject@%x"},
                 "stack": [
                   "java.base\\/java.lang.VirtualThread.park(VirtualThread.java:738)",
                   "java.base\\/java.lang.System$1.parkVirtualThread(System.java:2284)",
                   "java.base\\/jdk.internal.misc.VirtualThreads.park(VirtualThreads.java:54)",
                   "java.base\\/java.util.concurrent.locks.LockSupport.park(LockSupport.java:369)",
                   "java.base\\/java.util.concurrent.LinkedBlockingQueue.take(LinkedBlockingQueue.java:435)",
                   "com.acme.Handler%s.take(Handler.java:%d)",
                   "java.base\\/java.lang.VirtualThread.run(VirtualThread.java:460)"
                 ]}
                """,
                i == 0 ? "" : ",",
                i + 30,
                i,
                i + 1,
                i % 7 == 0 ? letters(i) : "",
                i % 100),
        "], \"threadCount\": \"1\"}]}}",
        threads);
  }

  /** As JDK 17 prints it. */
  static EndlessDump print(int threads) {
    return new EndlessDump(
        "2026-01-01 00:00:00\nFull thread dump OpenJDK 64-Bit Server VM (17 mixed mode):\n\n",
        i ->
            String.format(
                Locale.ROOT,
                "\"request-%d\" #%d daemon prio=5 os_prio=0 cpu=0.38ms elapsed=7.35s"
                    + " tid=0x00007f11b80fecc0 nid=0x%x waiting on condition  [0x00007f1188dfe000]\n"
                    + "   java.lang.Thread.State: WAITING (parking)\n"
                    + "\tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)\n"
                    + "\t- parking to wait for  <0x%016x> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)\n"
                    + "\tat java.util.concurrent.locks.LockSupport.park(java.base@17.0.15/LockSupport.java:211)\n"
                    + "\tat java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire(java.base@17.0.15/AbstractQueuedSynchronizer.java:715)\n"
                    + "\tat java.util.concurrent.locks.ReentrantLock.lock(java.base@17.0.15/ReentrantLock.java:322)\n"
                    + "\tat com.acme.Handler%s.take(Handler.java:%d)\n"
                    + "\t- locked <0x%016x> (a com.acme.Handler)\n"
                    + "\tat java.lang.Thread.run(java.base@17.0.15/Thread.java:840)\n\n"
                    + "   Locked ownable synchronizers:\n"
                    + "\t- <0x%016x> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)\n\n",
                i,
                i + 30,
                i,
                8L * i + 0x680000000L,
                i % 7 == 0 ? letters(i) : "",
                i % 100,
                8L * i + 0x700000000L,
                8L * i + 0x780000000L),
        "JNI global refs: 9, weak refs: 0\n",
        threads);
  }

  private static String letters(int number) {
    StringBuilder text = new StringBuilder();
    for (int left = number; left > 0; left /= 26) {
      text.append((char) ('A' + left % 26));
    }
    return text.toString();
  }

  /** One line, and no end. */
  static InputStream line(long length) {
    return new EndlessDump("Full thread dump ", i -> "x".repeat(1000), "", (int) (length / 1000));
  }

  long bytes() {
    return bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    if (next == piece.length && !advance()) {
      return -1;
    }
    int count = Math.min(length, piece.length - next);
    System.arraycopy(piece, next, into, from, count);
    next += count;
    bytes += count;
    return count;
  }

  private boolean advance() {
    if (written < threads) {
      piece = thread.apply(written++).getBytes(StandardCharsets.UTF_8);
    } else if (!ended && !end.isEmpty()) {
      ended = true;
      piece = end.getBytes(StandardCharsets.UTF_8);
    } else {
      return false;
    }
    next = 0;
    return true;
  }
}
