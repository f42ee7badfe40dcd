package dev.leakcheck.classify;

import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Stacks;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The stable id of a cause: a hash over the kind, names without numbers, and the user's and
 * libraries' frames without line numbers. JDK frames are left out, as they differ between releases.
 */
final class Fingerprint {

  private static final int MAX_FRAMES = 16;
  private static final int BYTES = 8;

  private final StringBuilder text = new StringBuilder();

  Fingerprint(LeakKind kind) {
    this(kind.id());
  }

  private Fingerprint(String what) {
    text.append(what);
  }

  /**
   * Of threads that are alike, in every run.
   *
   * @param name a pattern
   * @param doing what they do, by names that do not change with the words of messages
   * @param frames without numbers
   */
  static String ofThreads(
      boolean virtual, String name, String doing, String wait, List<String> frames) {
    Fingerprint print = new Fingerprint(virtual ? "virtual threads" : "platform threads");
    print.text.append('\n').append(name).append('\n').append(doing).append('\n').append(wait);
    frames.forEach(frame -> print.text.append('\n').append(frame));
    return print.hash();
  }

  Fingerprint name(String name) {
    text.append('\n').append(Names.pattern(Names.withoutHash(name)));
    return this;
  }

  Fingerprint type(String type) {
    text.append('\n').append(Names.stableClass(type));
    return this;
  }

  Fingerprint stack(List<StackTraceElement> stack) {
    stack.stream()
        .filter(Stacks::isOwn)
        .limit(MAX_FRAMES)
        .forEach(
            frame ->
                text.append('\n')
                    .append(Names.stableClass(frame.getClassName()))
                    .append('.')
                    .append(Names.stableMethod(frame.getMethodName())));
    return this;
  }

  String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every Java platform has SHA-256", e);
    }
  }
}
