package dev.leakcheck.capture.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Untouchable;
import dev.leakcheck.model.HiddenOwner;
import dev.leakcheck.model.Holder;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectGraphTest {

  private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

  private static final class Box {
    Object content;

    Box(Object content) {
      this.content = content;
    }
  }

  private static class Parent {
    Object inherited;
  }

  private static final class Child extends Parent {
    Object own;
  }

  private static final class Statics {
    static Object held;
  }

  private static final class Client implements AutoCloseable {
    Object inside;

    Client(Object inside) {
      this.inside = inside;
    }

    @Override
    public void close() {}
  }

  private static final class Hostile extends Untouchable {
    final Object content;

    Hostile(Object content) {
      this.content = content;
    }
  }

  private static List<Holding> reach(Object owner) {
    return ObjectGraph.reach(List.of(owner), List.of());
  }

  private Holding only(Object owner) {
    List<Holding> held = reach(owner);
    assertThat(held).hasSize(1);
    assertThat(held.get(0).object()).isSameAs(queue);
    return held.get(0);
  }

  @Test
  void objectInAFieldIsDirect() {
    Holding held = only(new Box(queue));

    assertThat(held.direct()).isTrue();
    assertThat(held.holder().path()).isEqualTo("field Box.content");
    assertThat(held.holder().owner()).isNull();
  }

  @Test
  void pathIsToldFieldByField() {
    Holding held = only(new Box(new Box(new Box(queue))));

    assertThat(held.direct()).isFalse();
    assertThat(held.holder().path()).isEqualTo("field Box.content.content.content");
  }

  @Test
  void shortestPathIsTold() {
    Child owner = new Child();
    owner.inherited = queue;
    owner.own = new Box(queue);

    assertThat(only(owner).holder().path()).isEqualTo("field Parent.inherited");
  }

  @Test
  void fieldOfASuperclassIsNamedByIt() {
    Child owner = new Child();
    owner.inherited = new Box(queue);

    assertThat(only(owner).holder().path()).isEqualTo("field Parent.inherited.content");
  }

  @Test
  void staticFieldIsFollowedForItsOwnClassOnly() {
    Statics.held = queue;
    try {
      assertThat(ObjectGraph.reach(List.of(), List.of(Statics.class)))
          .singleElement()
          .satisfies(
              held -> assertThat(held.holder().path()).isEqualTo("static field Statics.held"));
      assertThat(reach(new Statics())).isEmpty();
    } finally {
      Statics.held = null;
    }
  }

  @Test
  void outermostCloseableOnTheWayIsTold() {
    Holding held = only(new Box(new Client(new Client(queue))));

    assertThat(held.holder().owner())
        .isEqualTo(new Holder.Owner("field Box.content", Client.class.getName()));
    assertThat(held.holder().path()).isEqualTo("field Box.content.inside.inside");
  }

  /** What a server is like that implements nothing. */
  public static class Server {
    final Object inside;

    Server(Object inside) {
      this.inside = inside;
    }

    public Server stopAsync() {
      return this;
    }
  }

  private record Span(Object inside, long start, long stop) {}

  private static final class Told {
    final Object inside;

    Told(Object inside) {
      this.inside = inside;
    }

    void stop(int seconds) {}

    double close() {
      return 1;
    }

    static void shutdown() {}
  }

  private static final class Everybodys {
    static Everybodys it;
    final Object inside;

    Everybodys(Object inside) {
      this.inside = inside;
    }
  }

  @Test
  void outermostThatIsThereToBeStoppedIsTheOwner() {
    Holder holder = only(new Box(List.of(new Server(new Client(queue))))).holder();

    assertThat(holder.owner())
        .isEqualTo(
            new Holder.Owner("field Box.content[0]", Server.class.getName(), "stopAsync", false));
    assertThat(holder.path()).isEqualTo("field Box.content[0].inside.inside");
  }

  @Test
  void whatHasNoMethodToStopItIsNoOwner() {
    assertThat(only(new Box(new Told(queue))).holder().owner()).isNull();
    assertThat(only(new Box(new Span(queue, 1, 2))).holder().owner()).isNull();
    assertThat(only(new Box(Optional.of(List.of(queue)))).holder().owner()).isNull();
  }

  @Test
  void methodThatTheTestCannotCallMakesNoOwner() {
    assertThat(only(new Box(HiddenOwner.with(queue))).holder().owner()).isNull();
  }

  @Test
  void ownerDoesNotAnswerForWhatEverybodyHas() {
    Everybodys.it = new Everybodys(queue);
    try {
      assertThat(only(new Box(new Server(Everybodys.it))).holder().owner()).isNull();
      assertThat(only(new Box(new Server(new Everybodys(queue)))).holder().owner()).isNotNull();
    } finally {
      Everybodys.it = null;
    }
  }

  @Test
  void timersThreadIsReachedThroughIt() {
    assumeTrue(Runtime.version().feature() < 24, "its field can be read without an agent");
    Timer timer = new Timer(true);
    try {
      Holding held = reach(new Box(new Server(timer))).get(0);

      assertThat(held.object()).isInstanceOf(Thread.class);
      assertThat(held.holder().path()).isEqualTo("field Box.content.inside");
      assertThat(held.holder().owner()).isNotNull();
    } finally {
      timer.cancel();
    }
  }

  @Test
  void objectIsNotItsOwnCloseable() {
    java.util.concurrent.ExecutorService pool =
        java.util.concurrent.Executors.newFixedThreadPool(1);
    try {
      assertThat(reach(new Box(pool)).get(0).holder().owner()).isNull();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void cycleEnds() {
    Box first = new Box(null);
    Box second = new Box(List.of(first, queue));
    first.content = second;

    assertThat(only(first).holder().path()).isEqualTo("field Box.content.content[1]");
  }

  static Stream<Function<Object, Object>> collections() {
    return Stream.of(
        List::of,
        x -> new Object[] {x},
        x -> new Object[][] {{x}},
        x -> new ArrayList<>(List.of(x)),
        x -> new LinkedList<>(List.of(x)),
        x -> new ArrayDeque<>(List.of(x)),
        x -> new CopyOnWriteArrayList<>(List.of(x)),
        x -> new ConcurrentLinkedQueue<>(List.of(x)),
        x -> Collections.unmodifiableList(new ArrayList<>(List.of(x))),
        Collections::singletonList,
        Collections::singleton,
        x -> java.util.Arrays.asList(x),
        x -> Map.of("key", x),
        x -> new HashMap<>(Map.of("key", x)),
        x -> new LinkedHashMap<>(Map.of("key", x)),
        x -> new TreeMap<>(Map.of("key", x)),
        x -> new ConcurrentHashMap<>(Map.of("key", x)),
        x -> Collections.singletonMap("key", x),
        x -> Collections.unmodifiableMap(new HashMap<>(Map.of("key", x))),
        x -> Collections.synchronizedList(new ArrayList<>(List.of(x))),
        x -> Collections.unmodifiableCollection(Collections.synchronizedSet(Set.of(x))),
        x -> Collections.synchronizedMap(new TreeMap<>(Map.of("key", x))),
        AtomicReference::new,
        x -> new AtomicReferenceArray<>(new Object[] {x}),
        Optional::of,
        ObjectGraphTest::identityKey,
        Box::new,
        ObjectGraphTest::captured,
        x -> new Hostile(x));
  }

  @Test
  void pathSaysWhereAHolderHasToBeAsked() {
    assertThat(only(new Box(new AtomicReference<>(queue))).holder().path())
        .isEqualTo("field Box.content.get()");
    assertThat(only(new Box(Optional.of(new Box(queue)))).holder().path())
        .isEqualTo("field Box.content.get().content");
  }

  @Test
  void whatALambdaHasCapturedIsNamedByTheFieldThatHasTheLambda() {
    Holder holder = only(new Box(captured(queue))).holder();

    assertThat(holder.path()).isEqualTo("field Box.content.(captured)");
    assertThat(holder.named())
        .isEqualTo("the LinkedBlockingQueue that the lambda in field Box.content has captured");
  }

  @Test
  void whatAnInnerClassHasCapturedIsNamedByTheFieldThatHasItsObject() {
    Object inner =
        new Object() {
          @Override
          public int hashCode() {
            return queue.hashCode();
          }
        };
    Holder holder = only(new Box(List.of(captured(inner)))).holder();

    assertThat(holder.path()).endsWith("[0].(captured).this$0.queue");
    assertThat(holder.named()).isEqualTo("field ObjectGraphTest.queue");
    assertThat(only(new Box(inLocal(queue))).holder().named())
        .isEqualTo("the LinkedBlockingQueue that the object in field Box.content keeps");
  }

  private static Object inLocal(Object value) {
    return new Object() {
      @Override
      public String toString() {
        return "of " + value;
      }
    };
  }

  @Test
  void ownerThatALambdaHasCapturedIsNamedInTheSameWay() {
    Holder holder = only(new Box(captured(new Client(queue)))).holder();

    assertThat(holder.owner())
        .isEqualTo(
            new Holder.Owner(
                "field Box.content.(captured)",
                "the ObjectGraphTest$Client that the lambda in field Box.content has captured",
                Client.class.getName(),
                "close",
                true));
    assertThat(holder.named()).isEqualTo("field Client.inside");
  }

  @Test
  void ownerWhoseClassWasMadeAtRunTimeIsCalledByWhatItIs() {
    Object held = queue;
    AutoCloseable lambda = () -> assertThat(held).isNotNull();
    Object proxy =
        Proxy.newProxyInstance(
            ObjectGraphTest.class.getClassLoader(),
            new Class<?>[] {AutoCloseable.class},
            (self, method, arguments) -> held);

    assertThat(generated(lambda)).isEqualTo("lambda of AutoCloseable");
    assertThat(generated(proxy)).isEqualTo("proxy of AutoCloseable");
    assertThat(generated(new Client(queue))).isNull();
  }

  private @Nullable String generated(Object owner) {
    return Objects.requireNonNull(only(new Box(owner)).holder().owner()).generated();
  }

  @Test
  void pathOfFieldsAndElementsIsItsOwnName() {
    Holder holder = only(new Box(List.of(new Box(new AtomicReference<>(queue))))).holder();

    assertThat(holder.named())
        .isEqualTo(holder.path())
        .isEqualTo("field Box.content[0].content.get()");
  }

  private static Object identityKey(Object key) {
    Map<Object, Object> map = new IdentityHashMap<>();
    map.put(key, "value");
    return map;
  }

  private static Object captured(Object value) {
    java.util.function.Supplier<Object> lambda = () -> value;
    return lambda;
  }

  @ParameterizedTest
  @MethodSource("collections")
  void ordinaryHolderIsFollowed(Function<Object, Object> wrap) {
    assertThat(only(new Box(wrap.apply(queue))).direct()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("collections")
  void userCodeNeverRuns(Function<Object, Object> wrap) {
    Object wrapped;
    try {
      wrapped = wrap.apply(new Hostile(queue));
    } catch (AssertionError theCollectionItselfAsks) {
      return;
    }

    only(new Box(wrapped));
  }

  @Test
  void threadIsFound() {
    Thread thread = new Thread(() -> {});

    assertThat(reach(new Box(thread))).extracting(Holding::object).containsExactly(thread);
  }

  @Test
  void elementsOfAQueueAreNotFollowed() {
    queue.add(new LinkedBlockingQueue<>());

    only(new Box(queue));
  }

  @Test
  void jdkObjectsAreOpaque() {
    assertThat(reach(new Box(new ThreadLocal<>()))).isEmpty();
    assertThat(reach(new Box(ClassLoader.getSystemClassLoader()))).isEmpty();
    assertThat(reach(new Box(Thread.class))).isEmpty();
  }

  @Test
  void collectionOfTheUsersIsFollowedThroughItsFields() {
    assertThat(only(new Box(new LyingList(queue))).holder().path())
        .isEqualTo("field Box.content.inside");
  }

  private static final class LyingList extends java.util.AbstractList<Object> {
    final Object inside;

    LyingList(Object inside) {
      this.inside = inside;
    }

    @Override
    public Object get(int index) {
      throw new AssertionError("get was called");
    }

    @Override
    public int size() {
      throw new AssertionError("size was called");
    }
  }

  @Test
  void collectionThatIsChangedMeanwhileIsNoError() throws InterruptedException {
    List<Object> changing = new ArrayList<>();
    Thread changer =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                changing.add("x");
                if (changing.size() > 1000) {
                  changing.clear();
                }
              }
            });
    changer.start();
    try {
      for (int i = 0; i < 200; i++) {
        assertThat(reach(new Box(changing))).isEmpty();
      }
    } finally {
      changer.interrupt();
      changer.join();
    }
  }

  @Test
  void searchIsBoundedInDepth() {
    Object deep = queue;
    for (int i = 0; i < 1_000; i++) {
      deep = new Box(deep);
    }

    assertThat(reach(new Box(deep))).isEmpty();
  }

  @Test
  void searchGoesAsManyStepsAsIsSaid() {
    Object deep = queue;
    for (int i = 0; i < Holder.MAX_STEPS - 1; i++) {
      deep = new Box(deep);
    }

    assertThat(reach(new Box(deep))).hasSize(1);
    assertThat(reach(new Box(new Box(deep)))).isEmpty();
  }

  @Test
  void searchIsBoundedInSize() {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 600_000; i++) {
      many.add(new Box(null));
    }
    many.add(queue);

    assertThat(reach(new Box(many))).isEmpty();
  }

  /** A cache with all that is in it, and three fields further a queue. */
  private static final class Store {
    final Object[] cache = new Object[60_000];
    final Map<Object, Object> index = new IdentityHashMap<>();
    final Box worker;

    Store(Object deep) {
      worker = new Box(new Box(new Box(deep)));
      for (int i = 0; i < cache.length; i++) {
        cache[i] = new Box(new Box(new Object()));
        index.put(new Box(new Object()), new Object());
      }
    }
  }

  @Test
  void manyElementsHideNothingThatFieldsLeadTo() {
    assertThat(reach(new Store(queue)).stream().map(Holding::object)).contains(queue);
  }

  @Test
  void lateElementOfALargeCollectionIsFollowed() {
    List<Object> all = new ArrayList<>(Collections.nCopies(2_000, "x"));
    all.add(new Box(new Box(queue)));

    assertThat(only(new Box(all)).holder().path())
        .isEqualTo("field Box.content[2000].content.content");
  }

  @Test
  void directReadsOnlyTheFieldsThemselves() {
    Child owner = new Child();
    owner.own = queue;
    owner.inherited = new Box(new LinkedBlockingQueue<>());

    Collection<Holding> held = ObjectGraph.direct(List.of(owner), List.of());

    assertThat(held).extracting(Holding::object).containsExactly(queue);
  }

  @Test
  void objectInTwoFieldsIsHeldOnce() {
    Child owner = new Child();
    owner.own = queue;
    owner.inherited = queue;

    assertThat(ObjectGraph.direct(List.of(owner), List.of())).hasSize(1);
    assertThat(reach(owner)).hasSize(1);
  }

  @Test
  void whatAFutureThatIsDoneGaveIsReached() {
    FutureTask<Object> task = new FutureTask<>(() -> queue);
    only(new Box(CompletableFuture.completedFuture(queue)));
    assertThat(reach(new Box(task))).isEmpty();
    task.run();
    assertThat(only(new Box(task)).holder().path()).isEqualTo("field Box.content.get()");
  }

  @Test
  void whatAProxyOfTheJdksAnswersWithIsReached() {
    Runnable proxy =
        (Runnable)
            Proxy.newProxyInstance(
                Box.class.getClassLoader(),
                new Class<?>[] {Runnable.class},
                (self, method, arguments) -> {
                  throw new AssertionError("called on " + queue);
                });
    only(new Box(proxy));
    only(new Box(new SoftReference<>(queue)));
    assertThat(reach(new Box(new WeakReference<>(queue)))).isEmpty();
  }

  /** Its text would be asked for by the exception that tells of it. */
  @SuppressWarnings("serial")
  private static final class Touched extends RuntimeException {
    private final BlockingQueue<Object> queue;

    Touched(BlockingQueue<Object> queue) {
      this.queue = queue;
    }

    @Override
    public String toString() {
      queue.add("asked");
      return "";
    }
  }

  @Test
  void aFutureThatFailedIsNotAsked() {
    FutureTask<Object> task =
        new FutureTask<>(
            () -> {
              throw new Touched(queue);
            });
    task.run();
    Touched failure = new Touched(queue);
    assertThat(reach(new Box(List.of(CompletableFuture.failedFuture(failure), task)))).isEmpty();
    assertThat(reach(new Box(new CompletableFuture<Object>()))).isEmpty();
    assertThat(queue).isEmpty();
  }

  private static final class HostileFuture extends CompletableFuture<Object> {
    @Override
    public boolean isDone() {
      throw new AssertionError("called");
    }
  }

  @Test
  void aFutureOfTheUsersIsNotAsked() {
    HostileFuture hostile = new HostileFuture();
    hostile.complete(queue);
    assertThat(reach(new Box(hostile))).isEmpty();
  }
}
