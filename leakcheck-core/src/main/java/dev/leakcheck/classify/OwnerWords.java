package dev.leakcheck.classify;

import dev.leakcheck.classify.Classifier.Cause;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Maker.Deed;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said of the owner of something: what it is, and the call that would have ended it. */
public final class OwnerWords {

  private static final String LIBRARYS_LEAK = ", this is the library's own leak";

  /** Nobody sees whether a call that has returned was made. */
  private static final String UNLESS_DONE = "; if that was done" + LIBRARYS_LEAK;

  /** What begins so gives a task to an executor, whoever declares it. */
  private static final List<String> GIVES_TASKS =
      List.of("execute", "submit", "schedule", "invoke");

  private OwnerWords() {}

  /**
   * Such as {@code OrderService, not ended}.
   *
   * @param called whether it is being stopped
   */
  static String title(Maker maker, boolean called) {
    return (maker.librarys() && maker.stop() == null
            ? "what " + method(maker) + " made, "
            : CauseWriter.simple(maker.type()) + ", ")
        + notEnded(participle(maker.stop()), called);
  }

  /** Such as {@code closed and not ended}. */
  static String notEnded(String participle, boolean called) {
    return called ? participle + " and not ended" : "not ended";
  }

  static String participle(@Nullable String stop) {
    return switch (String.valueOf(stop)) {
      case "stop", "stopAsync", "quit", "halt" -> "stopped";
      case "shutdown", "shutdownNow", "shutdownAsync", "shutdownGracefully" -> "shut down";
      case "dispose" -> "disposed of";
      case "destroy" -> "destroyed";
      case "terminate" -> "terminated";
      default -> "closed";
    };
  }

  /**
   * What to do, by the owner's own call.
   *
   * @param parts what it consists of
   * @param deed such as {@code made the executor}
   * @param origins where what is spoken of was made
   * @return null if no such call is known
   */
  static @Nullable String fix(
      @Nullable Maker maker, List<Cause> parts, String deed, List<Origin> origins) {
    StackTraceElement call = maker == null ? null : maker.call();
    if (maker == null || maker.together() == null || call == null) {
      return null;
    }
    if (maker.stop() == null) {
      return stopWhat(maker, call);
    }
    String where = use(maker, call);
    String stop = CauseWriter.simple(maker.type()) + "." + maker.stop() + "()";
    return maker.librarys()
        ? "call "
            + (maker.whole() == null ? "" : ofWhole(maker.whole(), maker))
            + stop
            + " ("
            + where
            + ")"
            + (maker.whole() == null ? "" : " if that does not end it")
            + others(maker, parts)
            + unlessDone(maker)
        : "see that "
            + stop
            + " ends it"
            + CauseOrigins.onlyPlace(origins)
                .map(frame -> " (" + CauseWriter.it(deed, frame) + ")")
                .orElse("")
            + ", and that it is called: "
            + where;
  }

  /** No field that was followed leads to it: another may have been put where it was. */
  static String unlessReplaced(@Nullable Maker maker) {
    if (maker == null || !maker.isUsersOwner()) {
      return "";
    }
    String method = maker.called().getMethodName();
    return method.equals("<init>")
        ? ""
        : "; if that was done, a later "
            + method
            + "() may have put another in its place: have that end what is there first";
  }

  private static String stopWhat(Maker maker, StackTraceElement call) {
    return "stop what "
        + method(maker)
        + " made at "
        + Stacks.place(call)
        + "; if that was done or cannot be"
        + LIBRARYS_LEAK;
  }

  /** Whether the one ends the other nobody sees before it is tried. */
  private static String ofWhole(Maker whole, Maker part) {
    return CauseWriter.simple(whole.type())
        + "."
        + whole.stop()
        + "(), to which the "
        + CauseWriter.simple(part.type())
        + " was given ("
        + use(whole, Objects.requireNonNull(whole.call()))
        + "), or ";
  }

  /** One method of the user's had several objects of a library made: one may be another's part. */
  private static String others(Maker maker, List<Cause> parts) {
    Map<String, String> calls = new LinkedHashMap<>();
    for (Cause part : parts) {
      Maker other = part.maker;
      if (other != null
          && other.librarys()
          && other.stop() != null
          && other.deed() != Deed.USES_PART
          && other.call() != null
          && !other.type().equals(maker.type())
          && (maker.whole() == null || !other.type().equals(maker.whole().type()))) {
        String stop = CauseWriter.simple(other.type()) + "." + other.stop() + "()";
        calls.putIfAbsent(other.type(), stop + " (" + use(other, other.call()) + ")");
      }
    }
    return calls.isEmpty()
        ? ""
        : ", and " + String.join(", and ", calls.values()) + " unless the first does that";
  }

