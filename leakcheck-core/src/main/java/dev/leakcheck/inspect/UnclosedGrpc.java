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
 * @param shutDown whether it was told to shut down
 * @param origin where it was made, as long as gRPC knows
 */
record UnclosedGrpc(long id, String type, boolean server, boolean shutDown, Origin origin)
    implements Symptom {

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
    return new Part(what(), name() + state(), origin);
  }

  private String what() {
    return server ? "gRPC server" : "gRPC channel";
  }

  private String state() {
    return shutDown ? ", shut down and not terminated" : ", not terminated";
  }

  private String name() {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  @Override
  public Finding explain(Evidence evidence) {
    String what = what();
    return Symptom.finding(
        LeakKind.UNCLOSED_EXECUTOR,
        what + " (" + name() + ")" + state(),
        List.of(
            Fact.of(
                "why",
                "gRPC lists it as open: it keeps gRPC's shared threads, and its connections, until"
                    + (shutDown
                        ? " its last call has ended"
                        : " it was shut down and its last call has ended"))),
        shutDown
            ? "have its last call end before the test does: cancel it, or give it a deadline; or call"
                + " shutdownNow() on the "
                + what
            : "call shutdown() on the "
                + what
                + OwnerWords.inStop(origin, "").replaceFirst("^(?=.)", " ")
                + ", and awaitTermination() before others follow",
        List.of(), // shared threads end with the last user
        origin,
        new Fingerprint(LeakKind.UNCLOSED_EXECUTOR).word(type).in(evidence).createdBy(origin));
  }
}
