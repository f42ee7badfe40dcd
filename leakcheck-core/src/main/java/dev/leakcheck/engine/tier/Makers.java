package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.LockBirth;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.record.ProcessBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownOrigin;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who made a thing, as the stack tells that an agent recorded. Used by one thread. */
final class Makers {

  private static final List<String> ON_THE_WAY =
      List.of(
          "java.util.",
          "java.lang.Class",
          "java.lang.invoke.",
          "java.lang.reflect.",
          "jdk.internal.reflect.");

  private final Scope scope;
  private final LazyStatics lazyStatics;
  private final LibrarysOwn librarysOwn;

  /** A stack is decoded once, and only for what outlives its scope. */
  private final Map<Birth, Optional<KnownOrigin>> rules = new HashMap<>();

  /** What a static field turned out to keep for everybody. */
  private final Set<Birth> kept = new HashSet<>();

  private final Set<String> statics = new LinkedHashSet<>();

  /** Executors without threads that libraries made for themselves, as far as was asked. */
  private final Set<ExecutorBirth> idle = new LinkedHashSet<>();

  private final Births births;

  /** The executors of others that threads were found to work for. */
  private final Map<Birth, ExecutorBirth> executors = new HashMap<>();

  Makers(Births births, Set<String> fieldsForAll, Scope scope) {
    this.births = births;
    this.scope = scope;
    this.lazyStatics = new LazyStatics(births, fieldsForAll, scope);
    this.librarysOwn = new LibrarysOwn(scope);
  }

  /** Sentences about what belongs to a class, or to a library alone, and is left alone. */
  List<String> statics() {
    Set<String> all = new LinkedHashSet<>(statics);
    idle.stream()
        .filter(ExecutorBirth::isOpen)
        .forEach(birth -> all.add(type(birth) + " without a thread, made by " + maker(birth)));
    return List.copyOf(all);
  }

  /** Notes what else is left alone. */
  void mention(String sentence) {
    statics.add(sentence);
  }

