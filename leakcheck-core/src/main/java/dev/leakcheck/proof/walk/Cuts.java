package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Collected;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a walk does not follow: registries that merely list threads, the lists of {@link
 * Cleanables}, LeakCheck's own objects, and phantom references, which lead nobody anywhere. What
 * JUnit holds is followed last. Not thread-safe.
 */
final class Cuts {

  /** What is done with instances of a class. */
  enum Rule {
    FOLLOW,
    /** Not at all. */
    CUT,
    /** After everything else. */
    LAST,
    /** All but some fields. */
    ALL_BUT_FIELDS
  }

  /** The class of all references: a field that it declares may be hidden by a subclass's. */
  static final String REFERENCE = "java.lang.ref.Reference";

  private static final String PHANTOM = "java.lang.ref.PhantomReference";
  private static final String GROUP = "java.lang.ThreadGroup";
  private static final String CONTAINER = "jdk.internal.vm.SharedThreadContainer";
  private static final String OURS = "dev.leakcheck.";
  private static final Set<String> CALLING =
      Set.of(OURS + "contract.", OURS + "micrometer.", OURS + "monitor.");

  /** They run a block of the user's, once or often, and ask when they are done with it. */
  private static final Set<String> RUNNING =
      Set.of(OURS + "LeakCheck.", OURS + "LeakCheck$", OURS + "growth.");

  private static final String CONTAINERS = "jdk.internal.vm.ThreadContainers";
  private static final Set<String> JUNIT = Set.of("org.junit.", "junit.");

  /** In names of the JDK's classes that collections are made of. */
  private static final Set<String> PARTS = Set.of("Collections$", "$Node", "$Entry", "$TreeNode");

  /** What a store has for each value, in JUnit 5.10 and later, and before. */
  private static final Set<String> ENTRIES =
      Set.of(
          "org.junit.platform.engine.support.store.NamespacedHierarchicalStore$",
          "org.junit.jupiter.engine.execution.ExtensionValuesStore$");

  private static final Set<String> HARNESSES =
      Set.of(
          "org.apache.maven.surefire.",
          "org.gradle.",
          "worker.org.gradle.",
          "com.intellij.rt.",
          "org.eclipse.jdt.");

  private final Heap heap;
  private final boolean collected;

  /** By the class, once it was asked for: most classes have no instance that is come by. */
  private final @Nullable Way[] ways;

  /** How instances of a class are followed. */
  static final class Way {

    final Rule rule;

    /** The slots of the fields that are not followed where all others are. */
    final int[] slots;

    /** When what an instance leads to is followed at the latest, whoever came by it. */
    final byte least;

    /** Whether it is what a store of JUnit's has for a value that was put there. */
    final boolean entry;

    private Way(Rule rule, int[] slots, byte least, boolean entry) {
      this.rule = rule;
      this.slots = slots;
      this.least = least;
      this.entry = entry;
    }

    /** Whether it is neither JUnit's nor LeakCheck's. */
    boolean isAnothers() {
      return rule != Rule.CUT && rule != Rule.LAST;
    }
  }

  /**
   * For a dump.
   *
   * @param collected whether it is what the collector follows that is asked: then no reference
   *     leads to its referent, but for a soft one
   */
  Cuts(Heap heap, boolean collected) {
    this.heap = heap;
    this.collected = collected;
    this.ways = new Way[heap.classes().size()];
  }

  /** How an instance of a class is followed. */
  Way of(int classPlace) throws IOException {
    Way way = ways[classPlace];
    if (way == null) {
      way = way(heap.classes().get(classPlace));
      ways[classPlace] = way;
    }
    return way;
  }

  private Way way(HeapClass type) throws IOException {
    String name = type.name();
    int[] slots = slots(type);
    return new Way(
        (isOurs(name) && !Collected.ASKING.classes().contains(name)) || Cleanables.isList(name)
            ? Rule.CUT
            : isJunit(name) ? Rule.LAST : slots.length == 0 ? Rule.FOLLOW : Rule.ALL_BUT_FIELDS,
        slots,
        collected || isHarness(element(name)) || isCollection(type) ? 0 : least(name),
        !collected && startsWithAny(name, ENTRIES));
  }

