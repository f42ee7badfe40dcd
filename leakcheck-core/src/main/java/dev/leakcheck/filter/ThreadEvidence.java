package dev.leakcheck.filter;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.TestCode;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a thread is known by. All that is given has to hold; of several values one is enough.
 *
 * <p>A name is never enough, as a test may give any name to a thread of its own, and a group is not
 * either. What a test's thread does not have is: a class of the JDK's or a library's, such code in
 * its outermost frames, an executor that a static field holds or a library's thread factory made
 * for, or no Java frame at all.
 *
 * @param names what the name matches
 * @param notNames what it does not match
 * @param virtual whether it is a virtual thread
 * @param daemon whether it is a daemon, or null if that does not matter
 * @param groups names of its thread group
 * @param types patterns of its class
 * @param jvms whether it is a thread that the JVM itself started and that runs no Java code, or was
 *     called into it by the JVM
 * @param outermost patterns of the class of its outermost frame, those of {@code Thread} and {@code
 *     java.util.concurrent} apart
 * @param runs patterns of a class of which a frame stands outside of all code that is neither the
 *     JDK's nor the library's own
 * @param heldBy static fields, such as {@code com.acme.Pools.SHARED}, that lead to the thread or
 *     its executor
 * @param madeBy patterns of the class that makes the thread: its pool's thread factory, or what an
 *     agent saw on the stack that created it
 * @param idle whether it runs no code but the JDK's and the library's own
 * @param own what the names of the library's own classes begin with
 */
