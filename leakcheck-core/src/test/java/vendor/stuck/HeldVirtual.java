package vendor.stuck;

import dev.leakcheck.model.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Exchanger;

/** A virtual thread that loads a class: with an agent the JVM holds it from then on. */
public final class HeldVirtual {

  private HeldVirtual() {}

  public static void main(String[] args) {
    List<Thread> threads = new ArrayList<>();
    plant(threads);
    VirtualCases.ask(threads)
        .values()
        .forEach(
            proof ->
                System.out.println(
                    proof instanceof Proof.Reachable ? proof.lines() : "not reachable"));
    Runtime.getRuntime().halt(0);
  }

  private static void plant(List<Thread> threads) {
    threads.add(VirtualCases.waiting(() -> new Exchanger<String>().exchange("")));
  }
}