  /**
   * What was made, and by whom, if that was not the test's own thread.
   *
   * @param made such as {@code it started the thread at OrderTest.java:7}
   */
  static String by(Origin origin, String made) {
    return origin instanceof Origin.Known known && !known.isByTestsThread()
        ? CauseWriter.named(known.thread()) + made.substring("it".length())
        : made;
  }

  /**
   * Where the user's code still runs in a library's thread, no call to stop the library ends that.
   */
  static String unlessDone(Cause cause, Evidence.Code code) {
    String unless = unlessDone(cause.maker);
    return cause.threads.stream()
        .flatMap(thread -> code.users(thread).stream())
        .findFirst()
        .filter(frame -> unless.equals(UNLESS_DONE) && !isOfMaker(frame, cause.maker))
        .map(
            frame ->
                "; if that was done, have "
                    + CauseWriter.simple(frame.getClassName())
                    + "."
                    + frame.getMethodName()
                    + "() end, which still runs there ("
                    + Stacks.place(frame)
                    + ")")
        .orElse(unless);
  }

  private static boolean isOfMaker(StackTraceElement frame, @Nullable Maker maker) {
    return maker != null
        && Stacks.home(frame.getClassName()).equals(Stacks.home(maker.frame().getClassName()));
  }

  /** The same of what gives nothing to stop if it throws: a factory or a constructor. */
  static String unlessDone(@Nullable Maker maker) {
    String method = maker == null ? "" : maker.frame().getMethodName();
    boolean makes = method.equals("<init>");
    return maker == null || !maker.isMadeByLibrary() || (!makes && maker.deed() != Deed.GIVES)
        ? UNLESS_DONE
        : "; if that was done, or "
            + (makes ? "new " + CauseWriter.simple(maker.type()) : method)
            + "() threw"
            + LIBRARYS_LEAK;
  }

  /**
   * Whether a library started a thread, for the user or for an object of the user's.
   *
   * @param users whether it runs the user's code: then the user can end that
   */
  static boolean isByLibrary(@Nullable Maker maker, Origin.Known made, boolean users) {
    if (maker == null || maker.librarys()) {
      return maker != null;
    }
    String home = Stacks.home(maker.frame().getClassName());
    return maker.isUsersOwner()
        && !users
        && Stacks.firstOwnFrame(made.stack())
            .filter(frame -> !Stacks.home(frame.getClassName()).equals(home))
            .isPresent();
  }

  /** Such as {@code close field OrderTest.shop (Shop is AutoCloseable), whose close() has to }. */
  static String through(@Nullable Holder holder, KnownLibrary library) {
    Holder.Owner owner = holder == null ? null : holder.owner();
    return owner == null || library.hasClass(owner.type())
        ? ""
        : stop(owner) + ", whose " + owner.stop() + "() has to ";
  }

  /** Such as {@code call stop() on field OrderTest.shop (Shop)}. */
  static String stop(Holder.Owner owner) {
    boolean known = owner.generated() == null;
    String type = (known ? "" : "a ") + type(owner);
    return owner.autoCloseable()
        ? "close " + owner.named() + " (" + type + (known ? " is AutoCloseable)" : ")")
        : "call " + owner.stop() + "() on " + owner.named() + " (" + type + ")";
  }

  /**
   * What that has to do, as the advice goes on. Nobody else can change what a library's does.
   *
   * @param deed such as {@code shut the executor down}
   */
  static String andLetIt(String deed, Holder.Owner owner, Evidence.Code code) {
    if (owner.generated() != null) {
      return ", and let that " + deed;
    }
    return code.librarys().contains(owner.type())
        ? UNLESS_DONE
        : ", and let its " + owner.stop() + "() " + deed;
  }

  private static String type(Holder.Owner owner) {
    return owner.generated() == null ? CauseWriter.simple(owner.type()) : owner.generated();
  }

  /** Such as {@code Shop in field OrderTest.shop, not ended}. */
  static String title(Holder.Owner owner, boolean called) {
    String type = type(owner);
    return (owner.path().startsWith(type + "@") ? "" : type + " in ")
        + owner.path()
        + ", "
        + notEnded(participle(owner.stop()), called);
  }