public record ThreadEvidence(
    List<NamePattern> names,
    List<NamePattern> notNames,
    boolean virtual,
    @Nullable Boolean daemon,
    List<String> groups,
    List<ClassPattern> types,
    boolean jvms,
    List<ClassPattern> outermost,
    List<ClassPattern> runs,
    List<String> heldBy,
    List<ClassPattern> madeBy,
    boolean idle,
    List<String> own) {

  /** How much is known of a thread. */
  enum Look {
    /** Name, class and group: it runs, and its stack was not asked for. */
    FIRST,
    /** All of a thread of this JVM. */
    FULL,
    /** All but what it does now: it died of an exception, whose stack is looked at. */
    DIED,
    /**
     * A thread dump that was written down: it tells neither class nor group, and no field can be
     * read. What cannot be known counts as given, as long as the name or the frames fit.
     */
    DUMP
  }

  private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";

  /** What a worker of a pool does between tasks. */
  private static final Set<String> WAITING = Set.of("getTask", "processWorkerExit", "addWorker");

  /** Copies the lists. */
  public ThreadEvidence {
    names = List.copyOf(names);
    notNames = List.copyOf(notNames);
    groups = List.copyOf(groups);
    types = List.copyOf(types);
    outermost = List.copyOf(outermost);
    runs = List.copyOf(runs);
    heldBy = List.copyOf(heldBy);
    madeBy = List.copyOf(madeBy);
    own = List.copyOf(own);
  }

  /** Whether it is more than what a test may give to any thread. */
  boolean convinces() {
    return cannotBeForged() || !outermost.isEmpty() || !runs.isEmpty();
  }

  private boolean cannotBeForged() {
    return jvms || !types.isEmpty() || !heldBy.isEmpty() || !madeBy.isEmpty();
  }

  private boolean needsMoreThanTheFirstLook() {
    return jvms
        || idle
        || !outermost.isEmpty()
        || !runs.isEmpty()
        || !heldBy.isEmpty()
        || !madeBy.isEmpty();
  }

  /** Whether all holds of a thread, apart from what it does at the moment. */
  boolean fits(ThreadRecord thread, Look look, @Nullable Thread live) {
    if (thread.virtual() != virtual
        || (look == Look.FIRST && needsMoreThanTheFirstLook())
        || !fitsName(thread.name())) {
      return false;
    }
    return fitsKind(thread, look) && fitsFrames(thread, look) && fitsMaker(thread, look, live);
  }

  /** Whether a name may be such a thread's. */
  boolean fitsName(String name) {
    return (names.isEmpty() || NamePattern.any(names, name)) && !NamePattern.any(notNames, name);
  }

  private boolean fitsKind(ThreadRecord thread, Look look) {
    if (daemon != null && daemon != thread.daemon() && look != Look.DUMP) {
      return false;
    }
    boolean given =
        look == Look.DUMP && !(names.isEmpty() && outermost.isEmpty() && runs.isEmpty());
    boolean group = groups.isEmpty() || given || groups.contains(thread.group());
    boolean type = types.isEmpty() || given || ClassPattern.any(types, thread.type());
    // What the JVM starts is of no other class, and a class of its own may hide its stack.
    boolean plain = !jvms || look == Look.DUMP || thread.type().equals(ThreadRecord.PLAIN_TYPE);
    return group && type && plain;
  }

  private boolean fitsFrames(ThreadRecord thread, Look look) {
    List<StackTraceElement> stack = thread.stack();
    return (!jvms || isJvms(thread, look))
        && (outermost.isEmpty() || hasOutermost(stack))
        && (runs.isEmpty() || hasOutside(stack));
  }

  /**
   * What Java code starts begins in a method {@code run}: that of its class, if not Thread's. Until
   * it has begun it has no frame either, but is not in the JVM's own group.
   */
  private static boolean isJvms(ThreadRecord thread, Look look) {
    List<StackTraceElement> stack = thread.stack();
    return stack.isEmpty()
        ? look == Look.DUMP
            || thread.group().equals("system")
            || thread.name().equals("DestroyJavaVM")
        : !stack.get(stack.size() - 1).getMethodName().equals("run");
  }

  private boolean hasOutermost(List<StackTraceElement> stack) {
    for (int i = stack.size() - 1; i >= 0; i--) {
      String type = stack.get(i).getClassName();
      if (!isStart(type)) {
        return ClassPattern.any(outermost, type);
      }
    }
    return false;
  }

  /** What stands between the JVM and the code that a thread was made for. */
  private static boolean isStart(String type) {
    return type.startsWith("java.util.concurrent.")
        || type.startsWith("java.lang.Thread")
        || type.equals("java.lang.VirtualThread")
        || type.startsWith("jdk.internal.vm.")
        || type.equals("jdk.internal.misc.InnocuousThread");
  }

  private boolean hasOutside(List<StackTraceElement> stack) {
    for (int i = stack.size() - 1; i >= 0 && !isForeign(stack.get(i)); i--) {
      if (ClassPattern.any(runs, stack.get(i).getClassName())) {
        return true;
      }
    }
    return false;
  }

  private boolean fitsMaker(ThreadRecord thread, Look look, @Nullable Thread live) {
    if (look == Look.DUMP) {
      return heldBy.isEmpty() || !LiveThread.isNamedByTheJdk(thread);
    }
    if (!cannotBeForged()) {
      return !LiveThread.isMadeByUser(thread, live, this);
    }
    return (heldBy.isEmpty() || LiveThread.isHeld(thread, live, heldBy))
        && (madeBy.isEmpty() || LiveThread.isMadeBy(thread, live, this));
  }

  /** Whether a thread may do what it does and still be left alone. */
  boolean isAtRest(ThreadRecord thread, Look look) {
    return !idle || look == Look.DIED || isIdle(thread.stack());
  }

  /**
   * Nothing but the JDK's and the library's own code is run. A worker of the JDK's that runs a task
   * without any frame of the library's has it from somebody, be it made of methods of the JDK.
   */
  private boolean isIdle(List<StackTraceElement> stack) {
    boolean works = false;
    boolean waits = false;
    boolean library = false;
    for (StackTraceElement frame : stack) {
      if (isForeign(frame)) {
        return false;
      }
      String type = frame.getClassName();
      library |= isOwn(type);
      works |= type.equals(POOL) && frame.getMethodName().equals("runWorker");
      works |= type.equals("java.util.concurrent.ForkJoinTask");
      waits |= type.equals(POOL) && WAITING.contains(frame.getMethodName());
    }
    return library || waits || !works;
  }

  /** Whether a thread runs code that is neither the JDK's nor the library's own. */
  boolean runsForeign(ThreadRecord thread) {
    return thread.stack().stream().anyMatch(this::isForeign);
  }

  /** Whether a frame is neither the JDK's nor the library's own. */
  boolean isForeign(StackTraceElement frame) {
    String type = frame.getClassName();
    return !type.isEmpty() && !Stacks.isJdk(frame) && !isOwn(type);
  }

  private boolean isOwn(String type) {
    for (String prefix : own) {
      if (type.startsWith(prefix)) {
        return !TestCode.has(type);
      }
    }
    return false;
  }

  /**
   * What has to hold, in words for a person.
   *
   * @return a clause for each condition
   */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    add(words, "name", names);
    add(words, "not name", notNames);
    if (virtual) {
      words.add("virtual");
    }
    if (daemon != null) {
      words.add(daemon ? "daemon" : "not daemon");
    }
    add(words, "group", groups);
    add(words, "class", types);
    if (jvms) {
      words.add("no Java frame, or called by the JVM");
    }
    add(words, "outermost frame", outermost);
    add(words, "runs", runs);
    add(words, "held by", heldBy);
    add(words, "made by", madeBy);
    if (idle) {
      words.add("idle: only the JDK's frames" + (own.isEmpty() ? "" : " and its own"));
    }
    return words;
  }

  private static void add(List<String> words, String key, List<?> values) {
    if (!values.isEmpty()) {
      words.add(key + " " + String.join(" or ", values.stream().map(Object::toString).toList()));
    }
  }
}
