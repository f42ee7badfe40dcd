package dev.leakcheck.agent;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.objects.ThreadLocals;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.threads.VirtualRegistry;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the hooks in place, tries them, and connects them to {@link Births}.
 *
 * <ol>
 *   <li>{@code java.base}, and some packages of other modules of the JDK's, are opened to
 *       LeakCheck's own module, and to no other.
 *   <li>The {@link HookClass} goes into the boot loader. It is defined there: to append a jar to
 *       the boot class path would have the JVM warn, on every run, that it shares no classes.
 *   <li>A {@link HookTransformer} adds the calls to the JDK's classes.
 *   <li>A {@link Probe} proves each part; a part that fails is refused, with a sentence.
 * </ol>
 *
 * <p>It runs before {@code main}, in every JVM that has the agent: no lambda, no stream, no regular
 * expression, and no string is put together unless something is refused.
 */
final class Installer {

  private static final AtomicBoolean BEGUN = new AtomicBoolean();

  /** Of more the JVM complains where it checks its own native calls. */
  private static final int AT_ONCE = 14;

  private final Instrumentation jvm;
  private final Births births;
  private final Map<Part, String> refused = new LinkedHashMap<>();
  private final Set<Part> parts = EnumSet.allOf(Part.class);
  private @Nullable HookTransformer transformer;

  /** Classes that get their hooks when they are loaded. */
  private final Set<String> unloaded = new LinkedHashSet<>();

  private Installer(Instrumentation jvm, Births births) {
    this.jvm = jvm;
    this.births = births;
  }

  /**
   * Installs the agent. The second call, by an agent that is given twice, does nothing.
   *
   * @param jvm what the JVM lets an agent do
   * @param without parts that stay unhooked
   */
  static void install(Instrumentation jvm, Set<Part> without) {
    if (BEGUN.compareAndSet(false, true)) {
      new Installer(jvm, Births.jvm()).install(without);
    }
  }

  private void install(Set<Part> without) {
    if (!Jdk.HAS_CONTAINERS) {
      parts.remove(Part.VIRTUAL_THREADS);
    }
    for (Part part : without) {
      refuse(part, "the agent was told to leave them out");
    }
    Consumer<Boolean> hookSwitch = new Sinks.NoSwitch();
    try {
      open();
      ThreadLocals.connect(new InitialValues(jvm));
      hookSwitch = hook();
    } catch (Throwable e) {
      // Whatever it is, the program must go on as if there were no agent.
      for (Part part : Part.values()) {
        refuse(part, "the JVM refused: " + e);
      }
    }
    if (parts.isEmpty() && transformer != null) {
      jvm.removeTransformer(transformer);
    }
    births.connect(parts, new ArrayList<>(refused.values()), hookSwitch);
  }

  private void refuse(Part part, String why) {
    if (parts.remove(part)) {
      refused.put(part, AgentArguments.name(part).replace('-', ' ') + " are not recorded: " + why);
    }
  }

  private void open() {
    Set<Module> self = Set.of(Installer.class.getModule());
    Map<String, Set<Module>> opened = new HashMap<>();
    opened.put("java.lang", self);
    opened.put("jdk.internal.misc", self);
    opened.put("java.util", self);
    opened.put("java.util.concurrent", self);
    opened.put("java.util.concurrent.locks", self);
    opened.put("sun.nio.ch", self);
    opened.put("sun.nio.fs", self);
    if (Jdk.HAS_CONTAINERS) {
      opened.put("jdk.internal.vm", self);
    }
    jvm.redefineModule(Object.class.getModule(), Set.of(), opened, opened, Set.of(), Map.of());
    openIfThere("java.management", "com.sun.jmx.remote.internal", self);
    openIfThere("java.management.rmi", "javax.management.remote.rmi", self);
    openIfThere("jdk.httpserver", "sun.net.httpserver", self);
    JdkField.opened();
  }

  /** What only tells who holds the threads of a module's own: no part depends on it. */
  private void openIfThere(String moduleName, String packageName, Set<Module> self) {
    Module module = ModuleLayer.boot().findModule(moduleName).orElse(null);
    if (module != null && module.getPackages().contains(packageName)) {
      Map<String, Set<Module>> opened = Map.of(packageName, self);
      try {
        jvm.redefineModule(module, Set.of(), Map.of(), opened, Set.of(), Map.of());
      } catch (RuntimeException | LinkageError refusedByTheJvm) {
        return; // these threads are told apart as without the agent
      }
    }
  }

