package dev.leakcheck.classify;

import dev.leakcheck.model.Kind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stable id of a cause: a hash over the kind, names without numbers, and the user's and
 * libraries' frames without line numbers. JDK frames are left out, as they differ between releases.
 *
 * <p>There are two. The plain one is made of what can be seen without an agent. The exact one adds
 * the method that created the leak, where that is known; no more of its stack, since one leak is
 * the same cause whichever test runs into it. Where the plain one would be made of nothing but what
 * the JDK itself names, so that any other leak of the kind would have the same, the test class
 * becomes a part of it: that in whose time the first thread was made, or of the scope.
 *
 * <p>What a thread that moves is doing differs from look to look: of its stack only the outermost
 * frame counts, the code that the thread was started for.
 */
public final class Fingerprint {

  private static final int MAX_FRAMES = 16;
  private static final int BYTES = 8;

  private final StringBuilder text = new StringBuilder();
  private boolean distinct;
  private @Nullable String creator;
  private String scope = "";

  /** Of a finding of a kind. */
  public Fingerprint(Kind kind) {
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
    return hash(print.text.toString());
  }

  /** A name that somebody chose, or a path of fields. */
  public Fingerprint name(String name) {
    distinct |= !Names.isOfTheJdk(name);
    return add(Names.stableName(name));
  }

  /** A class. */
  public Fingerprint type(String type) {
    distinct |= !type.isEmpty() && !Stacks.isJdk(new StackTraceElement(type, "", null, -1));
    return add(Names.stableClass(type));
  }

  /** A word that tells no leak from another of its kind. */
  public Fingerprint word(String word) {
    return add(Names.stableName(word));
  }

  /** A stack that does not change. */
  public Fingerprint stack(List<StackTraceElement> stack) {
    frames(stack).forEach(this::frame);
    return this;
  }

  /** Where a thread stands, as far as it stays there. */
  public Fingerprint at(ThreadRecord thread) {
    place(thread).forEach(this::frame);
    return this;
  }

  /** Where threads stand, whichever of them comes first. */
  public Fingerprint at(Collection<ThreadRecord> threads) {
    threads.stream()
        .map(Fingerprint::place)
        .filter(place -> !place.isEmpty())
        .min(Comparator.comparing(place -> String.join("\n", place)))
        .ifPresent(place -> place.forEach(this::frame));
    return this;
  }

  /**
   * The method that created it, if that is known: of several the first by name. What the user had a
   * library make is told by the user's method and the library's.
   */
  public Fingerprint createdBy(Stream<Origin> origins) {
    creator =
        origins
            .filter(Origin.Known.class::isInstance)
            .flatMap(known -> creator((Origin.Known) known).stream())
            .min(Comparator.naturalOrder())
            .orElse(null);
    return this;
  }

  private static Optional<String> creator(Origin.Known known) {
    Maker maker = known.maker();
    return known
        .owner()
        .map(Fingerprint::text)
        .map(
            frame ->
                maker == null || !maker.librarys() || maker.caller() == null
                    ? frame
                    : frame + "\nfor " + text(maker.caller()));
  }

  /** The same for one thing. */
  public Fingerprint createdBy(Origin origin) {
    return createdBy(Stream.of(origin));
  }

  /** The scope it was found in, where nothing else tells it from others of its kind. */
  public Fingerprint in(Evidence evidence) {
    scope = Names.testClass(evidence.scope());
    return this;
  }

  /** The test class that it was made in, as far as that is known. */
  public Fingerprint in(String testClass) {
    scope = testClass;
    return this;
  }

  private static List<String> place(ThreadRecord thread) {
    List<String> frames = frames(thread.stack());
    return Waiting.moves(thread) && frames.size() > 1
        ? frames.subList(frames.size() - 1, frames.size())
        : frames;
  }

  private static List<String> frames(List<StackTraceElement> stack) {
    List<StackTraceElement> own = Stacks.own(stack);
    return own.subList(0, Math.min(MAX_FRAMES, own.size())).stream()
        .map(Fingerprint::text)
        .toList();
  }

  private static String text(StackTraceElement frame) {
    return Names.stableClass(frame.getClassName())
        + "."
        + Names.stableMethod(frame.getMethodName());
  }

  private void frame(String frame) {
    distinct = true;
    add(frame);
  }

  private Fingerprint add(String line) {
    text.append('\n').append(line);
    return this;
  }

  /** The id with all that is known. */
  public String exact() {
    return creator == null ? plain() : hash(text + "\ncreated by " + creator);
  }

  /** The id in a run without an agent. */
  public String plain() {
    return hash(distinct || scope.isEmpty() ? text.toString() : text + "\nin " + scope);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every Java platform has SHA-256", e);
    }
  }
}
