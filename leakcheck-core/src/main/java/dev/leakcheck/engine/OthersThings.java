package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.MadeBy;
import dev.leakcheck.model.Holder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;

/**
 * What somebody else's objects hold: those of other extensions, and those that threads work with
 * which are older than the scope, as the threads of a server are. What such an object makes for
 * itself, be it on a thread of its own or as it is first used, lives as long as the object and is
 * its owner's, not the test's. Not so what the test made and gave to it, as to a registry:
 *
 * <ul>
 *   <li>With an agent it is the object's own if a method of an object on the way to it made it, or
 *       on {@linkplain MakersBeside any way}, and not one that the test made and gave away itself.
 *   <li>Without one it is, unless it is an element of a collection: then the code that makes its
 *       threads has to be that of an object on the way.
 * </ul>
 *
 * <p>What another extension leads to and puts into a field of the test's instance is one of its
 * objects, with all that this leads to, though the extension has it from a collection, and without
 * an agent though it keeps that in a collection itself.
 *
 * <p>A queue that the test's instance was built with is the test's, whoever was given it.
 *
 * <p>What is left alone is mentioned, as nobody answers for it. Used by one thread.
 */
final class OthersThings {

  private final Suspicion check;
  private final Scope scope;
  private final TestsOwn testsOwn;
  private final Set<Object> held = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> given = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> ofExtensions = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> mentioned = new LinkedHashSet<>();
  private final List<Object> instances = new ArrayList<>();
  private final List<Class<?>> classes = new ArrayList<>();
  private final List<Object> extensions = new ArrayList<>();
  private final List<Object> notTheirs = new ArrayList<>();

  OthersThings(Suspicion check) {
    this.check = check;
    this.scope = check.scope();
    this.testsOwn = new TestsOwn(check);
    look();
  }

  boolean has(Object object) {
    return held.contains(object);
  }

  /** Whether the test's own queue is known to them. */
  boolean hasBeenGiven(BlockingQueue<?> queue) {
    return given.contains(queue);
  }

  Set<Object> all() {
    return held;
  }

  /** New threads and executors of other extensions' objects. */
  Set<Object> ofExtensions() {
    return ofExtensions;
  }

  /** Sentences about what came in the scope and is left alone. */
  Set<String> mentioned() {
    return mentioned;
  }

  /**
   * How their objects lead to some, those that all begins with among them. What an extension keeps
   * in a static field of its class counts as well.
   */
  List<Holding> ways(Predicate<Object> wanted) {
    List<Holding> ways = new ArrayList<>();
    for (Object root : instances) {
      if (!Fields.isJdk(root.getClass()) && wanted.test(root)) {
        ways.add(new Holding(root, true, new Holder("", null, null), List.of(root), false));
      }
    }
    ways.addAll(ObjectGraph.ways(instances, classes, notTheirs, wanted));
    return ways;
  }

  /** Whether an object or a class that all begins with is an extension's. */
  boolean isOfExtension(Object root) {
    return OthersRoots.isAmong(root, extensions) || root instanceof Class;
  }

  private void look() {
    OthersRoots roots = new OthersRoots(check);
    List<Object> extensions = roots.extensions();
    List<Object> own = roots.own();
    notTheirs.addAll(own);
    notTheirs.addAll(roots.ownStatics());
    List<Object> given = beans(roots);
    List<Object> instances = new ArrayList<>(given);
    instances.removeIf(bean -> bean instanceof ExecutorService); // it is to be found
    instances.addAll(extensions);
    List<Object> ofExtension = new ArrayList<>(instances);
    ofExtension.addAll(roots.classes());
    instances.addAll(roots.threads());
    this.instances.addAll(instances);
    this.extensions.addAll(ofExtension);
    classes.addAll(roots.classes());
    notTheirs.removeIf(object -> OthersRoots.isAmong(object, given));
    List<Holding> theirs = new ArrayList<>();
    List<Holding> open = new ArrayList<>();
    for (Holding one : ObjectGraph.reach(instances, roots.classes(), own)) {
      boolean isTheirs =
          isTheirs(one, OthersRoots.isAmong(root(one), given))
              || OthersRoots.isAmong(one.object(), given);
      (isTheirs ? theirs : open).add(one);
    }
    check.shared().knownWays().add(theirs, roots::has);
    theirs.addAll(madeByOthers(open, own));
    for (Holding one : theirs) {
      mention(one);
      if (isNew(object(one)) && OthersRoots.isAmong(root(one), ofExtension)) {
        ofExtensions.add(object(one));
      }
    }
    Holding.addAll(theirs, held);
  }

