package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.Collected;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a walk does not follow: registries that merely list threads, the lists of {@link
 * Cleanables}, LeakCheck's own objects, and phantom references, which lead nobody anywhere. What
 * JUnit holds is followed last. Immutable.
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

  private final Rule[] rules;
  private final int[][] slots;
  private final byte[] least;
  private final boolean[] entries;

  /**
   * For a dump.
   *
   * @param collected whether it is what the collector follows that is asked: then no reference
   *     leads to its referent, but for a soft one
   */
  Cuts(Heap heap, boolean collected) throws IOException {
    List<HeapClass> classes = heap.classes();
    rules = new Rule[classes.size()];
    slots = new int[classes.size()][];
    least = new byte[classes.size()];
    entries = new boolean[classes.size()];
    for (int i = 0; i < rules.length; i++) {
      HeapClass type = classes.get(i);
      String name = type.name();
      slots[i] = slots(heap, type, collected);
      rules[i] =
          (isOurs(name) && !Collected.ASKING.classes().contains(name)) || Cleanables.isList(name)
              ? Rule.CUT
              : isJunit(name)
                  ? Rule.LAST
                  : slots[i].length == 0 ? Rule.FOLLOW : Rule.ALL_BUT_FIELDS;
      least[i] = collected || isHarness(element(name)) || isCollection(type) ? 0 : least(name);
      entries[i] = !collected && ENTRIES.stream().anyMatch(name::startsWith);
    }
  }

  private static int[] slots(Heap heap, HeapClass type, boolean collected) throws IOException {
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

  /** What is done with an instance. */
  Rule of(int classPlace) {
    return rules[classPlace];
  }

  /** When what an object leads to is followed at the latest, whoever came by it. */
  byte least(int classPlace) {
    return least[classPlace];
  }

  /** Whether it is what a store of JUnit's has for a value that was put there. */
  boolean isEntry(int classPlace) {
    return entries[classPlace];
  }

  /** Whether an object is neither JUnit's nor LeakCheck's. */
  boolean isAnothers(int classPlace) {
    return classPlace >= 0 && rules[classPlace] != Rule.CUT && rules[classPlace] != Rule.LAST;
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
    return name.startsWith("[") ? name.replaceFirst("^\\[+L?", "") : name;
  }

  /** The slots of the fields that are not followed where all others are. */
  int[] slots(int classPlace) {
    return slots[classPlace];
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
    return isOursOnceDone(name) && RUNNING.stream().noneMatch((element(name) + ".")::startsWith);
  }

  /** The same of a thread that asks, which does not go back to what it ran. */
  static boolean isOursOnceDone(String name) {
    String type = element(name);
    return type.startsWith(OURS) && CALLING.stream().noneMatch(type::startsWith);
  }

  /** Whether it is nobody's but the user's, or a library's. */
  static boolean isUsers(String name) {
    return !isOurs(name) && !isJunit(name) && !isJdk(name) && !isHarness(name);
  }

  static boolean isJunit(String name) {
    return JUNIT.stream().anyMatch(name::startsWith);
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
    return HARNESSES.stream().anyMatch(name::startsWith);
  }
}
