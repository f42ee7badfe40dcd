package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.CallSites;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Maker.Deed;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds whose code made a thing: not a factory's, which gives it away, nor one deep in a library,
 * which the user never called. Asks the classes of a creation's frames, initialises none, and takes
 * what it cannot ask for the user's where the name says so. Used by one thread.
 */
public final class MakerFinder {

  private final Scope scope;
  private final Stops stops = new Stops();
  private final Factories factories = new Factories(stops);
  private final UsersFields fields = new UsersFields(stops, factories);
  private final ObjectsAtHand atHand = new ObjectsAtHand(stops);
  private final Wholes wholes = new Wholes(stops);
  private final StoppableThreads threads =
      new StoppableThreads(stops, type -> program().isLibrarys(type));

  /** Most of many things are made at one place. */
  private final Map<List<StackTraceElement>, Maker> makers = new HashMap<>();

  private @Nullable Program program;

  /** For what was made in a scope. */
  public MakerFinder(Scope scope) {
    this.scope = scope;
  }

  /**
   * The object whose method a frame is: of one object there may be several frames in a row, of its
   * class and of those which that extends.
   *
   * @param last its outermost frame
   * @param type its class, as far as the stack and who calls it tell; null if that cannot be asked
   */
  private record Of(int last, @Nullable Class<?> type) {}

  /**
   * The same origin, with who made the thing.
   *
   * @param origin any origin
   */
  public Origin find(Origin origin) {
    return origin instanceof Origin.Known known ? find(known, Stacks.own(known.stack())) : origin;
  }

  private Origin find(Origin.Known known, List<StackTraceElement> own) {
    return own.isEmpty()
        ? known
        : new Origin.Known(
            known.stack(),
            known.thread(),
            known.scope(),
            known.shared(),
            makers.computeIfAbsent(own, this::maker));
  }

  /**
   * Where a thing was made, and by whom, which is not its own constructor. What a library's thread
   * made has after the frames of that thread those of the user's which led to it.
   *
   * @param birth the thing's
   */
  public Origin find(Birth birth) {
    Origin found =
        birth.origin() instanceof Origin.Known known
            ? find(known, Factories.withoutOwnConstructors(birth.get(), Stacks.own(known.stack())))
            : birth.origin();
    if (!(found instanceof Origin.Known known)) {
      return found;
    }
    if (!(birth.first() instanceof Origin.Known first)
        || (known.maker() != null
            && (!known.maker().librarys() || known.maker().caller() != null))) {
      return threads.owned(known, birth);
    }
    List<StackTraceElement> all = new ArrayList<>(known.stack());
    first.stack().stream().takeWhile(frame -> !Stacks.isTestRunner(frame)).forEach(all::add);
    return find(new Origin.Known(all, known.thread(), known.scope(), known.shared()));
  }

  /** Whether a class is a library's; not where it cannot be asked. */
  public boolean isLibrarys(StackTraceElement frame) {
    List<Class<?>> classes = StaticFields.classesOf(frame);
    return !classes.isEmpty() && classes.stream().allMatch(program()::isLibrarys);
  }

  /** The same of a class by its name. */
  public boolean isLibrarys(String type) {
    Class<?> known = StaticFields.ofApplication(type);
    return known != null && program().isLibrarys(known);
  }

  /**
   * Whether a frame is in the method that is there to stop what a maker made.
   *
   * @param type the maker's class, or one that has to be closed
   * @param stop the method
   */
  public boolean isIn(String type, String stop, StackTraceElement frame) {
    if (!frame.getMethodName().equals(stop)) {
      return false;
    }
    if (frame.getClassName().equals(type)) {
      return true;
    }
    Class<?> declaring = StaticFields.classOf(frame);
    Class<?> owner = declaring == null ? null : StaticFields.ofApplication(type);
    return declaring != null
        && owner != null
        && (declaring.isAssignableFrom(owner) || owner.isAssignableFrom(declaring));
  }

