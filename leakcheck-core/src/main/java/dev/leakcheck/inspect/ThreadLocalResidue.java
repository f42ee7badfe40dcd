package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that a scope put into a thread-local of a thread which outlives it. Of the value only the
 * class is kept.
 *
 * @param id tells the thread-local and the value from others of the thread
 * @param thread the thread
 * @param own whether it is the thread that the scope itself runs on
 * @param type class name of the value
 * @param declaredBy the class with a static field that holds the thread-local, or null
 * @param field that field's name, or null
 * @param subject the value
 */
record ThreadLocalResidue(
    long id,
    ThreadRecord thread,
    boolean own,
    String type,
    @Nullable String declaredBy,
    @Nullable String field,
    OwnReference<Object> subject)
    implements Symptom {

  @Override
  public String identity() {
    return LeakKind.THREAD_LOCAL_RESIDUE.id() + " " + thread.id() + " " + id;
  }

  @Override
  public Finding explain(Evidence evidence) {
    String local =
        declaredBy == null
            ? "a ThreadLocal that no static field holds"
            : simple(declaredBy) + "." + field;
    Fingerprint fingerprint =
        new Fingerprint(LeakKind.THREAD_LOCAL_RESIDUE)
            .type(declaredBy == null ? "" : declaredBy)
            .name(field == null ? "" : field)
            .type(type)
            .in(evidence);
    return Symptom.finding(
        LeakKind.THREAD_LOCAL_RESIDUE,
        local + " keeps " + CauseWriter.a(simple(type)) + " on " + CauseWriter.named(thread),
        List.of(
            declaredBy == null
                ? Fact.of("held by", "no static field: a field of an object, or nothing any more")
                : Fact.of(Allowance.THREAD_LOCAL, declaredBy + "." + field),
            Fact.of(
                "thread",
                own
                    ? thread.label() + ", which runs the test, and those that follow"
                    : thread.label() + ", idle, of a pool that outlives the scope"),
            Fact.of(
                "why",
                "the thread goes on: the next task or test on it sees the value, and it is held as"
                    + " long as the thread lives")),
        "call remove() on the ThreadLocal in a finally block of "
            + (own ? "the code that sets it, or in @AfterEach" : "the task that sets it"),
        List.of(), // the thread is no leak: it may go on
        Origin.Unknown.NOT_RECORDED,
        fingerprint);
  }

  private static String simple(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