  /** Which line of the user's had it made, in brackets; empty if that is not known. */
  static String from(Origin.Known origin) {
    StackTraceElement caller = origin.maker() == null ? null : origin.maker().caller();
    return caller == null ? "" : " (from " + Stacks.place(caller) + ")";
  }

  /** Which line has the owner: {@code the OrderService is made at OrderServiceTest.java:12}. */
  static String use(Maker maker, StackTraceElement call) {
    String made =
        maker.called().getMethodName().equals("<init>")
            ? "the " + CauseWriter.simple(maker.type()) + " is made"
            : method(maker, maker.called()) + " is called";
    StackTraceElement caller = maker.caller();
    return made
        + " at "
        + Stacks.place(call)
        + (caller == null || caller.equals(call) ? "" : " for " + Stacks.place(caller));
  }

  /**
   * What to do about what a library made, which nobody else can end.
   *
   * @return null if it is not known to be a library's, or no call of the user's led to it
   */
  public static @Nullable String ofLibrarys(Origin origin) {
    Maker maker = origin instanceof Origin.Known known ? known.maker() : null;
    return maker == null || !maker.librarys() ? null : fix(maker, List.of(), "", List.of(origin));
  }

  /**
   * What to do about a task that a library gave to an executor which is older than the test: so may
   * the object be whose method the user called, and what is there to stop it would end more.
   *
   * @return null if it is not known to be a library's, or the library gave what it was given itself
   *     and the user has the task's future
   */
  public static @Nullable String ofLibrarysTask(Origin origin) {
    Maker maker = origin instanceof Origin.Known known ? known.maker() : null;
    if (maker == null
        || !maker.librarys()
        || maker.call() == null
        || GIVES_TASKS.stream().anyMatch(maker.frame().getMethodName()::startsWith)) {
      return null;
    }
    return maker.isMadeByLibrary()
        ? fix(maker, List.of(), "", List.of(origin))
        : stopWhat(maker, maker.call());
  }

  /**
   * What to do about a lock that a library made for itself, and that only its code can unlock.
   *
   * @return null if it is not known to be a library's, or no call of the user's led to it
   */
  public static @Nullable String ofLibrarysLock(Origin origin) {
    Maker maker = origin instanceof Origin.Known known ? known.maker() : null;
    return maker == null || !maker.librarys() || maker.call() == null
        ? null
        : "a call to the library left a lock of its own locked ("
            + use(maker, maker.call())
            + "): this is the library's own leak";
  }

  /**
   * Where what somebody made has to be ended.
   *
   * @param otherwise what is said where nobody is known to be there to do it
   */
  public static String inStop(Origin origin, String otherwise) {
    Maker maker = origin instanceof Origin.Known known ? known.maker() : null;
    return maker == null || maker.stop() == null || maker.call() == null
        ? otherwise
        : "in "
            + CauseWriter.simple(maker.type())
            + "."
            + maker.stop()
            + "(), and see that this is called ("
            + use(maker, maker.call())
            + ")";
  }

  /**
   * What is to be done about a task that failed.
   *
   * @param otherwise what is said unless a library gave the task
   */
  public static String ofFailed(Origin origin, String otherwise) {
    Maker maker = origin instanceof Origin.Known known ? known.maker() : null;
    return maker == null || !maker.librarys() || maker.call() == null
        ? otherwise
        : "see that it can succeed ("
            + use(maker, maker.call())
            + "), or catch it in the task if that is your own code: the library which gave the task"
            + " has its Future";
  }

  /** Who stops it, and when, where a static method made it that somebody called. */
  static String helped(Maker maker, String deed) {
    return (maker.deed() == Deed.HELPS_TEST
            ? "the test ends ("
            : CauseWriter.simple(maker.type()) + " stops (")
        + CauseWriter.simple(maker.called().getClassName())
        + "."
        + maker.called().getMethodName()
        + "() "
        + deed
        + " at "
        + Stacks.place(maker.frame())
        + " and is called at "
        + Stacks.place(Objects.requireNonNull(maker.call()))
        + ")";
  }

  static String method(Maker maker) {
    return method(maker, maker.frame());
  }

  private static String method(Maker maker, StackTraceElement frame) {
    String type =
        CauseWriter.simple(
            maker.deed() == Deed.GIVES || maker.deed() == Deed.USES_PART
                ? frame.getClassName()
                : maker.type());
    String method = frame.getMethodName();
    return method.equals("<init>") ? "new " + type + "()" : type + "." + method + "()";
  }
}