  private Maker maker(List<StackTraceElement> own) {
    int made = behindFactories(own, 0);
    int user = made;
    while (user < own.size() && isLibrarys(own.get(user), own)) {
      user++;
    }
    if (user == own.size()) {
      return librarys(own, made, own.size());
    }
    user = user > made ? user : Factories.givenTo(own, made, frame -> isLibrarys(frame, own));
    if (user > made || (user > 0 && givesOwn(own, user - 1))) {
      Maker library = librarys(own, user - 1, user);
      return Objects.requireNonNullElse(usersAround(own, user, library), library);
    }
    Maker maker = usersMaker(own, made);
    if (maker.stop() == null && maker.caller() != null) {
      int calls = own.indexOf(maker.caller());
      Maker around = usersMaker(own, calls);
      return around.stop() != null && around.caller() != null
          ? around
          : isOfNoObject(own, made) ? maker.helping(whoseCall(own, calls)) : maker;
    }
    return maker;
  }

  /** Nobody's object did it, and a class does not stop. */
  private boolean isOfNoObject(List<StackTraceElement> own, int index) {
    int last = of(own, index).last();
    return own.subList(index, last + 1).stream()
            .allMatch(frame -> Factories.isStatic(factories.named(frame)))
        && factories.named(own.get(last)).stream().noneMatch(Method::isSynthetic);
  }

  private Maker whoseCall(List<StackTraceElement> own, int index) {
    Maker maker = usersMaker(own, index);
    return maker.caller() != null && maker.stop() == null && isOfNoObject(own, index)
        ? whoseCall(own, behindFactories(own, of(own, index).last() + 1))
        : maker;
  }

  // A library's

  /** Whether a library's factory gives an object of the library's that has what was made. */
  private boolean givesOwn(List<StackTraceElement> own, int index) {
    StackTraceElement frame = own.get(index);
    return isLibrarys(frame, own) && factories.givesObject(frame);
  }

  /** What the user calls of it, if the user does. */
  private Maker librarys(List<StackTraceElement> own, int index, int user) {
    StackTraceElement frame = own.get(index);
    Class<?> declaring = StaticFields.classesOf(frame).stream().findFirst().orElse(null);
    Class<?> type = declaring;
    if (declaring != null && user < own.size()) {
      Class<?> called = called(frame, own.get(user));
      type =
          called != null && declaring.isAssignableFrom(called)
              ? called
              : called != null && called.isAssignableFrom(declaring) && stop(frame, called) != null
                  ? called
                  : overriding(own, index, declaring);
    }
    String stop = type == null ? null : stop(frame, type);
    StackTraceElement caller = user == own.size() ? null : own.get(user);
    Class<?> given = stop == null ? given(frame, caller) : null;
    if (type != null && stop == null && given == null) {
      stop = stops.counterpart(type, frame.getMethodName());
    }
    Class<?> whole = stop == null && given == null ? whole(own, user) : null;
    Class<?> stopped = given == null ? whole : given;
    Class<?> owner = stopped == null ? type : stopped;
    Maker maker =
        new Maker(
            frame,
            caller,
            caller == null ? null : own.get(behindFactories(own, user)),
            name(owner, frame),
            stopped == null ? stop : stops.ofObject(stopped),
            true,
            given != null
                ? Deed.GIVES
                : whole != null
                    ? Deed.USES_PART
                    : factories.isOfObject(frame) ? Deed.USES : Deed.MAKES);
    return owner == null || caller == null || !maker.isMadeByLibrary()
        ? maker
        : maker.partOf(wholes.of(caller, frame, owner));
  }

  /** What the user's code had at hand that is there to be stopped and what it called is part of. */
  private @Nullable Class<?> whole(List<StackTraceElement> own, int user) {
    if (user == own.size()) {
      return null;
    }
    StackTraceElement caller = own.get(user);
    Set<String> library = new HashSet<>();
    own.subList(0, user).forEach(frame -> library.add(frame.getClassName()));
    StaticFields.classesOf(own.get(user - 1)).stream()
        .flatMap(type -> Stops.withSupertypes(type).stream())
        .forEach(type -> library.add(type.getName()));
    return atHand.of(caller, library);
  }

  /** What a builder or a factory gives to the user, if that is there to be stopped. */
  private @Nullable Class<?> given(StackTraceElement frame, @Nullable StackTraceElement caller) {
    List<Method> named = factories.called(frame, caller);
    return Stream.concat(
            named.stream().filter(factories::givesAway).map(Method::getReturnType),
            Stream.ofNullable(Factories.taken(frame, caller)))
        .filter(type -> !Fields.isJdk(type) && stops.ofObject(type) != null)
        .findFirst()
        .orElse(null);
  }