  private int[] slots(HeapClass type) throws IOException {
    List<Integer> slots = new ArrayList<>();
    slots.add(heap.slot(type, GROUP, "threads"));
    if (!collected) { // Groups answers for what a group leads to
      slots.add(heap.slot(type, Groups.THREAD, Groups.OWN));
      slots.add(heap.slot(type, Groups.FIELDS, Groups.OWN));
      slots.add(heap.slot(type, GROUP, "groups"));
      slots.add(heap.slot(type, GROUP, "weaks"));
    }
    slots.add(heap.slot(type, CONTAINER, "virtualThreads"));
    if (collected ? !type.is("java.lang.ref.SoftReference") : type.is(PHANTOM)) {
      slots.add(heap.slot(type, REFERENCE, "referent"));
    }
    for (String link : Cleanables.LINKS) {
      slots.add(heap.slot(type, Cleanables.TYPE, link));
    }
    return slots.stream().mapToInt(Integer::intValue).filter(slot -> slot >= 0).toArray();
  }

  /** Of what a thread-local holds it is not told whose code asks for that. */
  private static byte least(String name) {
    return isJdk(name) && !name.equals("java.lang.ThreadLocal$ThreadLocalMap$Entry")
        ? Walk.FIRST
        : Walk.USED;
  }

  /** Whether it merely keeps what is put into it: one of the JDK's, or an array. */
  private static boolean isCollection(HeapClass type) {
    String name = type.name();
    return name.startsWith("[")
        || name.startsWith("java.util.concurrent.atomic.")
        || name.equals("java.util.Optional")
        || (name.startsWith("java.util.")
            && (type.is("java.util.AbstractCollection")
                || type.is("java.util.AbstractMap")
                || PARTS.stream().anyMatch(name::contains)));
  }

  private static String element(String name) {
    int begin = 0;
    while (name.startsWith("[", begin)) {
      begin++;
    }
    return begin == 0 ? name : name.substring(name.startsWith("L", begin) ? begin + 1 : begin);
  }

  /** Whether a class loader is the JDK's own, which is there for as long as the JVM. */
  static boolean isJdksLoader(HeapClass loader) {
    return loader.name().startsWith("jdk.internal.") || loader.name().startsWith("sun.reflect.");
  }

  /** Whether static fields of a class are followed. */
  static boolean hasStatics(HeapClass type) {
    return !isOurs(type.name()) && !type.name().startsWith(CONTAINERS);
  }

  /** Some call what users gave to them, and may call it again, so what they hold counts. */
  static boolean isOurs(String name) {
    return isOursOnceDone(name) && !startsWithAny(element(name) + ".", RUNNING);
  }

  /** The same of a thread that asks, which does not go back to what it ran. */
  static boolean isOursOnceDone(String name) {
    String type = element(name);
    return type.startsWith(OURS) && !startsWithAny(type, CALLING);
  }

  /** Whether it is nobody's but the user's, or a library's. */
  static boolean isUsers(String name) {
    return !isOurs(name) && !isJunit(name) && !isJdk(name) && !isHarness(name);
  }

  static boolean isJunit(String name) {
    return startsWithAny(name, JUNIT);
  }

  static boolean isJdk(String name) {
    return name.startsWith("java.")
        || name.startsWith("jdk.")
        || name.startsWith("sun.")
        || name.startsWith("com.sun.jmx.")
        || name.startsWith("com.sun.management.")
        || name.startsWith("javax.management.");
  }

  /** What starts JUnit, and holds nothing of a test. */
  static boolean isHarness(String name) {
    return startsWithAny(name, HARNESSES);
  }

  /**
   * Each of thousands of classes is asked, by code that has hardly run yet: no stream does that.
   */
  private static boolean startsWithAny(String name, Set<String> beginnings) {
    for (String beginning : beginnings) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
