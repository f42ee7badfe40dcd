package dev.leakcheck.proof.walk;

import dev.leakcheck.model.Proof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which threads the operating system itself holds asleep, and how often each of them ran. Whoever
 * wakes a thread and lets go of it is in no dump, and to the JVM the thread looks parked until it
 * gets to run, however long that takes. But it is no longer asleep from then on. So nobody woke a
 * thread that is asleep before the dump and after it and did not run between. Only Linux tells.
 * Immutable.
 */
public final class Asleep {

  private static final String NOT_TOLD =
      "and a wake-up that was on its way in that instant, which Linux tells, of a JVM that runs";

  private static final Pattern HEAD =
      Pattern.compile("\".*\" #(\\d{1,18}) .*\\bnid=(0x[0-9a-f]{1,8}|\\d{1,9}) .*");

  private final Map<Long, String> sleeping;
  private final boolean told;

  private Asleep(Map<Long, String> sleeping, boolean told) {
    this.sleeping = Map.copyOf(sleeping);
    this.told = told;
  }

  /**
   * Looks at each thread.
   *
   * @param tasks the directory in which Linux has one for each thread
   * @param print what {@code Thread.print} printed of them: of two threads that seem to have one id
   *     neither is told, since a name can hold anything
   * @return what the system tells now
   */
  public static Asleep now(Path tasks, String print) {
    Map<Long, String> sleeping = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    boolean told = false;
    for (String line : print.lines().toList()) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        long id = Long.parseLong(head.group(1));
        String ran = ran(tasks, Long.decode(head.group(2)));
        told |= !ran.isEmpty();
        if (!seen.add(id)) {
          sleeping.remove(id);
        } else if (ran.startsWith("S")) {
          sleeping.put(id, ran);
        }
      }
    }
    return new Asleep(sleeping, told);
  }

  /** Its state and how often it ran; empty if that is not told. */
  private static String ran(Path tasks, long number) {
    String status;
    try {
      // The name of a thread, which comes first, may be of any bytes.
      status = Files.readString(tasks.resolve(number + "/status"), StandardCharsets.ISO_8859_1);
    } catch (IOException | RuntimeException notTold) {
      return "";
    }
    String state = field(status, "State");
    String slept = field(status, "voluntary_ctxt_switches");
    String pushed = field(status, "nonvoluntary_ctxt_switches");
    String own = String.valueOf(number);
    // In a container of its own the JVM knows its threads by other numbers than we do.
    String known = Objects.requireNonNullElse(field(status, "NSpid"), own);
    return state == null
            || slept == null
            || pushed == null
            || !own.equals(known.substring(known.lastIndexOf('\t') + 1))
        ? ""
        : state + " " + slept + " " + pushed;
  }

  private static @Nullable String field(String status, String name) {
    String before = "\n" + name + ":";
    int at = status.indexOf(before);
    int end = at < 0 ? -1 : status.indexOf('\n', at + before.length());
    return end < 0 ? null : status.substring(at + before.length(), end).strip();
  }

  /**
   * Whether nobody can have woken a thread meanwhile, as far as that is told.
   *
   * @param later what the system told later
   * @param id the thread's id
   * @return false if it is awake, or ran, or nothing is told of it though of others it is
   */
  public boolean lasts(Asleep later, long id) {
    String before = sleeping.get(id);
    return !told || !later.told || (before != null && before.equals(later.sleeping.get(id)));
  }

  /**
   * The threads that slept all the time.
   *
   * @param later what the system told later
   * @return their ids; empty if it does not tell
   */
  public Set<Long> slept(Asleep later) {
    Set<Long> slept = new HashSet<>(sleeping.keySet());
    slept.removeIf(id -> !Objects.equals(sleeping.get(id), later.sleeping.get(id)));
    return slept;
  }

  /**
   * Says of a proof that this was not told, if it was not.
   *
   * @param later what the system told later
   * @param proof an answer
   * @return the answer
   */
  public Proof qualify(Asleep later, Proof proof) {
    return told && later.told ? proof : untold(proof);
  }

  /**
   * Says of a proof that this was not told.
   *
   * @param proof an answer
   * @return the answer
   */
  public static Proof untold(Proof proof) {
    if (!(proof instanceof Proof.Proved proved)) {
      return proof;
    }
    Set<String> barring = new LinkedHashSet<>(proved.barring());
    barring.add(NOT_TOLD);
    return new Proof.Proved(barring, proved.cause(), proved.neverRuns(), proved.circle());
  }
}
