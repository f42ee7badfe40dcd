package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.ask.Contents;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.threads.Helper;
import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;

/** What a value is, as far as that tells whether it can be residue. */
public enum ThreadLocalContent {
  /** A reference that lets go. */
  REFERENCE,
  /** An empty collection, zero or false: what a value is reset to. */
  NOTHING,
  /** What is made once for a thread because it is dear or not thread-safe. */
  TOOL,
  /** Anything else. */
  OTHER;

  /** The map below a sorted set, which may be a part of another set's. */
  private static final JdkField SORTED = JdkField.of("java.util.TreeSet", "m");

  private static final List<Class<?>> TOOLS =
      List.of(
          StringBuilder.class,
          StringBuffer.class,
          java.text.Format.class,
          java.security.MessageDigest.class,
          java.security.Signature.class,
          java.security.KeyPairGenerator.class,
          java.util.Random.class,
          java.util.Calendar.class,
          java.util.regex.Matcher.class,
          java.nio.Buffer.class,
          java.nio.charset.CharsetEncoder.class,
          java.nio.charset.CharsetDecoder.class,
          java.io.ByteArrayOutputStream.class,
          java.util.zip.Deflater.class,
          java.util.zip.Inflater.class);

  private static final List<String> TOOL_PACKAGES =
      List.of("javax.crypto.", "com.sun.org.apache.", "jdk.xml.internal.");

  /** What a value is; asks no class but the JDK's own. */
  static ThreadLocalContent of(Object value) {
    Class<?> type = value.getClass();
    if (value instanceof Reference) {
      return REFERENCE;
    }
    if (Fields.isJdk(type) && isNothing(value)) {
      return NOTHING;
    }
    if ((type.isArray() && type.getComponentType().isPrimitive())
        || TOOLS.stream().anyMatch(tool -> tool.isInstance(value))
        || (Fields.isJdk(type) && TOOL_PACKAGES.stream().anyMatch(type.getName()::startsWith))) {
      return TOOL;
    }
    return OTHER;
  }

  private static boolean isNothing(Object value) {
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      return isEmpty(value);
    }
    return (value instanceof Boolean flag && !flag)
        || (value instanceof Number number && isZero(number));
  }

  /** False as well if that is not told. */
  private static boolean isEmpty(Object value) {
    if (value instanceof BlockingQueue<?> queue) {
      return QueueProbe.size(queue) == 0;
    }
    Object asked = value instanceof TreeSet ? SORTED.read(value) : value;
    if (asked == null) {
      return false;
    }
    Cost cost = Answers.cost(asked, "isEmpty");
    if (cost == null) {
      return false;
    }
    Boolean empty =
        cost == Cost.NONE
            ? Contents.isEmpty(asked, Cost.NONE)
            : Helper.jvm().ask(value, () -> Contents.isEmpty(asked, Cost.LOCK));
    return empty != null && empty;
  }

  private static boolean isZero(Number number) {
    return number.longValue() == 0 && number.doubleValue() == 0;
  }
}
