package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.ThreadRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CohortsTest {

  private static final StackTraceElement PARK =
      new StackTraceElement("jdk.internal.misc.Unsafe", "park", "Unsafe.java", -2);
  private static final StackTraceElement TAKE =
      new StackTraceElement(
          "java.util.concurrent.LinkedBlockingQueue", "take", "LinkedBlockingQueue.java", 435);
  private static final StackTraceElement THREAD_RUN =
      new StackTraceElement("java.lang.Thread", "run", "Thread.java", 1583);

  private static StackTraceElement poller(int line) {
    return new StackTraceElement("com.acme.Poller", "run", "Poller.java", line);
  }

  static ThreadRecord thread(long id, String name, StackTraceElement... stack) {
    return Scene.waiting(id, name, false, ThreadRecord.PLAIN_TYPE, List.of(stack));
  }

  static ThreadRecord virtual(long id, String name, StackTraceElement... stack) {
    return new ThreadRecord(
        id,
        name,
        true,
        true,
        Thread.State.WAITING,
        "java.lang.VirtualThread",
        "",
        List.of(stack),
        null,
        null);
  }

  static Population population(ThreadRecord... threads) {
    return population(Cohorts.MOST, threads);
  }

  static Population population(int most, ThreadRecord... threads) {
    Cohorts cohorts =
        new Cohorts(thread -> thread.name().startsWith("jvm") ? "the JVM's own" : null, most);
    Arrays.stream(threads).forEach(cohorts::add);
    return cohorts.population(Instant.EPOCH, Coverage.FULL);
  }

  private static Cohort only(ThreadRecord... threads) {
    Population population = population(threads);
    assertThat(population.cohorts()).hasSize(1);
    return population.cohorts().get(0);
  }

  @Test
  void threadsThatDifferInNumbersAndLinesAreAlike() {
    Cohort cohort =
        only(
            thread(31, "pool-1-thread-1", PARK, TAKE, poller(7), THREAD_RUN),
            thread(22, "pool-1-thread-2", PARK, TAKE, poller(9), THREAD_RUN),
            thread(40, "pool-2-thread-1", PARK, TAKE, poller(7), THREAD_RUN));

    assertThat(cohort.count()).isEqualTo(3);
    assertThat(cohort.name()).isEqualTo("pool-*-thread-*");
    assertThat(cohort.activity()).isEqualTo("waiting in LinkedBlockingQueue.take()");
    assertThat(cohort.examples())
        .containsExactly("pool-1-thread-1", "pool-1-thread-2", "pool-2-thread-1");
    assertThat(cohort.ids()).containsExactly(22L, 31L, 40L);
    assertThat(cohort.stack()).contains(poller(7));
    assertThat(cohort.benign()).isNull();
  }

  @Test
  void kindNameCodeAndWhatTheyDoTellThemApart() {
    StackTraceElement put =
        new StackTraceElement("java.util.concurrent.LinkedBlockingQueue", "put", null, -1);
    StackTraceElement other = new StackTraceElement("com.acme.Other", "run", null, 7);

    assertThat(
            population(
                    thread(1, "a-1", PARK, TAKE, poller(7)),
                    virtual(2, "a-2", PARK, TAKE, poller(7)),
                    thread(3, "b-3", PARK, TAKE, poller(7)),
                    thread(4, "a-4", PARK, put, poller(7)),
                    thread(5, "a-5", PARK, TAKE, other))
                .cohorts())
        .hasSize(5)
        .extracting(Cohort::fingerprint)
        .doesNotHaveDuplicates();
  }

  @Test
  void theJdksFramesCountOnlyWhereThereAreNoOthers() {
    StackTraceElement newer =
        new StackTraceElement("java.util.concurrent.SomethingNew", "helper", null, -1);
    StackTraceElement select = new StackTraceElement("sun.nio.ch.Net", "poll", null, -2);
    StackTraceElement reap = new StackTraceElement("java.lang.ProcessImpl", "waitFor", null, -2);

    only(thread(1, "x", PARK, TAKE, poller(7)), thread(2, "x", PARK, newer, TAKE, poller(7)));
    assertThat(population(thread(1, "x", select), thread(2, "x", reap)).cohorts()).hasSize(2);
  }

  @Test
  void theLargestComesFirst() {
    assertThat(
            population(
                    thread(1, "a"),
                    virtual(2, "b"),
                    virtual(3, "b"),
                    thread(4, "c"),
                    virtual(5, ""))
                .cohorts())
        .extracting(Cohort::name, Cohort::count)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b", 2),
            org.assertj.core.groups.Tuple.tuple("", 1),
            org.assertj.core.groups.Tuple.tuple("a", 1),
            org.assertj.core.groups.Tuple.tuple("c", 1));
  }

  @Test
  void whatIsBeyondTheMostIsCountedOnly() {
    Population population =
        population(
            2, thread(1, "a"), virtual(2, "b"), thread(3, "c"), virtual(4, "d"), thread(5, "a"));

    assertThat(population.cohorts()).extracting(Cohort::name).containsExactly("a", "b");
    assertThat(population.others()).isEqualTo(2);
    assertThat(population.platform()).isEqualTo(3);
    assertThat(population.virtual()).isEqualTo(2);
    assertThat(population.threads()).isEqualTo(5);
  }

  @Test
  void ofManyThreadsAFewNamesAndTheSmallestIdsAreKept() {
    List<ThreadRecord> many = new ArrayList<>();
    for (int i = 100; i > 0; i--) {
      many.add(virtual(i, "v" + i));
    }
    Cohort cohort = only(many.toArray(new ThreadRecord[0]));

    assertThat(cohort.count()).isEqualTo(100);
    assertThat(cohort.examples()).containsExactly("v100", "v99", "v98", "v97", "v96");
    assertThat(cohort.ids()).hasSize(Cohort.MAX_IDS).startsWith(1L, 2L).endsWith(20L);
  }

  @Test
  void theSameThreadsAreKnownAgainInWhateverOrder() {
    Cohort before = only(virtual(1, ""), virtual(2, ""), virtual(30, ""));

    assertThat(only(virtual(30, ""), virtual(1, ""), virtual(2, "")).hasSameThreadsAs(before))
        .isTrue();
    assertThat(only(virtual(1, ""), virtual(2, ""), virtual(31, "")).hasSameThreadsAs(before))
        .isFalse();
    assertThat(only(virtual(1, ""), virtual(2, "")).hasSameThreadsAs(before)).isFalse();
    // Ids 3 + 30 and 2 + 31 have the same sum.
    assertThat(only(virtual(3, ""), virtual(30, "")).members())
        .isNotEqualTo(only(virtual(2, ""), virtual(31, "")).members());
  }

  @Test
  void whereIdsAreNotKnownTheCountTells() {
    Cohort before = only(thread(-1, "a"), thread(-1, "a"));

    assertThat(before.ids()).isEmpty();
    assertThat(only(thread(-1, "a"), thread(-1, "a")).hasSameThreadsAs(before)).isTrue();
    assertThat(only(thread(-1, "a")).hasSameThreadsAs(before)).isFalse();
  }

  @Test
  void aCohortIsBenignOnlyIfAllOfItIs() {
    ThreadRecord jvms = thread(1, "jvm-1");
    ThreadRecord users = Scene.waiting(2, "jvm-2", false, "com.acme.JvmThread", List.of());
    Cohorts cohorts =
        new Cohorts(t -> t.type().startsWith("java.") ? "the JVM's own" : null, Cohorts.MOST);
    cohorts.add(jvms);
    assertThat(cohorts.population(Instant.EPOCH, Coverage.FULL).cohorts().get(0).benign())
        .isEqualTo("the JVM's own");

    cohorts.add(users);
    cohorts.add(jvms);
    assertThat(cohorts.population(Instant.EPOCH, Coverage.FULL).cohorts().get(0).benign()).isNull();
  }

  @Test
  void executorsWithTheMostThreadsAreKept() {
    Cohorts cohorts = new Cohorts(thread -> null, 2);
    cohorts.addExecutor("Pool@1", "Pool", 0);
    cohorts.addExecutor("Pool@2", "Pool", 7);
    cohorts.addExecutor("Pool@3", "Pool", 3);
    Population population = cohorts.population(Instant.EPOCH, Coverage.FULL);

    assertThat(population.executors())
        .containsExactly(
            new Population.Executor("Pool@2", "Pool", 7),
            new Population.Executor("Pool@3", "Pool", 3));
    assertThat(population.executorCount()).isEqualTo(3);
  }

  /** Whoever keeps fingerprints across versions would be surprised. */
  @Test
  void fingerprintsStayWhatTheyAre() {
    assertThat(only(thread(1, "pool-1-thread-1", PARK, TAKE, poller(7), THREAD_RUN)).fingerprint())
        .isEqualTo("930c0f9bed130c71");
  }
}
