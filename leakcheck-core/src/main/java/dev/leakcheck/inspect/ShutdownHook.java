package dev.leakcheck.inspect;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.OwnerWords;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A shutdown hook that was registered in a scope and still is.
 *
 * @param id of its thread, which is not started before the JVM ends
 * @param name of its thread
 * @param type class name of its thread
 * @param origin where it was registered
 */
record ShutdownHook(long id, String name, String type, Origin origin) implements Symptom {

  @Override
  public String identity() {
    return LeakKind.SHUTDOWN_HOOK.id() + " " + id;
  }

  @Override
  public Set<Long> threads() {
    return Set.of(id);
  }

  @Override
  public Part part() {
    return new Part("shutdown hook", "\"" + Printable.name(name) + "\", still registered", origin);
  }

  @Override
  public Finding explain(Evidence evidence) {
    List<Fact> facts = new ArrayList<>();
    facts.add(
        Fact.of(
            "hook",
            type.equals(ThreadRecord.PLAIN_TYPE)
                ? "a java.lang.Thread, to be started when the JVM ends"
                : "a " + type + ", to be started when the JVM ends"));
    facts.add(
        Fact.of(
            "why",
            "the JVM holds a hook, and all that it refers to, until it ends: each test that adds"
                + " one adds to that"));
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.SHUTDOWN_HOOK)
            .name(name)
            .type(type)
            .in(evidence)
            .createdBy(origin);
    String librarys = OwnerWords.ofLibrarys(origin);
    return Symptom.finding(
        LeakKind.SHUTDOWN_HOOK,
        "shutdown hook \"" + Printable.name(name) + "\", still registered",
        facts,
        librarys == null
            ? "call Runtime.getRuntime().removeShutdownHook(hook) with the same Thread "
                + OwnerWords.inStop(origin, "where the owner of what the hook closes is closed")
            : librarys,
        List.of(),
        origin,
        fingerprint);
  }
}
