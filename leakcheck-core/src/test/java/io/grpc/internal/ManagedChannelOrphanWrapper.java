package io.grpc.internal;

import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Stands in for what gRPC hands out: it remembers by which stack a channel was made. */
public final class ManagedChannelOrphanWrapper {

  private static final ConcurrentMap<ManagedChannelReference, ManagedChannelReference> refs =
      new ConcurrentHashMap<>();

  private final ManagedChannelImpl delegate;
  private final ManagedChannelReference phantom;

  ManagedChannelOrphanWrapper(ManagedChannelImpl delegate) {
    this.delegate = delegate;
    this.phantom = new ManagedChannelReference(this, delegate);
    refs.put(phantom, phantom);
  }

  public void shutdown() {
    shutdownWithACall();
    delegate.terminate();
  }

  /** As long as that goes on, the channel is not terminated. */
  public ManagedChannelOrphanWrapper shutdownWithACall() {
    refs.remove(phantom);
    delegate.shutdown.set(true);
    return this;
  }

  /** As if it was collected. */
  public void letGo() {
    phantom.clear();
  }

  private static final class ManagedChannelReference
      extends WeakReference<ManagedChannelOrphanWrapper> {

    final Reference<RuntimeException> allocationSite =
        new SoftReference<>(new RuntimeException("ManagedChannel allocation site"));

    final String channelStr;

    ManagedChannelReference(ManagedChannelOrphanWrapper wrapper, ManagedChannelImpl channel) {
      super(wrapper);
      this.channelStr = channel.toString();
    }
  }
}
