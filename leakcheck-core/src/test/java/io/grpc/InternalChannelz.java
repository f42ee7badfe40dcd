package io.grpc;

import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Stands in for gRPC's, as far as LeakCheck reads it: what is open, by number. */
public final class InternalChannelz {

  private static final InternalChannelz INSTANCE = new InternalChannelz();

  public final ConcurrentNavigableMap<Long, Object> servers = new ConcurrentSkipListMap<>();
  public final ConcurrentNavigableMap<Long, Object> rootChannels = new ConcurrentSkipListMap<>();

  private InternalChannelz() {}

  public static InternalChannelz instance() {
    return INSTANCE;
  }
}
