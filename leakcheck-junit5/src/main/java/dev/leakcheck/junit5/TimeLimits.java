package dev.leakcheck.junit5;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * How long the user's methods may take: what {@link Timeout} says on the method or, for tests, on
 * the classes around it, or else the configuration parameters. Thread-safe.
 */
final class TimeLimits {

  private static final String PREFIX = "junit.jupiter.execution.timeout.";
  private static final Pattern DURATION =
      Pattern.compile(
          "([1-9]\\d*) ?((?:[nμm]?s)|m|h|d)?", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  /** What sort of method; the names are those of the configuration parameters. */
  enum Kind {
    TEST("test", true),
    TEST_TEMPLATE("testtemplate", true),
    TEST_FACTORY("testfactory", true),
    BEFORE_ALL("beforeall", false),
    BEFORE_EACH("beforeeach", false),
    AFTER_EACH("aftereach", false),
    AFTER_ALL("afterall", false);

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> keys;

    private final boolean testable;

    Kind(String name, boolean testable) {
      this.testable = testable;
      this.keys =
          List.of(
              PREFIX + name + ".method.default",
              PREFIX + (testable ? "testable" : "lifecycle") + ".method.default",
              PREFIX + "default");
    }
  }

  /** Compares by itself: the JDK's way for records takes milliseconds at its first use. */
  private record Key(Method method, Class<?> testClass, Kind kind) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && method.equals(key.method)
          && testClass == key.testClass
          && kind == key.kind;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * method.hashCode() + testClass.hashCode()) + kind.hashCode();
    }
  }

  private final Map<Key, Optional<Duration>> annotated = new ConcurrentHashMap<>();
  private final Map<Kind, Optional<Duration>> configured = new ConcurrentHashMap<>();
  private volatile @Nullable Boolean off;

  /** When a method is looked at that has a limit: a second before it, or at four fifths of it. */
  static Duration shortlyBefore(Duration limit) {
    Duration before = limit.minusSeconds(1);
    Duration part = limit.multipliedBy(4).dividedBy(5);
    return before.compareTo(part) > 0 ? before : part;
  }

  /** The time that a method may take, or null if there is no limit. */
  @Nullable Duration of(ExtensionContext context, Method method, Kind kind) {
    if (isOff(context)) {
      return null;
    }
    Key key = new Key(method, context.getRequiredTestClass(), kind);
    Optional<Duration> own = annotated.get(key);
    if (own == null) {
      own = annotated(key);
      annotated.put(key, own);
    }
    return own.orElseGet(() -> configured(context, kind));
  }

  private static Optional<Duration> annotated(Key key) {
    Optional<Timeout> timeout = AnnotationSupport.findAnnotation(key.method, Timeout.class);
    for (Class<?> type = key.kind.testable ? key.testClass : null;
        timeout.isEmpty() && type != null;
        type = Enclosing.of(type)) {
      timeout = AnnotationSupport.findAnnotation(type, Timeout.class);
    }
    return timeout.map(TimeLimits::duration);
  }

  private static Duration duration(Timeout timeout) {
    return duration(Math.max(1, timeout.value()), timeout.unit());
  }

  /** More than nanoseconds can count, which is 292 years, is as good as that. */
  private static Duration duration(long value, TimeUnit unit) {
    return Duration.ofNanos(unit.toNanos(value));
  }

  private boolean isOff(ExtensionContext context) {
    Boolean known = off;
    if (known == null) {
      known =
          context
              .getConfigurationParameter(PREFIX + "mode")
              .map(mode -> mode.strip().equalsIgnoreCase("disabled"))
              .orElse(false);
      off = known;
    }
    return known;
  }

  private @Nullable Duration configured(ExtensionContext context, Kind kind) {
    Optional<Duration> known = configured.get(kind);
    if (known == null) {
      known =
          kind.keys.stream()
              .flatMap(key -> context.getConfigurationParameter(key).stream())
              .findFirst()
              .flatMap(TimeLimits::parse);
      configured.put(kind, known);
    }
    return known.orElse(null);
  }

  /** JUnit itself rejects what is not of its form. */
  private static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2).toLowerCase(Locale.ROOT);
    TimeUnit parsed =
        switch (unit) {
          case "ns" -> TimeUnit.NANOSECONDS;
          case "μs" -> TimeUnit.MICROSECONDS;
          case "ms" -> TimeUnit.MILLISECONDS;
          case "m" -> TimeUnit.MINUTES;
          case "h" -> TimeUnit.HOURS;
          case "d" -> TimeUnit.DAYS;
          default -> TimeUnit.SECONDS;
        };
    try {
      return Optional.of(duration(Long.parseLong(matcher.group(1)), parsed));
    } catch (NumberFormatException tooLong) {
      return Optional.empty();
    }
  }
}
