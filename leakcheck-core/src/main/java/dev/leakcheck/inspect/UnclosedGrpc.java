package dev.leakcheck.inspect;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Fingerprint;
import dev.leakcheck.classify.OwnerWords;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import java.util.List;

/**
 * A gRPC channel or server that was made in a scope and has not terminated.
 *
 * @param id the number that gRPC gave it
 * @param type class name
 * @param server whether it is a server
 * @param origin where it was made
 */
record UnclosedGrpc(long id, String type, boolean server, Origin origin) implements Symptom {

  @Override
  public String identity() {
    return LeakKind.UNCLOSED_EXECUTOR.id() + " gRPC " + id;
  }

  @Override
  public boolean mayPass() {
    return true; // it terminates some time after shutdown()
  }

  @Override
  public Part part() {
    return new Part(what(), name() + ", not terminated", origin);
  }

  private String what() {
    return server ? "gRPC server" : "gRPC channel";
  }

  private String name() {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  @Override
  public Finding explain(Evidence evidence) {
    String what = what();
    return Symptom.finding(
        LeakKind.UNCLOSED_EXECUTOR,
        what + " (" + name() + "), not terminated",
        List.of(
            Fact.of(
                "why",
                "gRPC lists it as open: it keeps gRPC's shared threads, and its connections, until"
                    + " it was shut down and its last call has ended")),
        "call shutdown() on the "
            + what
            + OwnerWords.inStop(origin, "").replaceFirst("^(?=.)", " ")
            + ", and awaitTermination() before others follow",
        List.of(), // shared threads end with the last user
        origin,
        new Fingerprint(LeakKind.UNCLOSED_EXECUTOR).word(type).in(evidence).createdBy(origin));
  }
}