  private Consumer<Boolean> hook() throws ReflectiveOperationException {
    List<HookPoint> points = pointsOf(parts);
    if (points.isEmpty()) {
      return new Sinks.NoSwitch();
    }
    Consumer<@Nullable Object[]> hooks = HookClass.define();
    HookTransformer calls = new HookTransformer(points);
    ListedThreads listed = new ListedThreads();
    transform(calls, listed, points);
    connect(listed);
    for (HookPoint point : points) {
      if (!point.optional() && !unloaded.contains(point.typeName()) && !calls.added(point)) {
        refuse(point.part(), point.label() + " has an unexpected shape");
      }
    }
    Probe probe = new Probe();
    refuseWhatFails(probe, hooks);
    refuseLate(points);
    @Nullable Object[] sinks = Sinks.of(parts, births, calls);
    probe.show(sinks);
    return new Sinks.Switch(hooks, sinks);
  }

  private static List<HookPoint> pointsOf(Set<Part> parts) {
    List<HookPoint> points = new ArrayList<>();
    for (HookPoint point : HookPoint.ofThisJdk()) {
      if (parts.contains(point.part())) {
        points.add(point);
      }
    }
    return points;
  }

  /** No birth is recorded by it, so what fails here costs nothing but proofs. */
  private static void connect(ListedThreads listed) {
    try {
      if (listed.isAdded()) {
        HookClass.listThrough(VirtualRegistry.jvm());
        VirtualRegistry.jvm().connect();
      }
    } catch (ReflectiveOperationException | LinkageError e) {
      return; // the JDK reads its own set
    }
  }

  private void transform(HookTransformer calls, ListedThreads listed, List<HookPoint> points) {
    findUnloaded(points);
    Set<Class<?>> types = new LinkedHashSet<>();
    for (HookPoint point : points) {
      if (unloaded.contains(point.typeName())) {
        continue;
      }
      try {
        types.add(Class.forName(point.typeName(), false, null));
      } catch (ClassNotFoundException e) {
        if (!point.optional()) {
          refuse(point.part(), "this JDK has no " + point.typeName());
        }
      }
    }
    transformer = calls;
    addListed(listed, types);
    jvm.addTransformer(calls, true);
    List<Class<?>> all = List.copyOf(types);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      transform(all.subList(from, Math.min(all.size(), from + AT_ONCE)), points);
    }
  }

  private void transform(List<Class<?>> types, List<HookPoint> points) {
    try {
      jvm.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (Throwable e) {
      // One class that can't be transformed shall not cost the others.
      for (Class<?> type : types) {
        transform(type, points);
      }
    }
  }

  private void findUnloaded(List<HookPoint> points) {
    for (HookPoint point : points) {
      if (point.isLate()) {
        unloaded.add(point.typeName());
      }
    }
    if (!unloaded.isEmpty()) {
      for (Class<?> loaded : jvm.getInitiatedClasses(null)) {
        unloaded.remove(loaded.getName());
      }
    }
  }

  private void addListed(ListedThreads listed, Set<Class<?>> types) {
    if (parts.contains(Part.VIRTUAL_THREADS)) {
      try {
        types.add(ListedThreads.owner());
        jvm.addTransformer(listed, true);
      } catch (ClassNotFoundException e) {
        return; // another JDK keeps its list elsewhere
      }
    }
  }

  private void transform(Class<?> type, List<HookPoint> points) {
    try {
      jvm.retransformClasses(type);
    } catch (Throwable e) {
      for (HookPoint point : points) {
        if (point.typeName().equals(type.getName())) {
          refuse(point.part(), "the JVM refused to transform " + type.getName() + ": " + e);
        }
      }
    }
  }

  /** Where no other class could be hooked, one that is loaded later will not be either. */
  private void refuseLate(List<HookPoint> points) {
    boolean others = false;
    for (HookPoint point : points) {
      if (!point.isLate()) {
        others = true;
        if (parts.contains(point.part())) {
          return;
        }
      }
    }
    if (others) {
      refuse(Part.ASYNC_STAGES, "no other class could be hooked");
    }
  }

  private void refuseWhatFails(Probe probe, Consumer<@Nullable Object[]> hooks) {
    hooks.accept(probe.sinks());
    try {
      for (Part part : EnumSet.copyOf(parts)) {
        String failure = null;
        try {
          if (!probe.works(part)) {
            failure = "";
          }
        } catch (Throwable e) {
          failure = ": " + e;
        }
        if (failure != null) {
          refuse(part, "what the agent made to try it was not seen" + failure);
        }
      }
    } finally {
      hooks.accept(new @Nullable Object[Hook.COUNT]);
    }
  }
}
