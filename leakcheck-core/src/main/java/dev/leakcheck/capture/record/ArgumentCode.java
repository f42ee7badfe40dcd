package dev.leakcheck.capture.record;

import dev.leakcheck.model.Stacks;
import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells by the stack whether code of the user's runs that gives tests their arguments, such as the
 * method of a {@code @MethodSource} or an {@code ArgumentsProvider}. JUnit calls it where code of
 * extensions runs as well, and shows it to no extension.
 *
 * <p>Whose code runs is told by who called the innermost of it. A source is called by what JUnit
 * has for parameters, or for that by reflection. What it gives lazily is code of the test class
 * that a stream calls. Whatever else JUnit calls is an extension's.
 *
 * <p>One looks at one stack. Runs in hooks: takes no lock and calls no user code.
 */
final class ArgumentCode {

  private static final String PARAMETERS = "org.junit.jupiter.params.";

  // What runs tests calls extensions

  private static final String DESCRIPTORS = "org.junit.jupiter.engine.descriptor.";
  private static final String ENGINES = "org.junit.platform.engine.";

  /** Test code calls these, and is called back. */
  private static final String CALLED_BY_TESTS = "org.junit.jupiter.api.";

  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES);

  private final Set<String> givers;

  /** Whether the frames so far are LeakCheck's own. */
  private boolean inHook;

  /** The innermost code that is somebody's: its outermost class so far. */
  private @Nullable String code;

  // What that was called through

  private boolean byStream;
  private boolean byReflection;
  private boolean byRunner;

  private ArgumentCode(Set<String> givers, boolean inHook) {
    this.givers = givers;
    this.inHook = inHook;
  }

  /**
   * Has all that a hook needs loaded. To load it in the hook could make a lock, and so need it once
   * more before it is there.
   */
  static void load() {
    look(new ArgumentCode(Set.of(), false));
  }

  /**
   * Whether such code runs on the current thread, in a hook. Costs microseconds.
   *
   * @param givers names of the classes whose code may give arguments lazily
   * @return true if it does
   */
  static boolean runs(Set<String> givers) {
    return look(new ArgumentCode(givers, true));
  }

  private static boolean look(ArgumentCode code) {
    return WALKER.walk(code::isIn);
  }

  private boolean isIn(Stream<StackFrame> stack) {
    Iterator<StackFrame> frames = stack.iterator();
    Boolean answer = null;
    while (answer == null && frames.hasNext()) {
      StackFrame frame = frames.next();
      inHook &= !Trace.isHooked(frame.getClassName());
      answer = inHook ? null : next(frame.toStackTraceElement());
    }
    return Boolean.TRUE.equals(answer);
  }

  /** The next frame outwards; null if that does not settle it. */
  private @Nullable Boolean next(StackTraceElement frame) {
    String type = frame.getClassName();
    if (!Stacks.isTestRunner(frame)) {
      return Stacks.isOwn(frame) ? somebodys(type) : between(type);
    }
    if (code == null) {
      return false;
    }
    if (type.startsWith(PARAMETERS)) {
      return true;
    }
    if (!byRunner && type.startsWith(CALLED_BY_TESTS)) {
      return null;
    }
    if (!byRunner && byStream && givers.contains(code)) {
      return true;
    }
    if (!byReflection || type.startsWith(DESCRIPTORS) || type.startsWith(ENGINES)) {
      return false;
    }
    byRunner = true;
    return null;
  }

  private @Nullable Boolean somebodys(String type) {
    if (byRunner) {
      return false; // which had JUnit call by reflection
    }
    code = type;
    byStream = false;
    byReflection = false;
    return null;
  }

  private @Nullable Boolean between(String type) {
    byStream |= type.startsWith("java.util.stream.");
    byReflection |= type.equals("java.lang.reflect.Method");
    return null;
  }
}
