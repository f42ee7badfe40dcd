package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.HeapFrame;
import java.util.Map;
import java.util.Set;

/**
 * Native methods of the JDK in which threads wait or have a heap dumped, of 17 and later on Linux,
 * macOS and Windows. None of them is given an object of a user's that is used afterwards, and none
 * hands one out. Of all others a dump may lack what they were given or are about to return: the
 * caller's frame has it no more, or not yet, and the native one's shows no variables.
 */
final class NativeWaits {

  private static final Set<String> RESOLVING =
      Set.of("lookupAllHostAddr", "getHostByAddr", "getLocalHostName", "isReachable0");
  private static final Set<String> DISPATCHING =
      Set.of(
          "read0", "readv0", "pread0", "write0", "writev0", "pwrite0", "recv0", "send0", "lock0");
  private static final Set<String> FILE_BYTES =
      Set.of(
          "read",
          "read0",
          "readBytes",
          "readBytes0",
          "write",
          "write0",
          "writeBytes",
          "writeBytes0");

  private static final Map<String, Set<String>> KNOWN =
      Map.ofEntries(
          Map.entry("java.lang.Object", Set.of("wait", "wait0")),
          Map.entry(
              "java.lang.Thread", Set.of("sleep", "sleep0", "sleepNanos0", "yield", "yield0")),
          Map.entry("java.lang.ref.Reference", Set.of("waitForReferencePendingList")),
          Map.entry("java.lang.VirtualThread", Set.of("takeVirtualThreadListToUnblock")),
          Map.entry("java.lang.ProcessHandleImpl", Set.of("waitForProcessExit0")),
          Map.entry(
              "java.lang.ProcessImpl",
              Set.of("waitForInterruptibly", "waitForTimeoutInterruptibly")),
          Map.entry("jdk.internal.misc.Unsafe", Set.of("park")),
          Map.entry("java.io.FileInputStream", FILE_BYTES),
          Map.entry("java.io.FileOutputStream", FILE_BYTES),
          Map.entry("java.io.RandomAccessFile", FILE_BYTES),
          Map.entry("java.net.Inet4AddressImpl", RESOLVING),
          Map.entry("java.net.Inet6AddressImpl", RESOLVING),
          Map.entry("java.net.SocketInputStream", Set.of("socketRead0")),
          Map.entry("java.net.SocketOutputStream", Set.of("socketWrite0")),
          Map.entry(
              "java.net.PlainSocketImpl",
              Set.of("accept0", "connect0", "waitForConnect", "socketConnect")),
          Map.entry("sun.nio.ch.EPoll", Set.of("wait")),
          Map.entry("sun.nio.ch.KQueue", Set.of("poll")),
          Map.entry("sun.nio.ch.PollSelectorImpl", Set.of("poll")),
          Map.entry("sun.nio.ch.WindowsSelectorImpl$SubSelector", Set.of("poll0")),
          Map.entry("sun.nio.ch.WEPoll", Set.of("wait")),
          Map.entry("sun.nio.ch.Iocp", Set.of("getQueuedCompletionStatus")),
          Map.entry("sun.nio.ch.Net", Set.of("accept", "poll", "pollConnect", "connect0")),
          Map.entry("sun.nio.ch.UnixDomainSockets", Set.of("accept0", "connect0")),
          Map.entry("sun.nio.ch.SocketDispatcher", DISPATCHING),
          Map.entry("sun.nio.ch.UnixDispatcher", DISPATCHING),
          Map.entry("sun.nio.ch.DatagramDispatcher", DISPATCHING),
          Map.entry("sun.nio.ch.DatagramChannelImpl", Set.of("receive0", "send0")),
          Map.entry("sun.nio.ch.FileDispatcherImpl", DISPATCHING),
          Map.entry("sun.nio.ch.UnixFileDispatcherImpl", DISPATCHING),
          Map.entry("sun.nio.fs.LinuxWatchService", Set.of("poll")),
          Map.entry("sun.nio.fs.UnixNativeDispatcher", Set.of("read", "read0", "write", "write0")),
          Map.entry("sun.nio.fs.WindowsNativeDispatcher", Set.of("GetQueuedCompletionStatus0")),
          Map.entry("com.sun.management.internal.HotSpotDiagnostic", Set.of("dumpHeap0")),
          Map.entry(
              "com.sun.management.internal.DiagnosticCommandImpl",
              Set.of("executeDiagnosticCommand")),
          Map.entry("sun.tools.attach.VirtualMachineImpl", Set.of("connect", "read", "write")),
          Map.entry("sun.awt.X11.XToolkit", Set.of("waitForEvents")),
          Map.entry("sun.awt.windows.WToolkit", Set.of("eventLoop")));

  /**
   * What calls or makes what users gave to it, or takes and returns their objects, and may sleep
   * over that: in the JVM, for another thread or for memory.
   */
  private static final Set<String> OF_THE_LANGUAGE =
      Set.of("java.lang.", "jdk.internal.misc.", "jdk.internal.reflect.", "jdk.internal.vm.");

  private NativeWaits() {}

  /**
   * Whether nothing is hidden by a native method that runs.
   *
   * @param slept whether the system says that the thread slept in it all the time
   */
  static boolean hideNothing(HeapFrame frame, boolean slept) {
    return KNOWN.getOrDefault(frame.type(), Set.of()).contains(frame.method())
        || (slept
            && Cuts.isJdk(frame.type())
            && OF_THE_LANGUAGE.stream().noneMatch(frame.type()::startsWith));
  }
}
