package vendor.stuck;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.heap.HeapProof;
import java.util.HashMap;
import java.util.Map;

/** A JVM of its own in which threads are stuck: prints each thread's answer. */
public final class StuckChild {

  private StuckChild() {}

  /** Plants, asks and prints; with an argument it only stays until its input ends. */
  public static void main(String[] args) throws Exception {
    StuckCases.plant();
    StuckCases.settled();
    if (args.length > 0) {
      System.out.println("up");
      System.in.read();
    } else {
      ask();
    }
    Runtime.getRuntime().halt(0);
  }

  static void ask() {
    Map<Long, String> names = names();
    Map<Long, Proof> proofs =
        new HeapProof(new HeapDumper())
            .of(new HeapProof.Asked(names.keySet()), Garbage.liveBytes())
            .proofs();
    names.forEach(
        (id, name) -> {
          Proof proof = proofs.get(id);
          System.out.println(name + " = " + proof.getClass().getSimpleName() + " " + proof.lines());
        });
  }

  /** In a method of its own, of which no variable holds a thread any more when it is asked. */
  private static Map<Long, String> names() {
    Map<Long, String> names = new HashMap<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().matches("[!?].*")) {
        names.put(thread.getId(), thread.getName());
      }
    }
    return names;
  }
}