  /** As whose object the caller knows it. */
  private static @Nullable Class<?> called(StackTraceElement frame, StackTraceElement caller) {
    Class<?> type = StaticFields.classOf(caller);
    String receiver = type == null ? null : CallSites.receiver(type, caller, frame.getMethodName());
    return receiver == null ? null : StaticFields.ofApplication(receiver);
  }

  /** A method of a class that is extended calls those of the class that extends it. */
  private static Class<?> overriding(List<StackTraceElement> own, int index, Class<?> declaring) {
    Class<?> type = declaring;
    for (int i = index - 1; i >= 0; i--) {
      Class<?> inner = StaticFields.classOf(own.get(i));
      if (inner == null || !type.isAssignableFrom(inner)) {
        return type;
      }
      type = inner;
    }
    return type;
  }

  // The user's

  /** The user's object that keeps what it had a library make, and is there to be closed itself. */
  private @Nullable Maker usersAround(List<StackTraceElement> own, int user, Maker library) {
    int index = behindFactories(own, user);
    for (int steps = 0; steps < 2 && index < own.size(); steps++) {
      Of of = of(own, index);
      Maker maker = usersMaker(own, index);
      if (maker.stop() != null && maker.caller() != null && fields.has(of.type(), library)) {
        return maker;
      }
      index = of.last() + 1;
    }
    return null;
  }

  private Maker usersMaker(List<StackTraceElement> own, int index) {
    StackTraceElement frame = own.get(index);
    Of of = of(own, index);
    Class<?> type = of.type();
    int caller = of.last() + 1;
    return new Maker(
            frame,
            caller == own.size() ? null : own.get(caller),
            caller == own.size() ? null : own.get(behindFactories(own, caller)),
            name(type, frame),
            type == null || isTests(frame, type) ? null : stop(frame, type),
            false,
            Deed.MAKES)
        .calledAs(own.get(of.last()));
  }

  private static Of of(List<StackTraceElement> own, int index) {
    StackTraceElement frame = own.get(index);
    Class<?> type = StaticFields.classesOf(frame).stream().findFirst().orElse(null);
    int last = index;
    while (last + 1 < own.size()) {
      StackTraceElement next = own.get(last + 1);
      Class<?> extending = StaticFields.classOf(next);
      if (type != null
          && extending != null
          && extending != type
          && type.isAssignableFrom(extending)) {
        type = extending;
      } else if (!Stacks.isIn(next.getClassName(), frame.getClassName())) {
        break;
      }
      last++;
    }
    if (type != null && last + 1 < own.size()) {
      Class<?> called = called(own.get(last), own.get(last + 1));
      type = called != null && type.isAssignableFrom(called) ? called : type;
    }
    return new Of(last, type);
  }

  /** What has a test framework call its methods needs nobody else to. */
  private boolean isTests(StackTraceElement frame, Class<?> type) {
    for (Scope around = scope; around != null; around = around.parent()) {
      if (around.classes().stream()
          .anyMatch(test -> test.getName().equals(frame.getClassName()) || test == type)) {
        return true;
      }
    }
    return false;
  }

  // Of both

  private boolean isLibrarys(StackTraceElement frame, List<StackTraceElement> own) {
    List<Class<?>> classes = StaticFields.classesOf(frame);
    return classes.isEmpty()
        ? !Stacks.home(frame.getClassName())
            .equals(Stacks.home(own.get(own.size() - 1).getClassName()))
        : classes.stream().allMatch(program()::isLibrarys);
  }

  private Program program() {
    Program ofUser = program == null ? Program.of(scope) : program;
    program = ofUser;
    return ofUser;
  }

  private static String name(@Nullable Class<?> type, StackTraceElement frame) {
    return type == null ? frame.getClassName() : type.getName();
  }

  /** What stops an object of a class, or the class itself if the frame is of no object. */
  private @Nullable String stop(StackTraceElement frame, Class<?> type) {
    List<Method> named = factories.named(frame);
    boolean ofClass =
        Factories.isStatic(named)
            && named.stream()
                .noneMatch(it -> it.isSynthetic() || type.isAssignableFrom(it.getReturnType()));
    return ofClass ? stops.ofClass(type) : stops.ofObject(type);
  }

  /** The first frame from an index on that is no factory. */
  private int behindFactories(List<StackTraceElement> own, int from) {
    int index = from;
    while (index < own.size() - 1
        && factories.isFactory(
            own.get(index), own.get(index + 1), isLibrarys(own.get(index), own))) {
      index++;
    }
    return index;
  }
}
