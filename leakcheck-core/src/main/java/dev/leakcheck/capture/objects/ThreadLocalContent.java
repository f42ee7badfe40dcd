package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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
        || type.getName().startsWith("javax.crypto.")
        || type.getName().startsWith("com.sun.org.apache.")
        || type.getName().startsWith("jdk.xml.internal.")) {
      return TOOL;
    }
    return OTHER;
  }

  /** Asks the JDK's own classes only. */
  private static boolean isNothing(Object value) {
    if (!value.getClass().getName().startsWith("java.util.")
        && !value.getClass().getName().startsWith("java.lang.")) {
      return false;
    }
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      String type = value.getClass().getName();
      if (type.contains("$")) {
        return false; // a view or a wrapper may lead to the user's code
      }
      return value instanceof Collection<?> collection
          ? collection.isEmpty()
          : value instanceof Map<?, ?> map && map.isEmpty();
    }
    return (value instanceof Boolean flag && !flag)
        || (value instanceof Number number && Fields.isJdk(number.getClass()) && isZero(number));
  }

  private static boolean isZero(Number number) {
    return number.longValue() == 0 && number.doubleValue() == 0;
  }
}
