package dev.leakcheck.inspect;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.OwnerWords;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that was started in a scope and runs on. Its arguments and environment may hold secrets
 * and are not kept.
 *
 * @param pid its process id
 * @param program the file name of what it runs, or null if that is not known
 * @param started when it was started, or null if that is not known
 * @param descendants how many processes it has started itself, directly or not
 * @param origin where it was started
 */
record ChildProcess(
    long pid, @Nullable String program, @Nullable Instant started, long descendants, Origin origin)
    implements Symptom {

  @Override
  public String identity() {
    return Symptom.identityOf(pid, started);
  }

  /** It may end by itself. */
  @Override
  public boolean mayPass() {
    return true;
  }

  @Override
  public Part part() {
    return new Part("child process", name() + " (pid " + pid + "), still running", origin);
  }

  private String name() {
    return program == null || program.isEmpty() ? "child process" : program;
  }

  @Override
  public Finding explain(Evidence evidence) {
    String name = name();
    List<Fact> facts = new ArrayList<>();
    if (started != null) {
      long seconds = Math.max(0, Duration.between(started, Instant.now()).toSeconds());
      facts.add(Fact.of("running", seconds < 2 ? "for a moment" : "for " + seconds + " s"));
    }
    if (descendants > 0) {
      facts.add(
          Fact.of(
              "children",
              descendants == 1
                  ? "1 process that it started itself: destroy() does not end that"
                  : descendants
                      + " processes that it started itself: destroy() does not end those"));
    }
    facts.add(
        Fact.of(
            "why",
            "a child process outlives the JVM that started it, and keeps its ports, files and"
                + " memory"));
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.CHILD_PROCESS).word(name).in(evidence).createdBy(origin);
    return Symptom.finding(
        LeakKind.CHILD_PROCESS,
        name + " (pid " + pid + "), still running",
        facts,
        "call destroy() and then waitFor() on the Process "
            + OwnerWords.inStop(origin, "where its owner stops")
            + ", at the latest in @AfterEach, so that it also happens when the test fails",
        List.of(),
        origin,
        fingerprint);
  }
}
