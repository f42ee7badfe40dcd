package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.CallSites;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Maker.Deed;
import dev.leakcheck.model.Stacks;
import org.jspecify.annotations.Nullable;

/**
 * What the user's code gave an object to that a library had made for it: an object of the same
 * library which is there to be stopped, such as a server that is built with its connector. Of
 * several, one in the other, it is the outermost. Whether it stops what it was given, only its own
 * code knows. Used by one thread.
 */
final class Wholes {

  private final Stops stops;

  Wholes(Stops stops) {
    this.stops = stops;
  }

  /** What has a thing: the class of that, and the call which is known of it. */
  private record Holding(Class<?> type, CallSites.Call call) {}

  /**
   * The outermost that got it.
   *
   * @param caller the user's line that had the library make it
   * @param frame what it called
   * @param part the class of what was made
   * @return null if it was given to none, as far as that line and those after it tell
   */
  @Nullable Maker of(StackTraceElement caller, StackTraceElement frame, Class<?> part) {
    Class<?> code = StaticFields.classOf(caller);
    if (code == null) {
      return null;
    }
    String home = Stacks.home(part.getName());
    Class<?> held = part;
    Class<?> builder = null;
    Holding whole = null;
    for (CallSites.Call call : CallSites.after(code, caller, frame.getMethodName())) {
      Class<?> container = takes(call, held, home) ? container(call, home) : null;
      Class<?> found =
          container != null
              ? container
              : builder != null && call.owner().equals(builder.getName())
                  ? of(call.result(), home)
                  : null;
      if (found == null || found == held || found == part) {
        continue;
      }
      if (stops.ofObject(found) != null) {
        held = found;
        builder = null;
        whole = new Holding(found, call);
      } else if (container != null) {
        builder = found;
      }
    }
    return whole == null ? null : maker(whole, caller);
  }

  private static boolean takes(CallSites.Call call, Class<?> held, String home) {
    return call.taken().stream()
        .map(name -> of(name, home))
        .anyMatch(type -> type != null && type.isAssignableFrom(held));
  }

  /** What has afterwards what a call takes. */
  private static @Nullable Class<?> container(CallSites.Call call, String home) {
    return of(call.ofClass() ? call.result() : call.owner(), home);
  }

  private static @Nullable Class<?> of(String type, String home) {
    return Stacks.home(type).equals(home) ? StaticFields.ofApplication(type) : null;
  }

  private Maker maker(Holding whole, StackTraceElement caller) {
    CallSites.Call call = whole.call();
    StackTraceElement line =
        new StackTraceElement(
            caller.getClassName(), caller.getMethodName(), caller.getFileName(), call.line());
    return new Maker(
        new StackTraceElement(call.owner(), call.method(), null, -1),
        line,
        line,
        whole.type().getName(),
        stops.ofObject(whole.type()),
        true,
        call.method().equals("<init>") ? Deed.MAKES : Deed.GIVES);
  }
}