  /** What other extensions lead to and others put into fields of the test's instance. */
  private List<Object> beans(OthersRoots roots) {
    Set<Object> given = Collections.newSetFromMap(new IdentityHashMap<>());
    given.addAll(scope.watched().given());
    given.removeIf(object -> roots.isExtension(object) || roots.isOwn(object));
    if (given.isEmpty()) {
      return List.of();
    }
    List<Holding> found =
        ObjectGraph.ways(
            roots.extensions(),
            roots.classes(),
            roots.own(),
            object -> object instanceof Thread || given.contains(object));
    check.shared().knownWays().add(found, roots::has);
    return found.stream().map(Holding::object).filter(given::contains).toList();
  }

  private static Object root(Holding holding) {
    return holding.way().get(holding.way().size() - 1);
  }

  /** Those that an older object made which is not on the nearest way to them. */
  private List<Holding> madeByOthers(List<Holding> open, List<Object> own) {
    Map<Object, Birth> births = new IdentityHashMap<>();
    for (Holding one : open) {
      Object object = object(one);
      if (object instanceof Thread || object instanceof ExecutorService) {
        check.born().birth(object).ifPresent(birth -> births.put(object, birth));
      }
    }
    Set<Object> made =
        births.isEmpty() ? Set.of() : new MakersBeside(testsOwn, own, this::ways).made(births);
    return open.stream().filter(one -> made.contains(object(one))).toList();
  }

  private boolean isTheirs(Holding holding, boolean byGiven) {
    Object object = object(holding);
    if (!(object instanceof Thread || object instanceof ExecutorService)) {
      return !(object instanceof BlockingQueue<?> queue && isGiven(queue));
    }
    return !isNew(object)
        || check
            .born()
            .birth(object)
            .map(birth -> MadeBy.oneOf(holding.way(), birth, testsOwn::has))
            .orElseGet(
                () ->
                    byGiven
                        || !holding.isElement()
                        || MadeBy.codeOf(holding.classesOnWay(), object));
  }

  private boolean isGiven(BlockingQueue<?> queue) {
    boolean own = scope.watched().heldAtFirst(queue);
    if (own) {
      given.add(queue);
    }
    return own;
  }

  private static Object object(Holding holding) {
    return holding.object() instanceof ExecutorService executor
        ? WorkerExecutors.unwrap(executor)
        : holding.object();
  }

  private boolean isNew(Object object) {
    return object instanceof Thread thread
        ? check.newcomers().isNewPlatform(LiveThreads.id(thread)) || isNewHook(thread)
        : object instanceof ExecutorService executor && check.newcomers().mayBeNew(executor);
  }

  /** It is no live thread before the JVM ends. */
  private boolean isNewHook(Thread thread) {
    return AskThread.state(thread) == Thread.State.NEW
        && check.born().shutdownHooks().stream().anyMatch(birth -> birth.get() == thread);
  }

  private void mention(Holding holding) {
    Object object = object(holding);
    boolean alive =
        object instanceof Thread thread
            ? thread.isAlive()
            : object instanceof ThreadPoolExecutor pool
                && Boolean.FALSE.equals(ExecutorProbe.isShutdown(pool));
    if (alive && isNew(object)) {
      mentioned.add(heldByOlder(object, holding.holder().path()));
    }
  }

  /** That a thread or an executor is left alone. */
  static String heldByOlder(Object object, String path) {
    return what(object) + " held by an older object: " + path;
  }

  /** What a thread or an executor is called in a sentence. */
  static String what(Object object) {
    if (object instanceof Thread thread) {
      return "thread \"" + LiveThreads.withoutStack(thread).label() + "\"";
    }
    String type = object.getClass().getName();
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
