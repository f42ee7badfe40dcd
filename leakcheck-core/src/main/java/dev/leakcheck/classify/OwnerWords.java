package dev.leakcheck.classify;

import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Stacks;
import org.jspecify.annotations.Nullable;

/** What is said of the owner of something: what it is, and the call that would have ended it. */
final class OwnerWords {

  private static final String IF_IT_THREW = "; if that threw, it left this behind itself";

  private OwnerWords() {}

  /**
   * Such as {@code OrderService, never closed}.
   *
   * @param called whether it is being stopped
   */
  static String title(Maker maker, boolean called) {
    return (maker.librarys() && maker.stop() == null
            ? "what " + method(maker) + " made, "
            : CauseWriter.simple(maker.type()) + ", ")
        + never(participle(maker.stop()), called);
  }

  /** Such as {@code never closed}. */
  static String never(String participle, boolean called) {
    return called ? participle + " and not ended" : "never " + participle;
  }

  private static String participle(@Nullable String stop) {
    return switch (String.valueOf(stop)) {
      case "stop" -> "stopped";
      case "shutdown", "shutdownNow", "shutdownGracefully" -> "shut down";
      case "dispose" -> "disposed of";
      case "destroy" -> "destroyed";
      case "terminate" -> "terminated";
      default -> "closed";
    };
  }

  /**
   * What to do, by the owner's own call.
   *
   * @param deed such as {@code made the executor}
   * @return null if no such call is known
   */
  static @Nullable String fix(Maker maker, String deed) {
    StackTraceElement caller = maker.caller();
    if (maker.together() == null || caller == null) {
      return null;
    }
    String where = use(maker, caller);
    if (maker.stop() == null) {
      return "stop what " + method(maker) + " made (" + where + ")" + IF_IT_THREW;
    }
    String call = CauseWriter.simple(maker.type()) + "." + maker.stop() + "()";
    return maker.librarys()
        ? "call " + call + " (" + where + (maker.gives() ? IF_IT_THREW : "") + ")"
        : "see that "
            + call
            + " ends it ("
            + CauseWriter.it(deed, maker.frame())
            + "), and that it is called: "
            + where;
  }

  /** Which line has the owner: {@code the OrderService is made at OrderServiceTest.java:12}. */
  static String use(Maker maker, StackTraceElement caller) {
    String made =
        maker.frame().getMethodName().equals("<init>")
            ? "the " + CauseWriter.simple(maker.type()) + " is made"
            : method(maker) + " is called";
    return made + " at " + Stacks.place(caller);
  }

  static String method(Maker maker) {
    String type = CauseWriter.simple(maker.gives() ? maker.frame().getClassName() : maker.type());
    String method = maker.frame().getMethodName();
    return method.equals("<init>") ? "new " + type + "()" : type + "." + method + "()";
  }
}
