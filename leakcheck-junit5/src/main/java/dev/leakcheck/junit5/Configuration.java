package dev.leakcheck.junit5;

import dev.leakcheck.GrowthOptions;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Kind;
import dev.leakcheck.model.OwnKind;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What the annotations on a test say, on top of the configuration parameters. */
final class Configuration {

  private final LeakCheckSettings settings;

  /** What the annotations on a class, and around it, say. */
  record OfClass(
      LeakCheckSettings.Level level, Duration settle, int repeat, List<Allowance> allowances) {}

  private final TestOptions options;
  private final TestOptions ofTests;
  private final List<Class<?>> suites;
  private final Map<Class<?>, OfClass> ofClasses = new ConcurrentHashMap<>();

  /** Whether a type of annotations is one of LeakCheck's, or is annotated with such a one. */
  private final Map<Class<?>, Boolean> leadHere = new ConcurrentHashMap<>();

  Configuration(ExtensionContext context) {
    ConfigurationKeys.rejectUnknown(context);
    this.suites = Enclosing.suites(context.getRoot().getUniqueId());
    try {
      this.settings = LeakCheckSettings.from(context::getConfigurationParameter);
      this.options = TestOptions.of(LeakCheckOptions.of(settings));
      this.ofTests = options.brief().byEntry();
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What holds for every scope. */
  TestOptions options() {
    return options;
  }

  /** What holds for the scope of every test. */
  TestOptions ofTests() {
    return ofTests;
  }

  OfClass of(Class<?> testClass) {
    OfClass known = ofClasses.get(testClass);
    if (known == null) {
      known =
          new OfClass(
              level(testClass), settle(testClass), repeat(testClass), allowances(testClass));
      ofClasses.put(testClass, known);
    }
    return known;
  }

  LeakCheckSettings.Mode mode() {
    return settings.mode();
  }

  /** The level of a class: what the innermost annotation says. */
  private LeakCheckSettings.Level level(Class<?> testClass) {
    for (Class<?> type : outwards(testClass)) {
      Optional<NoLeaks> annotation = AnnotationSupport.findAnnotation(type, NoLeaks.class);
      if (annotation.isPresent() && annotation.get().level().length > 0) {
        return single(annotation.get(), type);
      }
    }
    return settings.level();
  }

  private static LeakCheckSettings.Level single(NoLeaks annotation, Class<?> type) {
    if (annotation.level().length > 1) {
      throw new ExtensionConfigurationException(
          "@NoLeaks on "
              + type.getName()
              + " has "
              + annotation.level().length
              + " levels: a class has one");
    }
    return annotation.level()[0];
  }

  Duration settle(ExtensionContext context) {
    Optional<Method> method = context.getTestMethod();
    if (method.isPresent() && mayBeAnnotated(method.get())) {
      Optional<NoLeaks> annotation = AnnotationSupport.findAnnotation(method.get(), NoLeaks.class);
      if (annotation.isPresent()) {
        rejectLevel(annotation.get(), method.get());
        if (!annotation.get().settle().isEmpty()) {
          return settle(annotation.get(), method.get().toString());
        }
      }
    }
    return of(context.getRequiredTestClass()).settle();
  }

  private Duration settle(Class<?> testClass) {
    for (Class<?> type : outwards(testClass)) {
      Optional<NoLeaks> annotation = AnnotationSupport.findAnnotation(type, NoLeaks.class);
      if (annotation.isPresent() && !annotation.get().settle().isEmpty()) {
        return settle(annotation.get(), type.getName());
      }
    }
    return settings.settle();
  }

  /** How often a test method runs and is measured; 1 if it is simply run. */
  int repeat(ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    OfClass ofClass = of(context.getRequiredTestClass());
    int own = repeatOfMethod(method);
    int repeat = own == 0 ? ofClass.repeat() : own;
    if (repeat > 1 && ofClass.level() != LeakCheckSettings.Level.METHOD) {
      throw new ExtensionConfigurationException(
          "@NoLeaks(repeat = "
              + repeat
              + ") for "
              + method.getName()
              + "() needs level METHOD, but the level is "
              + ofClass.level()
              + ": what repetitions leave is judged with the test");
    }
    return repeat;
  }

  private int repeatOfMethod(Method method) {
    return mayBeAnnotated(method)
        ? AnnotationSupport.findAnnotation(method, NoLeaks.class)
            .map(annotation -> repeat(annotation, method.getName() + "()"))
            .orElse(0)
        : 0;
  }

  private int repeat(Class<?> testClass) {
    for (Class<?> type : outwards(testClass)) {
      Optional<NoLeaks> annotation = AnnotationSupport.findAnnotation(type, NoLeaks.class);
      if (annotation.isPresent() && annotation.get().repeat() != 0) {
        return repeat(annotation.get(), type.getName());
      }
    }
    return 1;
  }

  private static int repeat(NoLeaks annotation, String where) {
    if (annotation.repeat() != 0 && annotation.repeat() != 1) {
      try {
        GrowthOptions.of(annotation.repeat());
      } catch (IllegalArgumentException e) {
        throw new ExtensionConfigurationException(
            "@NoLeaks(repeat = " + annotation.repeat() + ") on " + where + ": " + e.getMessage(),
            e);
      }
    }
    return annotation.repeat();
  }

  /** A factory's method makes tests and is none. */
  void rejectRepeat(ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    if (repeatOfMethod(method) > 1) {
      throw new ExtensionConfigurationException(
          "@NoLeaks(repeat = "
              + repeatOfMethod(method)
              + ") on "
              + method.getName()
              + "(): a test factory is not repeated; call LeakCheck.assertNoGrowth in its tests");
    }
  }

  private static void rejectLevel(NoLeaks annotation, Method method) {
    if (annotation.level().length > 0) {
      throw new ExtensionConfigurationException(
          "@NoLeaks(level = "
              + annotation.level()[0]
              + ") on method "
              + method.getName()
              + "(): a level is for classes; a method is always checked by itself");
    }
  }

  private static Duration settle(NoLeaks annotation, String where) {
    try {
      return LeakCheckSettings.duration("@NoLeaks(settle) on " + where, annotation.settle());
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Allowances of the class, its superclasses and the classes around it: they add up. */
  private List<Allowance> allowances(Class<?> testClass) {
    Set<AllowLeaks> annotations = new LinkedHashSet<>();
    for (Class<?> outer : outwards(testClass)) {
      for (Class<?> type = outer; type != null; type = type.getSuperclass()) {
        annotations.addAll(find(type));
      }
    }
    return convert(annotations, testClass.getName());
  }

  /** Saves JUnit's search through annotations of annotations where none of them is LeakCheck's. */
  private boolean mayBeAnnotated(Method method) {
    for (Annotation annotation : method.getDeclaredAnnotations()) {
      if (leadHere.computeIfAbsent(
          annotation.annotationType(), type -> leadsHere(type, new HashSet<>()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean leadsHere(Class<?> annotation, Set<Class<?>> seen) {
    if (annotation == NoLeaks.class
        || annotation == AllowLeaks.class
        || annotation == AllowLeaks.Several.class) {
      return true;
    }
    if (seen.add(annotation)) {
      for (Annotation meta : annotation.getDeclaredAnnotations()) {
        if (leadsHere(meta.annotationType(), seen)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Allowances of the test method alone. */
  List<Allowance> allowances(ExtensionContext context) {
    return context
        .getTestMethod()
        .filter(this::mayBeAnnotated)
        .map(method -> convert(new LinkedHashSet<>(find(method)), method))
        .orElse(List.of());
  }

  private static List<AllowLeaks> find(AnnotatedElement element) {
    return AnnotationSupport.findRepeatableAnnotations(element, AllowLeaks.class);
  }

  private static List<Allowance> convert(Set<AllowLeaks> annotations, Object where) {
    List<Allowance> allowances = new ArrayList<>();
    for (AllowLeaks annotation : annotations) {
      Set<Kind> kinds = new LinkedHashSet<>(List.of(annotation.kind()));
      try {
        for (String own : annotation.ownKind()) {
          kinds.add(new OwnKind(own));
        }
        Allowance allowance =
            Allowance.of(
                kinds,
                annotation.thread(),
                annotation.createdBy(),
                annotation.threadLocal(),
                annotation.reason());
        allowances.add(annotation.unlessProved() ? allowance.unlessProved() : allowance);
      } catch (IllegalArgumentException e) {
        throw new ExtensionConfigurationException(
            "@AllowLeaks on " + where + ": " + e.getMessage(), e);
      }
    }
    return allowances;
  }

  /** A class, the classes around it, and the suites that run it, innermost first. */
  private List<Class<?>> outwards(Class<?> testClass) {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> type = testClass; type != null; type = Enclosing.of(type)) {
      classes.add(type);
    }
    classes.addAll(suites);
    return classes;
  }
}
