package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.ClassFiles;
import dev.leakcheck.capture.base.ClassMentions;
import dev.leakcheck.capture.base.Fields;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executors, threads and timers that final static fields hold, themselves or through final fields
 * of what they hold: made when such a class was initialised, by whoever touched it first, and there
 * for as long as the class is. Nobody lists classes for a program, so those are looked through
 * which the code of some class names, and the code of the program's classes among them in turn. No
 * class is initialised. Thread-safe.
 */
public final class ClassConstants {

  private static final int MOST_CLASSES = 5_000;

  /** A field, one of what that holds, and an array in this. */
  private static final int MOST_STEPS = 4;

  private static final int MOST_ELEMENTS = 1_000;

  private static final @Nullable String OWN = ClassFiles.place(ClassConstants.class.getName());

  private final Set<String> homes = new HashSet<>();
  private final Map<String, Boolean> packages = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private final Set<String> libraries = new HashSet<>();
  private final Set<Class<?>> declaring = new LinkedHashSet<>();
  private final Set<String> leftToScopes = ConcurrentHashMap.newKeySet();

  /**
   * Something that a class keeps.
   *
   * @param object an executor, without a wrapper of the JDK's, a thread or a timer
   * @param field the final static field that leads to it
   */
  public record Constant(Object object, Field field) {}

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
   * @return what was found, each object once
   */
  public synchronized List<Constant> of(Collection<Class<?>> program) {
    program.forEach(this::read);
    List<Constant> constants = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Class<?> type : declaring) {
      if (!leftToScopes.contains(type.getName())) {
        for (Field field : finals(Fields.ofClass(type))) {
          follow(
              Fields.read(field, null), seen, object -> constants.add(new Constant(object, field)));
        }
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
      Class<?> type =
          mentions.constants().stream().anyMatch(ClassConstants::mayLead)
              ? StaticFields.ofApplication(name)
              : null;
      if (type != null) {
        declaring.add(type);
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

  /** Whether a field of a type may hold a thread: of the JDK's types these do that say so. */
  private static boolean mayLead(String type) {
    return !ClassMentions.isJdks(type)
        || type.startsWith("java.util.concurrent.")
        || type.equals(Thread.class.getName())
        || type.equals(Timer.class.getName());
  }

  private static List<Field> finals(List<Field> fields) {
    return fields.stream().filter(field -> Modifier.isFinal(field.getModifiers())).toList();
  }

  private static void follow(@Nullable Object root, Set<Object> seen, Consumer<Object> found) {
    Deque<Step> open = new ArrayDeque<>();
    add(root, 1, seen, open);
    Step step;
    while ((step = open.poll()) != null) {
      Object object = step.object();
      if (object instanceof Executor || object instanceof Thread || object instanceof Timer) {
        found.accept(object);
      }
      if (step.steps() < MOST_STEPS) {
        if (object instanceof Object[] array) {
          for (int i = 0; i < array.length && i < MOST_ELEMENTS; i++) {
            add(array[i], step.steps() + 1, seen, open);
          }
        } else {
          for (Field field : finals(Fields.ofInstances(object.getClass()))) {
            add(Fields.read(field, object), step.steps() + 1, seen, open);
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
