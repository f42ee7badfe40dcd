package dev.leakcheck.contract;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;

/** A stream that tells a probe when the other side has gone away: the write fails. */
final class ProbeOutputStream extends FilterOutputStream {

  private final CancellationProbe probe;

  ProbeOutputStream(CancellationProbe probe, OutputStream out) {
    super(out);
    this.probe = probe;
  }

  private IOException noticed(IOException failure) {
    if (Stopping.isInterrupt(failure)) {
      probe.notice(CancellationProbe.Signal.INTERRUPTED);
    } else if (isOfConnection(failure)) {
      probe.notice(CancellationProbe.Signal.CLIENT_GONE);
    }
    return failure;
  }

  /** Servers also complain of wrong use by an IOException, such as of too few bytes. */
  private static boolean isOfConnection(IOException failure) {
    StackTraceElement[] stack = failure.getStackTrace();
    return failure instanceof SocketException
        || failure instanceof ClosedChannelException
        || (stack.length > 0 && stack[0].getClassName().startsWith("sun.nio.ch."));
  }

  @Override
  public void write(int value) throws IOException {
    try {
      out.write(value);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw noticed(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw noticed(e);
    }
  }
}
