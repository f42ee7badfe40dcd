package vendor.stuck;

import dev.leakcheck.model.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/** Asks about a thousand, several times over; tells how long each took. */
public final class ManyVirtual {

  private static final int MANY = 1_000;

  private ManyVirtual() {}

  public static void main(String[] args) {
    plant(2, new ArrayList<>()); // load the classes
    long proved = 0;
    for (int round = 0; round < 3; round++) {
      List<Thread> threads = new ArrayList<>();
      plant(MANY, threads);
      long begin = System.nanoTime();
      Map<Long, Proof> answers = VirtualCases.ask(threads);
      System.out.println("asked for " + (System.nanoTime() - begin) / 1_000_000 + " ms");
      proved = answers.values().stream().filter(Proof.Proved.class::isInstance).count();
    }
    System.out.println(proved + " proved of " + MANY);
    Runtime.getRuntime().halt(0);
  }

  private static void plant(int count, List<Thread> threads) {
    for (int i = 0; i < count; i++) {
      threads.add(VirtualCases.waiting(() -> new LinkedBlockingQueue<String>().take()));
    }
  }
}