  private static String type(ExecutorBirth birth) {
    String identity = birth.identity();
    String type = identity.substring(0, identity.lastIndexOf('@'));
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private static StackTraceElement maker(Birth birth) {
    return Stacks.own(birth.stack()).get(0);
  }

  /** Whether a rule knows by what something was made. */
  boolean isKnown(Birth birth) {
    ExecutorBirth executor = birth instanceof ThreadBirth thread ? executor(thread) : null;
    if (executor != null && isKnown(executor)) {
      return true;
    }
    return rules.computeIfAbsent(birth, this::rule).isPresent() || isKept(birth);
  }

  /** Of one that is not the JDK's it is told by a field that holds the thread, or by its code. */
  private @Nullable ExecutorBirth executor(ThreadBirth birth) {
    ExecutorBirth known = birth.executor() == null ? executors.get(birth) : birth.executor();
    BirthScope all = known == null ? LazyStatics.outermost(scope) : null;
    Thread thread = all == null ? null : birth.alive();
    if (all == null || thread == null || Jdk.isVirtual(thread)) {
      return known;
    }
    for (ExecutorBirth other : births.in(all, ExecutorBirth.class, made -> !made.isJdks())) {
      ExecutorService executor = other.executor();
      if (executor != null
          && (ThreadObjects.workFor(thread, executor)
              || ObjectGraph.values(List.of(executor), List.of()).stream()
                  .anyMatch(value -> value == thread))) {
        executors.put(birth, other);
        return other;
      }
    }
    return null;
  }

  /** Asked again as long as it is not: a field may yet be set, what it held may yet be stopped. */
  private boolean isKept(Birth birth) {
    if (kept.contains(birth)) {
      return true;
    }
    Field holder = lazyStatics.holder(birth);
    if (holder != null) {
      kept.add(birth);
      statics.add(what(birth) + " in static field " + LazyStatics.name(holder));
    }
    return holder != null;
  }

  private Optional<KnownOrigin> rule(Birth birth) {
    List<StackTraceElement> stack = birth.stack();
    Optional<KnownOrigin> rule = KnownOrigin.match(stack);
    Optional<StackTraceElement> initializer = KnownOrigin.classInitializer(stack);
    if (rule.isPresent() && initializer.isPresent()) {
      String type = initializer.get().getClassName();
      if (scope.watchesStatics(type)) {
        return Optional.empty();
      }
      lazyStatics.made(birth, initializer.get());
      if (!Stacks.isJdk(initializer.get()) && !scope.isInStaticsWatcher(type)) {
        statics.add(what(birth) + " made by " + initializer.get());
      }
    }
    return rule;
  }

  /** Whether the same library made two things for itself. */
  boolean areOfOneLibrary(Birth one, Birth other) {
    String library = lazyStatics.library(one);
    return library != null && library.equals(lazyStatics.library(other));
  }

  /** Whether a library made a queue and keeps it to itself. */
  boolean isLibrarysOwn(QueueBirth birth) {
    return librarysOwn.has(birth);
  }

  /** Whether a library made a lock that nobody else can lock. */
  boolean isLibrarysOwn(LockBirth birth) {
    return librarysOwn.has(birth);
  }

  /** Whether it was made for a class that a scope around this one answers for. */
  boolean isOfOuter(Birth birth) {
    return KnownOrigin.classInitializer(birth.stack())
        .filter(initializer -> !scope.watchesStatics(initializer.getClassName()))
        .filter(initializer -> scope.isInStaticsWatcher(initializer.getClassName()))
        .isPresent();
  }

  private static String what(Birth birth) {
    Object object = birth.get();
    String type = object == null ? "thing that is gone" : object.getClass().getName();
    return birth instanceof ShutdownHookBirth
        ? "shutdown hook"
        : birth instanceof ProcessBirth process
            ? "process " + process.handle().pid()
            : object instanceof Thread thread
                ? "thread \"" + LiveThreads.withoutStack(thread).label() + "\""
                : type.substring(type.lastIndexOf('.') + 1);
  }

  /**
   * Whether the JDK or a library made an executor for itself. Without threads such a one tells
   * nothing: libraries drop what has no thread, and what has some is told by these. A library's own
   * tests lie in its packages, and are not the library.
   */
  boolean isForItself(ExecutorBirth birth) {
    List<StackTraceElement> own = Stacks.own(birth.stack());
    return isJdksOwn(birth)
        || (!own.isEmpty() && Classifier.isLibrary(own.get(0)) && comesInAJar(own));
  }

  /**
   * Whether any library made an executor for itself, and that never had a thread.
   *
   * @param beside what else is left. If the object that made the executor is there to be stopped,
   *     and something beside tells that it was not, the executor is left with that.
   */
  boolean isIdle(ExecutorBirth birth, Supplier<List<Birth>> beside) {
    boolean leftAlone =
        births.records(Part.THREADS)
            && librarysOwn.hasIdle(birth)
            && (!librarysOwn.isStoppedByMaker(birth)
                || beside.get().stream().noneMatch(other -> isLeftWith(birth, other)));
    if (leftAlone) {
      idle.add(birth);
    } else {
      idle.remove(birth);
    }
    return leftAlone;
  }

  private boolean isLeftWith(ExecutorBirth executor, Birth other) {
    boolean works =
        other instanceof ExecutorBirth beside
            ? !beside.workerNames().isEmpty()
            : other instanceof ThreadBirth thread && !isBenign(thread);
    return works && librarysOwn.areOfOneCall(executor, other);
  }

  private static boolean isBenign(ThreadBirth birth) {
    Thread thread = birth.alive();
    return thread != null
        && KnownThreads.matchWithoutStack(LiveThreads.withoutStack(thread)).isPresent();
  }

  /** Whether what made something does; true as well if its class cannot be asked. */
  private boolean comesInAJar(List<StackTraceElement> own) {
    List<Class<?>> classes = StaticFields.classesOf(own.get(0));
    return classes.isEmpty() || classes.stream().allMatch(Program.of(scope, own)::isElsewhere);
  }

  /** Made by the JDK for itself: what is left in it is not the user's. */
  static boolean isJdksOwn(Birth birth) {
    return isMadeByJdk(birth, Makers::isOnTheWay);
  }

  private static boolean isMadeByJdk(Birth birth, Predicate<StackTraceElement> passedOver) {
    return birth.stack().stream()
        .filter(passedOver.negate())
        .findFirst()
        .filter(Stacks::isJdk)
        .isPresent();
  }

  /** What makes things for whoever calls it: collections, factories of executors, reflection. */
  private static boolean isOnTheWay(StackTraceElement frame) {
    return ON_THE_WAY.stream().anyMatch(frame.getClassName()::startsWith);
  }

  /** The JDK registers hooks as well, such as that of {@code java.util.logging}. */
  static boolean isHookOfTheJdk(Birth birth) {
    return isMadeByJdk(birth, Makers::isCallOfRuntime);
  }

  private static boolean isCallOfRuntime(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.equals("java.lang.Runtime")
        || type.startsWith("java.lang.reflect.")
        || type.startsWith("java.lang.invoke.")
        || type.startsWith("jdk.internal.reflect.");
  }
}
