package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Maker.Deed;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Threads that the user started, and that are themselves a library's object which is there to be
 * stopped, or run such a one that a method of the library's started: their end is that object's
 * call, not an interrupt. Used by one thread.
 */
final class StoppableThreads {

  private final Stops stops;
  private final Predicate<Class<?>> librarys;

  /**
   * @param librarys whether a class is a library's
   */
  StoppableThreads(Stops stops, Predicate<Class<?>> librarys) {
    this.stops = stops;
    this.librarys = librarys;
  }

  /**
   * The same origin, with that object's class as the owner if nobody else is known to be there to
   * stop the thread.
   */
  Origin.Known owned(Origin.Known known, Birth birth) {
    Maker maker = known.maker();
    if (maker == null
        || maker.librarys()
        || maker.stop() != null
        || !(birth.get() instanceof Thread thread)) {
      return known;
    }
    for (Object object : ThreadObjects.of(thread)) {
      Maker owner = owner(object, thread, maker, Stacks.own(known.stack()));
      if (owner != null) {
        return new Origin.Known(
            known.stack(), known.thread(), known.scope(), known.shared(), owner);
      }
    }
    return known;
  }

  private @Nullable Maker owner(
      Object object, Thread thread, Maker maker, List<StackTraceElement> own) {
    Class<?> type = object.getClass();
    Class<?> caller = StaticFields.classOf(maker.frame());
    String stop = caller == null || !librarys.test(type) ? null : stops.ofObject(type, caller);
    StackTraceElement started =
        stop == null ? null : started(object == thread ? type : null, maker, own);
    return started == null
        ? null
        : new Maker(started, maker.frame(), maker.frame(), type.getName(), stop, true, Deed.USES);
  }

  /** What the user called of the library to have it started. */
  private @Nullable StackTraceElement started(
      @Nullable Class<?> thread, Maker maker, List<StackTraceElement> own) {
    int call = own.indexOf(maker.frame());
    StackTraceElement called = call > 0 ? own.get(call - 1) : null;
    if (called != null) {
      List<Class<?>> classes = StaticFields.classesOf(called);
      if (!classes.isEmpty() && classes.stream().allMatch(librarys)) {
        return called;
      }
    }
    return thread == null || own.stream().limit(Math.max(call, 0)).anyMatch(this::isLibrarys)
        ? null
        : new StackTraceElement(thread.getName(), "start", null, -1); // inherited from Thread
  }

  /** One of the user's own is a method that makes it for the others. */
  private boolean isLibrarys(StackTraceElement frame) {
    return StaticFields.classesOf(frame).stream().anyMatch(librarys);
  }
}
