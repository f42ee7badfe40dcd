package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HoldTest {

  private static final String FIX = "call shutdown() " + Hold.OF_UNKNOWN_OWNER;

  private static String owned(HeapPath by) {
    return new Hold(by, 1, 24, List.of()).owned(FIX, false);
  }

  @Test
  void theFieldAtWhichToLetGoNamesTheOwner() {
    HeapPath path =
        new HeapPath(
            List.of(
                "live thread \"main\" → Thread",
                "com.acme.Names$Cache.executor",
                "Executors$DelegatedExecutorService.e"),
            1);

    assertThat(owned(path))
        .isEqualTo(
            "call shutdown() on it when Names$Cache stops, in whose field executor it is; if that"
                + " is a library's and was stopped, this is the library's own leak");
  }

  @Test
  void whatAStaticFieldKeepsIsNotToldToStop() {
    HeapPath path =
        new HeapPath(
            List.of(
                "static field com.acme.Pools$Scheduling.INSTANCE", "com.acme.Pools$Scheduling.ses"),
            1);
    String meant =
        "static field Pools$Scheduling.INSTANCE keeps it for as long as the JVM lives: if that is"
            + " meant, allow it";
    String otherwise = "; else call shutdown() on it where it is no longer needed";

    assertThat(owned(path))
        .isEqualTo(
            meant + ", or run with the agent, which knows what belongs to a class" + otherwise);
    assertThat(new Hold(path, 1, 24, List.of()).owned(FIX, true)).isEqualTo(meant + otherwise);
    assertThat(new Hold(path, 1, 24, List.of()).owned(FIX + "; if that was done, wait", true))
        .isEqualTo(meant + otherwise + "; if that was done, wait");
  }

  @Test
  void staticFieldThatOnlyLeadsToTheOwnerIsNotNamed() {
    HeapPath path =
        new HeapPath(
            List.of(
                "static field com.acme.Language.SIMPLE",
                "com.acme.Language.context",
                "com.acme.Context.pools",
                "com.acme.Pools.all",
                "Object[1]"),
            3);

    assertThat(owned(path))
        .startsWith("call shutdown() on it when Pools stops, in whose field all it is; if");
  }

  @Test
  void whatNobodyKeepsWasLost() {
    assertThat(owned(HeapPath.NONE))
        .isEqualTo(
            "call shutdown() on it before the last reference to it is gone: nobody has one any"
                + " more");
  }

  @Test
  void whatIsNotKnownIsNotSaid() {
    HeapPath nobodysField = new HeapPath(List.of("live thread \"main\"", "Object[52]"), 1);

    assertThat(owned(nobodysField)).isEqualTo(FIX);
    assertThat(owned(new HeapPath(List.of("java.lang.Thread.threadLocals"), -1))).isEqualTo(FIX);
    assertThat(new Hold(null, 1, 24, List.of()).owned(FIX, false)).isEqualTo(FIX);
  }

  @Test
  void aFixThatNamesTheOwnerStays() {
    Hold nobody = new Hold(HeapPath.NONE, 1, 24, List.of());

    assertThat(nobody.owned("call close() on field Orders.pool", false))
        .isEqualTo("call close() on field Orders.pool");
  }
}
