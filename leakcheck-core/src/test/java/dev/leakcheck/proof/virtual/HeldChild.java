package dev.leakcheck.proof.virtual;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Exchanger;

/** A virtual thread that loads a class: with an agent the JVM holds it from then on. */
final class HeldChild {

  private HeldChild() {}

  public static void main(String[] args) {
    List<Thread> threads = new ArrayList<>();
    plant(threads);
    VirtualProof.ask(threads, Duration.ofSeconds(10), false)
        .values()
        .forEach(
            answer ->
                System.out.println(
                    answer.kind() == Answer.Kind.REACHABLE ? answer.because() : "not reachable"));
    Runtime.getRuntime().halt(0);
  }

  private static void plant(List<Thread> threads) {
    threads.add(ProofChild.waiting(() -> new Exchanger<String>().exchange("")));
  }
}
