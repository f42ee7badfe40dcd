package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Loaders;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The channels and servers that gRPC lists as open ({@code io.grpc.InternalChannelz}, since 1.13):
 * each from its making until it has terminated, whoever still refers to it. gRPC keeps the stack
 * that made a channel as well, until another is made after the channel was let go and collected.
 *
 * <p>Their threads are shared by all, and end with the last that is open, so that no thread tells
 * what was left open. Looks at the gRPC that the JDK's loader of applications finds; no class is
 * initialised. Thread-safe.
 */
public final class GrpcRegistry {

  private static final String CHANNELS = "rootChannels";
  private static final String SERVERS = "servers";
  private static final String SHUT_DOWN_BY = "io.grpc.internal.ManagedChannelOrphanWrapper";

  /** Looked for once, when the first scope opens. */
  private static final class Listing {
    static final @Nullable Class<?> TYPE = find("io.grpc.InternalChannelz");

    private static @Nullable Class<?> find(String name) {
      try {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        return Loaders.isJdks(loader)
            ? Class.forName(name, false, loader)
            : null; // a loader of the user's, whose code would run
      } catch (ClassNotFoundException | LinkageError | SecurityException notThere) {
        return null;
      }
    }
  }

  /**
   * A channel or server that is open.
   *
   * @param id the number that gRPC gave it
   * @param object gRPC's object
   * @param server whether it is a server
   */
  public record Open(long id, Object object, boolean server) {}

  private GrpcRegistry() {}

  /**
   * The numbers of what is open. Takes less than a microsecond where nothing is.
   *
   * @return the numbers
   */
  public static Set<Long> ids() {
    Object listing = listing();
    if (listing == null) {
      return Set.of();
    }
    Map<?, ?> channels = map(listing, CHANNELS);
    Map<?, ?> servers = map(listing, SERVERS);
    if (channels.isEmpty() && servers.isEmpty()) {
      return Set.of();
    }
    Set<Long> ids = new HashSet<>();
    addIds(channels, ids);
    addIds(servers, ids);
    return ids;
  }

  private static void addIds(Map<?, ?> listed, Set<Long> ids) {
    for (Object id : listed.keySet()) {
      if (id instanceof Long number) {
        ids.add(number);
      }
    }
  }

  /**
   * What is open and was not at some time.
   *
   * @param before what {@link #ids} was then
   * @return channels first
   */
  public static List<Open> since(Set<Long> before) {
    List<Open> open = new ArrayList<>();
    Object listing = listing();
    if (listing != null) {
      add(map(listing, CHANNELS), false, before, open);
      add(map(listing, SERVERS), true, before, open);
    }
    return open;
  }

  private static void add(Map<?, ?> listed, boolean server, Set<Long> known, List<Open> open) {
    listed.forEach(
        (id, object) -> {
          if (id instanceof Long number && object != null && !known.contains(number)) {
            open.add(new Open(number, object, server));
          }
        });
  }

  private static @Nullable Object listing() {
    Class<?> type = Listing.TYPE;
    return type == null ? null : value(Fields.ofClass(type), "INSTANCE", null);
  }

  /**
   * Whether a channel or server was told to shut down: then its last call has not ended.
   *
   * @param open a channel or server
   * @return false, too, if that cannot be read
   */
  public static boolean isShutDown(Open open) {
    Object told = value(Fields.ofInstances(open.object().getClass()), "shutdown", open.object());
    return told instanceof AtomicBoolean flag ? flag.get() : Boolean.TRUE.equals(told);
  }

  /** Ordered by the numbers themselves: to look through it runs the JDK's code alone. */
  private static Map<?, ?> map(Object listing, String name) {
    Object map = value(Fields.ofInstances(listing.getClass()), name, listing);
    return map instanceof ConcurrentSkipListMap<?, ?> listed
            && listed.getClass() == ConcurrentSkipListMap.class
        ? listed
        : Map.of();
  }

  private static @Nullable Object value(List<Field> fields, String name, @Nullable Object owner) {
    for (Field field : fields) {
      if (field.getName().equals(name)) {
        return Fields.read(field, owner);
      }
    }
    return null;
  }

  /**
   * The stack that made a channel.
   *
   * @param open a channel
   * @return innermost frame first; empty if gRPC has it no more, or for a server
   */
  public static List<StackTraceElement> madeAt(Open open) {
    Class<?> type = Listing.TYPE == null ? null : Listing.find(SHUT_DOWN_BY);
    Object references = type == null ? null : value(Fields.ofClass(type), "refs", null);
    if (references instanceof Map<?, ?> map && Fields.isJdk(map.getClass())) {
      for (Object key : map.values()) {
        if (key instanceof Reference<?> reference && isOf(reference, open)) {
          List<Field> fields = Fields.ofInstances(reference.getClass());
          return value(fields, "allocationSite", reference) instanceof Reference<?> site
                  && site.get() instanceof RuntimeException made
                  && made.getClass() == RuntimeException.class
              ? withoutBuilder(List.of(made.getStackTrace()))
              : List.of();
        }
      }
    }
    return List.of();
  }

  /** It is not gRPC that has to shut it down. */
  private static List<StackTraceElement> withoutBuilder(List<StackTraceElement> stack) {
    return stack.stream().dropWhile(frame -> frame.getClassName().startsWith("io.grpc.")).toList();
  }

  /** What was handed out leads to the channel; once it is collected, the channel's text tells. */
  private static boolean isOf(Reference<?> reference, Open open) {
    Object wrapper = reference.get();
    if (wrapper != null) {
      return value(Fields.ofInstances(wrapper.getClass()), "delegate", wrapper) == open.object();
    }
    try {
      Field text = reference.getClass().getDeclaredField("channelStr");
      return text.trySetAccessible()
          && Fields.read(text, reference) instanceof String channel
          && channel.contains("{logId=" + open.id() + ",");
    } catch (NoSuchFieldException | RuntimeException | LinkageError unreadable) {
      return false;
    }
  }
}
