package dev.leakcheck.proof.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which threads stayed where they were, and who holds what they want. */
class PrintedThreadsTest {

  private static final String NO_LOCK = "";

  private static String thread(int id, String cpu, String... locks) {
    StringBuilder text =
        new StringBuilder("\"t-" + id + "\" #" + id + " daemon prio=5 os_prio=0 cpu=" + cpu)
            .append("ms elapsed=1.01s tid=0x00007f nid=0x10 waiting for monitor entry  [0x0]\n")
            .append("   java.lang.Thread.State: BLOCKED (on object monitor)\n")
            .append("\tat vendor.Shop.sell(Shop.java:7)\n");
    for (String lock : locks) {
      text.append(lock.isEmpty() ? "" : "\t- " + lock + " (a vendor.Door)\n");
    }
    return text.append('\n').toString();
  }

  private static Map<Long, Waiter> lasting(String before, String after) {
    return new PrintedThreads(after).since(new PrintedThreads(before), id -> true);
  }

  private static Waiter waiter(long owner) {
    return new Waiter("vendor.Door", owner);
  }

  @Test
  void theThreadIsToldThatHoldsTheMonitorWhichAnotherWants() {
    String before =
        thread(1, "1", "waiting to lock <0x0a>") + thread(2, "1", NO_LOCK, "locked <0x0a>");
    String moved =
        thread(1, "1", "waiting to lock <0x0c>") + thread(2, "1", NO_LOCK, "locked <0x0c>");

    assertThat(lasting(before, moved))
        .containsOnly(Map.entry(1L, waiter(2)), Map.entry(2L, new Waiter(null, -1)));
  }

  @Test
  void whoWakesNowAndThenHasNotMovedIfTheOneThatHoldsTheMonitorHasNot() {
    assertThat(
            lasting(
                thread(1, "1", "waiting to lock <0x0a>") + thread(2, "1", "locked <0x0a>"),
                thread(1, "2", "waiting to lock <0x0a>") + thread(2, "1", "locked <0x0a>")))
        .containsEntry(1L, waiter(2));
    assertThat(
            lasting(
                thread(1, "1", "waiting to lock <0x0a>") + thread(2, "1", "locked <0x0a>"),
                thread(1, "2", "waiting to lock <0x0a>") + thread(2, "2", "locked <0x0a>")))
        .isEmpty();
  }

  @Test
  void aCircleHasNotMovedWhateverTimeItTook() {
    assertThat(lasting(circle("1", "0x0b"), circle("2", "0x0b")))
        .containsOnly(Map.entry(1L, waiter(2)), Map.entry(2L, waiter(1)));
    assertThat(lasting(circle("1", "0x0b"), circle("2", "0x0c"))).isEmpty();
  }

  private static String circle(String cpu, String wanted) {
    return thread(1, cpu, "waiting to lock <" + wanted + ">", "locked <0x0a>")
        + thread(2, cpu, "waiting to lock <0x0a>", "locked <0x0b>")
        + "Found one Java-level deadlock:\n\"t-1\":\n\t- locked <0x0a> (a vendor.Door)\n";
  }

  @Test
  void whoWaitsOnAMonitorHasLetGoOfIt() {
    String print =
        thread(1, "1", "waiting to lock <0x0a>")
            + thread(2, "1", "waiting on <0x0a>", "locked <0x0a>")
            + thread(3, "1", "waiting to re-lock in wait() <0x0a>", "locked <0x0a>");

    assertThat(lasting(print, print))
        .containsOnly(
            Map.entry(1L, waiter(-1)), Map.entry(2L, waiter(-1)), Map.entry(3L, waiter(-1)));
    assertThat(lasting(print, print + thread(4, "1", "locked <0x0a>")))
        .containsEntry(1L, waiter(-1));
    String held = print + thread(4, "1", "locked <0x0a>");
    assertThat(lasting(held, held)).containsEntry(1L, waiter(4)).containsEntry(3L, waiter(4));
    String twice = held + thread(5, "1", "locked <0x0a>");
    assertThat(lasting(twice, twice)).containsEntry(1L, waiter(-1));
  }

  @Test
  void ofAThreadThatTheSystemHadAwakeNothingIsKnown() {
    String print = thread(1, "1", "waiting on <0x0a>");

    assertThat(new PrintedThreads(print).since(new PrintedThreads(print), id -> false)).isEmpty();
  }
}
