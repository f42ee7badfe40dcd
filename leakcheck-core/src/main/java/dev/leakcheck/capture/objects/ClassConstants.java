package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.ClassFiles;
import dev.leakcheck.capture.base.ClassMentions;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Initialized;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Executors, threads and timers that final static fields hold, themselves or through final fields
 * of what they hold: made when such a class was initialised, by whoever touched it first, and there
 * for as long as the class is. Nobody lists classes for a program, so those are looked through
 * which the code of some class names, and the code of the program's classes among them in turn. No
 * class is initialised. Thread-safe.
 */
public final class ClassConstants {

  private static final int MOST_CLASSES = 2_000;

  /** A field, one of what that holds, and an array in this. */
  private static final int MOST_STEPS = 4;

  private static final int MOST_ELEMENTS = 1_000;

  /** Classes without a field that may hold a thread. */
  private static final Set<String> PLAIN =
      Set.of(Object.class.getName(), Enum.class.getName(), Record.class.getName());

  private static final @Nullable String OWN = ClassFiles.place(ClassConstants.class.getName());

  private final Set<String> homes = new HashSet<>();
  private final Map<String, Boolean> packages = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private final Set<String> libraries = new HashSet<>();

  /** Those that were not initialised when they were last looked at. */
  private final Set<Class<?>> asleep = new LinkedHashSet<>();

  /** Held weakly: what LeakCheck holds of the program's may not lead to it. */
  private final List<Known> known = new ArrayList<>();

  private final Set<String> leftToScopes = ConcurrentHashMap.newKeySet();

  /**
   * Something that a class keeps.
   *
   * @param object an executor, without a wrapper of the JDK's, a thread or a timer
   * @param field the final static field that leads to it
   */
  public record Constant(Object object, Field field) {}

  private record Known(OwnReference<Object> object, Field field) {}

  private record Step(Object object, int steps) {}

  /**
   * Some scope answers for what a class keeps, now or later.
   *
   * @param type such as a test's class
   */
  public void leaveToScopes(Class<?> type) {
    leftToScopes.add(type.getName());
  }

  /**
   * What initialised classes keep for which no scope answers.
   *
   * @param program classes that certainly are the program's
   * @return what was found
   */
  public synchronized List<Constant> of(Collection<Class<?>> program) {
    program.forEach(this::read);
    for (Iterator<Class<?>> sleeping = asleep.iterator(); sleeping.hasNext(); ) {
      Class<?> type = sleeping.next();
      if (Initialized.is(type)) {
        sleeping.remove(); // from now on it keeps what it keeps
        finals(Fields.ofClass(type)).forEach(this::follow);
      }
    }
    List<Constant> constants = new ArrayList<>();
    for (Known one : known) {
      Object object = one.object().get();
      if (object != null && !leftToScopes.contains(one.field().getDeclaringClass().getName())) {
        constants.add(new Constant(object, one.field()));
      }
    }
    return constants;
  }

  private void read(Class<?> own) {
    Deque<String> open = new ArrayDeque<>();
    if (homes.add(Stacks.home(own.getName()))) {
      packages.clear();
      open.addAll(libraries); // some may be the program's after all
      libraries.clear();
    }
    open.add(own.getName());
    String name;
    while ((name = open.poll()) != null && read.size() < MOST_CLASSES) {
      if (!read.contains(name) && !libraries.contains(name)) {
        read(name, open);
      }
    }
  }

  private void read(String name, Deque<String> open) {
    boolean isProgram = isPrograms(name);
    (isProgram ? read : libraries).add(name);
    ClassMentions mentions = isProgram ? ClassMentions.of(name) : null;
    if (mentions != null) {
      open.addAll(mentions.classes());
      Class<?> type = mayKeep(name, mentions) ? StaticFields.ofApplication(name) : null;
      if (type != null) {
        asleep.add(type);
      }
    }
  }

  /** It is in a directory, or has the first package names of a class that is; told by package. */
  private boolean isPrograms(String name) {
    return packages.computeIfAbsent(
        name.substring(0, Math.max(0, name.lastIndexOf('.'))),
        k -> {
          String place = ClassFiles.place(name);
          return place != null
              && !place.equals(OWN)
              && (homes.contains(Stacks.home(name)) || !place.startsWith("jar:"));
        });
  }

  /** Many a class keeps one of its own kind, as enums do: that may hold what such a one does. */
  private static boolean mayKeep(String name, ClassMentions mentions) {
    return mentions.constants().stream()
        .anyMatch(
            type ->
                type.equals(name)
                    ? !PLAIN.contains(mentions.extended())
                        || mentions.parts().stream().anyMatch(ClassConstants::mayLead)
                    : mayLead(type));
  }

  /**
   * Whether a field of a type may hold a thread: of the JDK's types these do that say so, of others
   * all but what nearly every class has.
   */
  private static boolean mayLead(String type) {
    return (!ClassMentions.isJdks(type) && !type.endsWith("Logger") && !type.endsWith(".Log"))
        || type.startsWith("java.util.concurrent.")
        || type.equals(Thread.class.getName())
        || type.equals(Timer.class.getName());
  }

  private static List<Field> finals(List<Field> fields) {
    return fields.stream().filter(field -> Modifier.isFinal(field.getModifiers())).toList();
  }

  private void follow(Field field) {
    Deque<Step> open = new ArrayDeque<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    add(Fields.read(field, null), 1, seen, open);
    Step step;
    while ((step = open.poll()) != null) {
      Object object = step.object();
      if (object instanceof Executor || object instanceof Thread || object instanceof Timer) {
        known.add(new Known(new OwnReference<>(object), field));
      }
      if (step.steps() < MOST_STEPS) {
        if (object instanceof Object[] array) {
          for (int i = 0; i < array.length && i < MOST_ELEMENTS; i++) {
            add(array[i], step.steps() + 1, seen, open);
          }
        } else {
          for (Field part : finals(Fields.ofInstances(object.getClass()))) {
            add(Fields.read(part, object), step.steps() + 1, seen, open);
          }
        }
      }
    }
  }

  private static void add(@Nullable Object held, int steps, Set<Object> seen, Deque<Step> open) {
    Object object =
        held instanceof ExecutorService executor ? WorkerExecutors.unwrap(executor) : held;
    if (object != null && seen.add(object)) {
      open.add(new Step(object, steps));
    }
  }
}
