package io.grpc.internal;

import io.grpc.InternalChannelz;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Stands in for gRPC's channel. */
public final class ManagedChannelImpl {

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  final AtomicBoolean shutdown = new AtomicBoolean();

  public static ManagedChannelOrphanWrapper open() {
    ManagedChannelImpl channel = new ManagedChannelImpl();
    InternalChannelz.instance().rootChannels.put(channel.number, channel);
    return new ManagedChannelOrphanWrapper(channel);
  }

  @Override
  public String toString() {
    return "ManagedChannelImpl{logId=" + number + ", target=dns:///localhost:1}";
  }

  void terminate() {
    InternalChannelz.instance().rootChannels.remove(number);
  }
}
