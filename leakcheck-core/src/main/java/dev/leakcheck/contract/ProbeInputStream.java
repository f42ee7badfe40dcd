package dev.leakcheck.contract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that tells a probe of its reader. */
final class ProbeInputStream extends FilterInputStream {

  private final CancellationProbe probe;
  private final Object lock = new Object();
  private int reading;
  private boolean closed;

  ProbeInputStream(CancellationProbe probe, InputStream in) {
    super(in);
    this.probe = probe;
  }

  private interface Read {
    int run() throws IOException;
  }

  private int reading(Read read) throws IOException {
    synchronized (lock) {
      if (reading++ == 0 && !closed) {
        probe.begin();
      }
    }
    boolean over = false;
    try {
      int count = read.run();
      over = count < 0;
      return count;
    } catch (IOException | RuntimeException failure) {
      over = true;
      if (Stopping.isInterrupt(failure)) {
        probe.notice(CancellationProbe.Signal.INTERRUPTED);
      }
      throw failure;
    } finally {
      synchronized (lock) {
        reading--;
        if (closed) {
          probe.notice(CancellationProbe.Signal.CLOSED);
        }
        if (reading == 0 && (over || closed)) {
          probe.end();
        }
      }
    }
  }

  @Override
  public int read() throws IOException {
    return reading(super::read);
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    return reading(() -> in.read(bytes, from, length));
  }

  @Override
  public void close() throws IOException {
    synchronized (lock) {
      if (!closed) {
        closed = true;
        probe.told();
        if (reading == 0 && probe.wasStarted() && !probe.hasEnded()) {
          probe.notice(CancellationProbe.Signal.CLOSED);
          probe.end();
        }
      }
    }
    super.close();
  }
}
