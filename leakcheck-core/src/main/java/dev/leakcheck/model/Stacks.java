package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a stack trace tells. Stacks are innermost frame first. Thread-safe. */
public final class Stacks {

  private static final List<String> JDK =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "com.oracle.");

  private static final List<String> FRAMEWORKS =
      List.of(
          "org.junit.",
          "org.apache.maven.surefire.",
          "org.gradle.",
          "com.intellij.rt.",
          "org.eclipse.jdt.internal.");

  /** What runs tests, but not what tests call, such as JUnit's assertions. */
  private static final List<String> ENGINES =
      List.of(
          "org.junit.platform.",
          "org.junit.jupiter.engine.",
          "org.junit.vintage.engine.",
          "org.junit.runners.",
          "org.junit.internal.runners.");

  /** What a language's calls go through, where it finds at run time what is to be called. */
  private static final List<String> CALLS_OF_LANGUAGES =
      List.of(
          "groovy.lang.",
          "org.codehaus.groovy.reflection.",
          "org.codehaus.groovy.runtime.",
          "org.codehaus.groovy.vmplugin.");

  /** LeakCheck's own classes that call the user's code; its tests live beside them. */
  private static final Set<String> LEAKCHECK =
      Set.of(
          "dev.leakcheck.LeakCheck",
          "dev.leakcheck.growth.Repetitions",
          "dev.leakcheck.integration.TestScope",
          "dev.leakcheck.contract.CancellationProbe",
          "dev.leakcheck.contract.Cancelling",
          "dev.leakcheck.contract.Closing",
          "dev.leakcheck.contract.ContractError",
          "dev.leakcheck.contract.Contracts",
          "dev.leakcheck.contract.HttpProbe",
          "dev.leakcheck.contract.Marker",
          "dev.leakcheck.contract.ProbeInputStream",
          "dev.leakcheck.contract.ProbeOutputStream",
          "dev.leakcheck.contract.ShuttingDown",
          "dev.leakcheck.contract.Stopping",
          "dev.leakcheck.contract.TaskRun",
          "dev.leakcheck.contract.Vigil",
          "dev.leakcheck.junit5.LeakCheckExtension",
          "dev.leakcheck.junit5.Repeated");

  private static final int INNERMOST_SHOWN = 3;

  /** How many parts of their names classes of one program have in common. */
  private static final int HOME_PARTS = 2;

  private Stacks() {}

  /**
   * Whether a frame belongs to the JDK.
   *
   * @param frame the frame
   * @return true if it does
   */
  public static boolean isJdk(StackTraceElement frame) {
    String type = frame.getClassName();
    for (String prefix : JDK) { // asked of every frame of every thread
      if (type.startsWith(prefix)) {
        return prefix.equals("java.") || !isOfClassPath(frame);
      }
    }
    return false;
  }

  /**
   * Whether a frame is of a class that came with the program, though its name may be like one of
   * the JDK's: such are the tests of libraries in {@code com.sun} and {@code javax}. Dumps do not
   * tell.
   */
  private static boolean isOfClassPath(StackTraceElement frame) {
    String module = frame.getModuleName();
    return "app".equals(frame.getClassLoaderName())
        && (module == null || !(module.startsWith("java.") || module.startsWith("jdk.")));
  }

  /**
   * The innermost frame that is neither the JDK's nor a test runner's: where the user's or a
   * library's code is. What called the test runner is not looked at.
   *
   * @param stack the stack
   * @return the frame, or empty if there is none
   */
  public static Optional<StackTraceElement> firstOwnFrame(List<StackTraceElement> stack) {
    return inTest(stack).filter(Stacks::isOwn).findFirst().map(CoroutineBody::asWritten);
  }

  /**
   * Whether a frame is neither the JDK's nor a test runner's, and of code that somebody wrote: not
   * of what was made at run time, nor of what a language's calls go through.
   *
   * @param frame the frame
   * @return true if it is the user's or a library's
   */
  public static boolean isOwn(StackTraceElement frame) {
    String type = frame.getClassName();
    return !type.isEmpty()
        && !isJdk(frame)
        && !type.contains("$$Lambda") // the class that the JVM makes for a lambda, not its body
        && !GeneratedCode.is(frame)
        && !LEAKCHECK.contains(outermost(type))
        && !isTestRunner(frame)
        && (CALLS_OF_LANGUAGES.stream().noneMatch(type::startsWith) || TestCode.has(type));
  }

  /**
   * The class in which a lambda stands.
   *
   * @param type the name of any class
   * @return the same if it is none that the JVM made for a lambda
   */
  public static String withoutLambda(String type) {
    int lambda = type.indexOf("$$Lambda");
    return lambda < 0 ? type : type.substring(0, lambda);
  }

  private static String outermost(String type) {
    int nested = type.indexOf('$');
    return nested < 0 || !type.startsWith("dev.leakcheck.") ? type : type.substring(0, nested);
  }

  /**
   * Whether a frame belongs to a test runner.
   *
   * @param frame the frame
   * @return true if it does
   */
  public static boolean isTestRunner(StackTraceElement frame) {
    String type = frame.getClassName();
    return FRAMEWORKS.stream().anyMatch(type::startsWith) && !TestCode.has(type);
  }

  /**
   * The frames that are neither the JDK's nor a test runner's, nor of what called that. Where a
   * proxy's method was called and led to the one of that name which it stands for, there is nothing
   * between that and the caller; nor is what a compiler added to have a method called, or what was
   * woven into a method to have a library call it again. The body of a coroutine is in the function
   * in which it stands.
   *
   * @param stack the stack
   * @return the user's and libraries' frames, innermost first; may be empty
   */
  public static List<StackTraceElement> own(List<StackTraceElement> stack) {
    List<StackTraceElement> own = new ArrayList<>();
    WovenCode woven = new WovenCode(own);
    for (StackTraceElement frame : (Iterable<StackTraceElement>) inTest(stack)::iterator) {
      if (isOwn(frame)) {
        StackTraceElement last = own.isEmpty() ? null : own.get(own.size() - 1);
        StackTraceElement written = CoroutineBody.asWritten(frame);
        if (!woven.takes(written)
            && (last == null
                || !(GeneratedCode.passesOn(frame, last) || CoroutineBody.goesOn(frame, last)))) {
          own.add(written);
        }
      } else if (GeneratedCode.is(frame)) {
        for (int i = own.size() - 1; i >= 0; i--) {
          if (GeneratedCode.standsFor(frame, own.get(i))) {
            own.subList(i + 1, own.size()).clear();
            break;
          }
        }
      } else {
        woven.passes(frame);
      }
    }
    return Collections.unmodifiableList(own);
  }

  private static Stream<StackTraceElement> inTest(List<StackTraceElement> stack) {
    return stack.stream()
        .takeWhile(frame -> ENGINES.stream().noneMatch(frame.getClassName()::startsWith));
  }

  /**
   * What a person needs to see of a stack: the user's and libraries' frames, or the innermost few
   * if there is none of either.
   *
   * @param stack the stack
   * @param most how many frames at the most
   * @return one line for each frame, innermost first
   */
  public static List<String> shown(List<StackTraceElement> stack, int most) {
    List<StackTraceElement> own = own(stack);
    return own.isEmpty()
        ? stack.stream().limit(Math.min(most, INNERMOST_SHOWN)).map(Stacks::text).toList()
        : own.stream().limit(most).map(Stacks::text).toList();
  }

  /**
   * What a person needs to see of where something was made: the innermost frames of the user and of
   * libraries, the outermost, which is the user's, and those that answer for it; what is left out
   * between them is counted.
   *
   * @param origin the creation
   * @param most how many frames at the most
   * @return one line for each, innermost first
   */
  public static List<String> shown(Origin.Known origin, int most) {
    List<StackTraceElement> own = own(origin.stack());
    if (own.size() <= most) {
      return shown(origin.stack(), most);
    }
    Set<Integer> kept = new TreeSet<>();
    kept.add(own.size() - 1);
    Maker maker = origin.maker();
    if (maker != null) {
      kept.add(own.indexOf(maker.frame()));
      kept.add(own.indexOf(maker.caller()));
      kept.remove(-1);
    }
    for (int i = 0; kept.size() < most; i++) {
      kept.add(i);
    }
    List<String> lines = new ArrayList<>();
    int next = 0;
    for (int i : kept) {
      if (i == next + 1) {
        lines.add(text(own.get(next)));
      } else if (i > next) {
        lines.add("… " + (i - next) + " frames");
      }
      lines.add(text(own.get(i)));
      next = i + 1;
    }
    return lines;
  }

  /**
   * The first parts of a class's package, which tell its program or library from others.
   *
   * @param className a class name
   * @return such as {@code com.acme}
   */
  public static String home(String className) {
    String[] parts = className.split("\\.", HOME_PARTS + 1);
    return parts.length <= HOME_PARTS ? parts[0] : parts[0] + "." + parts[1];
  }

  /**
   * A frame without its module and class loader.
   *
   * @param frame the frame
   * @return such as {@code com.acme.Poller.run(Poller.java:7)}
   */
  public static String text(StackTraceElement frame) {
    String type = frame.getClassName();
    return (type.isEmpty() ? "" : type + ".") + frame.getMethodName() + "(" + source(frame) + ")";
  }

  /**
   * Where a frame stands, as briefly as it can be said.
   *
   * @param frame the frame
   * @return such as {@code Poller.java:7}; class and method if the source is not known
   */
  public static String place(StackTraceElement frame) {
    return frame.getFileName() == null ? text(frame) : source(frame);
  }

  private static String source(StackTraceElement frame) {
    if (frame.isNativeMethod()) {
      return "Native Method";
    }
    if (frame.getFileName() == null) {
      return "Unknown Source";
    }
    return frame.getFileName() + (frame.getLineNumber() >= 0 ? ":" + frame.getLineNumber() : "");
  }

  /**
   * Whether any frame's class name begins so.
   *
   * @param stack the stack
   * @param classPrefix how the class name begins
   * @return true if there is such a frame
   */
  public static boolean runs(List<StackTraceElement> stack, String classPrefix) {
    return stack.stream().anyMatch(frame -> frame.getClassName().startsWith(classPrefix));
  }

  /**
   * Whether a stack has a frame of a class and method.
   *
   * @param stack the stack
   * @param type class name
   * @param method method name
   * @return true if there is such a frame
   */
  public static boolean has(List<StackTraceElement> stack, String type, String method) {
    return stack.stream()
        .anyMatch(
            frame -> frame.getClassName().equals(type) && frame.getMethodName().equals(method));
  }

  /**
   * Whether a class is another one or nested in it.
   *
   * @param className the name of a class, such as a frame's
   * @param type the name of the other
   * @return true if it is
   */
  public static boolean isIn(String className, String type) {
    return className.equals(type) || className.startsWith(type + "$");
  }
}
