package dev.leakcheck.proof.walk;

import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.hprof.Collected;
import dev.leakcheck.proof.hprof.Heap;
import dev.leakcheck.proof.hprof.HeapClass;
import dev.leakcheck.proof.hprof.HeapFrame;
import dev.leakcheck.proof.hprof.HeapThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which threads nobody alive can ever wake, as the garbage collector of Go's runtime tells it of
 * goroutines (Saioc et al., "Dynamic Partial Deadlock Detection and Recovery via Garbage
 * Collection", ASPLOS 2025), for what is in a heap dump.
 *
 * <p>{@code LockSupport.unpark} and {@code Thread.interrupt} both need the {@code Thread} object,
 * and every waiter of {@code java.util.concurrent} is reached through one. So a thread that is
 * parked without a time limit is stuck for good if its object is not reachable from what lives. A
 * thread in {@code Object.wait} is so if what it waits for is not reachable either, and one that
 * wants a monitor if the thread that holds it is stuck for good.
 *
 * <p>What lives is a least fixpoint. It begins with static fields, what native code holds, and
 * threads that move or may move by themselves, with all that their frames hold, {@link Ending} ones
 * among them. Whenever the object of a thread that waits is reached, that thread lives, and what
 * its frames hold is reached too. Weak, soft and final references count, since whoever reads one
 * gets the object; phantom ones do not. A reference itself is reached with its queue, since the
 * collector puts it there. What is not followed is in {@link Cuts}; what a dump does not show, in
 * {@link Opacity}.
 *
 * <p>What JUnit holds is followed last, and not through the test's own instance: nobody uses that
 * any more, but if anybody else than JUnit leads to it, it counts. So it does if what JUnit holds
 * is the user's, such as an extension, or a resource in a store. Not thread-safe.
 */
public final class Liveness {

  /** A flag of a JVM: its own listeners run in a thread that is in no dump. */
  public static final String HIDES_LISTENERS = "-XX:-UseNotificationThread";

  /**
   * Classes of objects of which it is not told whether they are reached: classes, strings, which
   * the JVM finds by what they say once they are interned, and arrays of plain values.
   */
  private static final Pattern ANYBODYS = Pattern.compile("java\\.lang\\.(Class|String)|\\[.");

  private static final String UNKNOWN_OWNER = "it is not known who holds the monitor that it wants";

  private final Heap heap;
  private final Question question;
  private final Walk walk;
  private final Paths paths;
  private final Set<Integer> marked = new HashSet<>();

  private final Map<Integer, Suspect> byNode = new HashMap<>();

  /** The keys of the map: it is asked of each of millions of nodes. */
  private final BitSet threads = new BitSet();

  private final Map<Integer, List<Suspect>> byLockType = new HashMap<>();

  /** The keys of the map. */
  private final BitSet lockTypes = new BitSet();

  private final Map<Long, List<Suspect>> byOwner = new HashMap<>();
  private final Groups groups;
  private final Locals locals;
  private final Unseen unseen;
  private boolean markedHeld;
  private @Nullable String hidden;

  /**
   * The answer for a thread.
   *
   * @param id the thread's id
   * @param label how it is called
   * @param stack its frames, the innermost first
   * @param proof the answer
   */
  public record Answer(long id, String label, List<HeapFrame> stack, Proof proof) {}

  private Liveness(Heap heap, Question question) throws IOException {
    this.heap = heap;
    this.question = question;
    this.walk = new Walk(heap, new Cuts(heap, false), false);
    this.paths = walk.paths();
    this.groups = new Groups(heap);
    this.locals = new Locals(heap);
    this.unseen = new Unseen(heap, question);
  }

  /**
   * Answers for the threads that are asked about, as far as the dump has them and they wait without
   * a time limit.
   *
   * @param heap the dump
   * @param question what is known besides
   * @return the answers
   * @throws IOException if the dump can't be read, or is damaged
   */
  public static List<Answer> of(Heap heap, Question question) throws IOException {
    return new Liveness(heap, question).answers();
  }

  private List<Answer> answers() throws IOException {
    List<Suspect> suspects = suspects();
    String refused = unseenVirtualThread(heap);
    if (refused == null) {
      marked.addAll(Marks.in(heap, question.marked()));
      beginAtClasses();
      int name = paths.named("native code (JNI)");
      walk.begin(heap.globals(), Walk.FIRST, name);
      // A dump tells no fields of a class itself, but has what they lead to.
      walk.begin(heap.classValues(), Walk.FIRST, paths.named("a ClassValue"));
      walk.begin(heap.all(Collected.OF_MIRRORS), Walk.FIRST, paths.named("reflection of a class"));
      walk.begin(heap.all(Collected.ASKING), Walk.USED, paths.named("a probe that LeakCheck asks"));
      for (Suspect suspect : suspects) {
        if (suspect.stuck == Stuck.NOT) {
          live(suspect);
        }
      }
      walk();
      if (hidden == null) {
        hidden = classData(heap);
      }
    }
    StuckTogether together = refused == null ? stuckTogether(suspects) : null;
    List<Answer> answers = new ArrayList<>();
    for (Suspect suspect : suspects) {
      if (suspect.stuck != Stuck.NOT
          && (question.wanted().isEmpty() || question.wanted().contains(suspect.id))) {
        answers.add(
            new Answer(
                suspect.id,
                suspect.label,
                suspect.thread.stack(),
                together == null
                    ? new Proof.Unknown(String.valueOf(refused))
                    : proof(suspect, together)));
      }
    }
    return answers;
  }

  /**
   * The JDK's names of the hidden classes that it makes in a user's package, which are given no
   * user's object. The dump has nothing but the name to tell them by.
   */
  private static final Pattern JDKS_HIDDEN =
      Pattern.compile(".*\\$\\$(Lambda|TypeSwitch|InjectedInvoker)(\\$\\d+)?");

  /** Why somebody may have what a hidden class was given; null if there is no such class. */
  private static @Nullable String classData(Heap heap) {
    for (HeapClass type : heap.classes()) {
      if (type.isHidden()
          && !Cuts.isJdk(type.name())
          && !JDKS_HIDDEN.matcher(type.name()).matches()) {
        return "what the hidden class "
            + type.name()
            + " was given as its class data is in no dump";
      }
    }
    return null;
  }

  private StuckTogether stuckTogether(List<Suspect> suspects) throws IOException {
    List<Suspect> stuck =
        hidden == null ? suspects.stream().filter(suspect -> !suspect.alive).toList() : List.of();
    StuckTogether together = new StuckTogether(heap, locals, walk, stuck);
    for (Suspect owner : stuck) {
      for (Suspect blocked : byOwner.getOrDefault(owner.id, List.of())) {
        together.addOwner(blocked, owner);
      }
    }
    return together;
  }

  private Proof proof(Suspect suspect, StuckTogether together) throws IOException {
    if (suspect.unclear != null) {
      return new Proof.Unknown(suspect.unclear);
    }
    if (suspect.because >= 0) {
      return new Proof.Reachable(paths.to(suspect.because));
    }
    if (suspect.alive) {
      return new Proof.Unknown("who could wake it is not told");
    }
    if (hidden != null) {
      return new Proof.Unknown(hidden);
    }
    return together.describe(
        suspect,
        markedHeld
            ? Set.of("and as long as nobody uses the test's instance again, which JUnit holds")
            : Set.of());
  }

  private List<Suspect> suspects() throws IOException {
    Map<Integer, Suspect> found = new LinkedHashMap<>();
    for (HeapThread thread : heap.threads()) {
      long id = heap.number(thread.node(), Stuck.THREAD, "tid", -1);
      Stuck stuck = Stuck.of(heap, thread);
      Waiter waiter = question.waiters().map(known -> known.get(id)).orElse(null);
      if (question.waiters().isPresent() ? waiter == null : stuck != Stuck.PARKED) {
        stuck = Stuck.NOT;
      }
      Suspect suspect = new Suspect(thread, id, question.label(heap, thread.node()), stuck);
      found.put(thread.node(), suspect);
      groups.add(suspect);
      if (stuck == Stuck.WAITS && waiter != null) {
        waitsFor(suspect, waiter);
      } else if (stuck == Stuck.BLOCKED && waiter != null) {
        byOwner.computeIfAbsent(waiter.owner(), owner -> new ArrayList<>()).add(suspect);
      }
    }
    byNode.putAll(found);
    found.keySet().forEach(threads::set);
    List<Suspect> suspects = List.copyOf(found.values());
    blockByUnlisted(suspects);
    return suspects;
  }

  /** A thread that is ending has its own monitor for a moment, and others of native code's. */
  private void blockByUnlisted(List<Suspect> suspects) {
    Set<Long> unlisted = new HashSet<>(byOwner.keySet());
    suspects.forEach(suspect -> unlisted.remove(suspect.id));
    for (long owner : unlisted) {
      for (Suspect blocked : byOwner.getOrDefault(owner, List.of())) {
        blocked.unclear = UNKNOWN_OWNER;
      }
    }
  }

  /** Any object of that class may be what it waits for; {@link Locals} may know better. */
  private void waitsFor(Suspect suspect, Waiter waiter) {
    suspect.unclear = "it is not known for which object it waits, or anybody may come by that";
    List<HeapClass> classes = heap.classes();
    for (int i = 0; i < classes.size(); i++) {
      String name = classes.get(i).name();
      if (name.equals(waiter.lockType()) && !ANYBODYS.matcher(name).matches()) {
        byLockType.computeIfAbsent(i, type -> new ArrayList<>()).add(suspect);
        lockTypes.set(i);
        suspect.unclear = null;
      }
    }
  }

  /** Why a dump does not show what some thread holds, or null if it does. */
  static @Nullable String unseenVirtualThread(Heap heap) throws IOException {
    Map<Integer, Boolean> listed = new HashMap<>();
    heap.threads().forEach(thread -> listed.put(thread.node(), !thread.stack().isEmpty()));
    for (int node : heap.virtualThreads()) {
      if (isStarted(heap, node) && !listed.getOrDefault(node, false)) {
        return "a virtual thread lives whose stack this JDK does not write into a heap dump";
      }
    }
    return hasLooseStack(heap)
        ? "the stack of a continuation that is no virtual thread's is not in a heap dump"
        : null;
  }

  /** How many virtual threads live, of which there are no answers. */
  public static int virtualThreads(Heap heap) throws IOException {
    int live = 0;
    for (int node : heap.virtualThreads()) {
      live += isStarted(heap, node) ? 1 : 0;
    }
    return live;
  }

  /** Whether a virtual thread was started and has not ended. */
  private static boolean isStarted(Heap heap, int node) throws IOException {
    long state = heap.number(node, Stuck.VIRTUAL_THREAD, "state", 0) & 0xff;
    return state != 0 && state != 99;
  }

  private static boolean hasLooseStack(Heap heap) throws IOException {
    Set<Integer> loose = new HashSet<>(heap.all(Collected.STACK_CHUNKS));
    for (int node : loose.isEmpty() ? List.<Integer>of() : heap.virtualThreads()) {
      int continuation = heap.target(node, Stuck.VIRTUAL_THREAD, "cont");
      int chunk =
          continuation < 0 ? -1 : heap.target(continuation, "jdk.internal.vm.Continuation", "tail");
      while (chunk >= 0 && loose.remove(chunk)) {
        chunk = heap.target(chunk, "jdk.internal.vm.StackChunk", "parent");
      }
    }
    return !loose.isEmpty();
  }

  private void beginAtClasses() {
    int name = paths.named("class");
    for (int i = 0; i < heap.classes().size(); i++) {
      HeapClass type = heap.classes().get(i);
      byte when =
          Cuts.isJunit(type.name())
              ? Walk.LAST
              : Cuts.isUsers(type.name()) ? Walk.USED : Walk.FIRST;
      walk.begin(heap.nodeOfClass(i), when, name);
    }
  }

  private void live(Suspect suspect) throws IOException {
    if (suspect.alive) {
      return;
    }
    suspect.alive = true;
    List<HeapFrame> stack = suspect.thread.stack();
    List<Frames.Treatment> treatments =
        Frames.of(stack, suspect.id == question.checker(), heap.classOf(suspect.thread.node()));
    walk.begin(suspect.thread.node(), Walk.FIRST, paths.named("live " + suspect.label));
    locals.begin(walk, suspect.thread, suspect.label, treatments);
    if (hidden == null) {
      hidden = unseen.of(suspect.thread, suspect.label, treatments);
    }
    for (Suspect blocked : byOwner.getOrDefault(suspect.id, List.of())) {
      wake(blocked, suspect.thread.node());
    }
  }

  private void wake(Suspect suspect, int because) throws IOException {
    if (!suspect.alive) {
      suspect.because = because;
      live(suspect);
    }
  }

  private void walk() throws IOException {
    for (Suspect suspect : byNode.values()) {
      if (suspect.unclear != null) {
        live(suspect);
      }
    }
    do {
      walk.run(this::look);
    } while (walk.beginAtQueued() || Ending.begin(heap, question, walk));
  }

  private boolean look(int node, byte when, int place) throws IOException {
    Suspect thread = threads.get(node) ? byNode.get(node) : null;
    if (thread != null && thread.stuck != Stuck.NOT) {
      wake(thread, node);
    }
    groups.added(node, place, (target, field) -> beginAtGroups(node, target, field));
    for (Suspect member : groups.in(node)) {
      if (member.stuck != Stuck.NOT) {
        wake(member, node);
      }
    }
    if (place >= 0 && lockTypes.get(place)) {
      for (Suspect waiting : byLockType.getOrDefault(place, List.of())) {
        mayBeWoken(waiting, node, heap.classes().get(place));
      }
    }
    boolean ends = place >= 0 && when == Walk.LAST && marked.contains(node);
    markedHeld |= ends;
    return !ends;
  }

  /** What a thread's group has, it has for that thread, whatever else is cut of groups. */
  private void beginAtGroups(int thread, int target, String field) throws IOException {
    String whose = " of the thread group of " + question.label(heap, thread);
    walk.begin(target, Walk.USED, paths.named("field " + field + whose, true));
  }

  /** An object was reached that may be the one a thread waits for. */
  private void mayBeWoken(Suspect waiting, int node, HeapClass type) throws IOException {
    if (waiting.alive) {
      return;
    }
    if (locals.hold(waiting.thread, node)) {
      wake(waiting, node);
    } else if (!Locals.keepMonitor(waiting.thread, type) || !locals.holdAny(waiting.thread, type)) {
      waiting.unclear =
          "the dump does not show for which object of "
              + type.name()
              + " it waits, and there are such as may be used";
      live(waiting);
    }
  }
}
