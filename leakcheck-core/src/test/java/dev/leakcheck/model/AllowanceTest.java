package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceTest {

  private static Finding finding(LeakKind kind, String... threads) {
    return new Finding(
        kind,
        "title",
        List.of(),
        "fix",
        Stream.of(threads).map(AllowanceTest::thread).toList(),
        List.of(),
        null,
        new Origin.Unknown("test"),
        "0");
  }

  private static ThreadRecord thread(String name) {
    return new ThreadRecord(
        1,
        name,
        false,
        false,
        Thread.State.WAITING,
        ThreadRecord.PLAIN_TYPE,
        "main",
        List.of(),
        null,
        null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t"})
  void reasonMustNotBeBlank(String reason) {
    assertThatThrownBy(() -> Allowance.of(Set.of(LeakKind.STRAY_THREAD), "x-*", "", reason))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an allowance needs a reason");
  }

  @Test
  void allowanceForEverythingIsRefused() {
    assertThatThrownBy(() -> Allowance.of(Set.of(), "", "", "too lazy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a kind, a thread pattern, a class that creates")
        .hasMessageContaining("too lazy");
  }

  @Test
  void kindMustBeOneOfTheKinds() {
    Allowance allowance = Allowance.of(Set.of(LeakKind.STRAY_THREAD), "", "", "known");

    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "any"))).isTrue();
    assertThat(allowance.matches(finding(LeakKind.UNCANCELLED_TIMER, "any"))).isFalse();
  }

  @Test
  void everyThreadMustMatchThePattern() {
    Allowance allowance = Allowance.of(Set.of(), "poller-*", "", "known");

    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "poller-1", "poller-2"))).isTrue();
    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "poller-1", "writer-1"))).isFalse();
  }

  @Test
  void findingWithoutThreadsMatchesNoPattern() {
    assertThat(Allowance.of(Set.of(), "*", "", "known").matches(finding(LeakKind.LEFTOVER_QUEUE)))
        .isFalse();
  }

  @Test
  void patternIsWholeAndLiteralButForItsStars() {
    Allowance allowance = Allowance.of(Set.of(), "a.b*(c)*", "", "known");

    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "a.b-1-(c)\n2"))).isTrue();
    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "axb-1-(c)"))).isFalse();
    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, " a.b(c)"))).isFalse();
  }

  private static Finding createdBy(String... classes) {
    return createdIn(
        new Origin.Known(
            Stream.of(classes).map(type -> new StackTraceElement(type, "m", null, -1)).toList(),
            "main",
            "a test",
            false));
  }

  private static Finding createdIn(Origin origin) {
    return new Finding(
        LeakKind.LEFTOVER_QUEUE,
        "title",
        List.of(),
        "fix",
        List.of(),
        List.of(),
        null,
        origin,
        "0");
  }

  private static boolean accepts(String pattern, Finding finding) {
    return Allowance.of(Set.of(), "", pattern, "known").matches(finding);
  }

  @Test
  void creatorIsAnyClassOfTheUsersInTheStack() {
    Finding finding =
        createdBy("java.lang.Thread", "com.acme.Poller", "com.acme.PollerTest", "org.junit.Runner");

    assertThat(accepts("com.acme.Poller", finding)).isTrue();
    assertThat(accepts("com.acme.PollerTest", finding)).isTrue();
    assertThat(accepts("com.acme.*", finding)).isTrue();
    assertThat(accepts("*.Poller", finding)).isTrue();
    assertThat(accepts("java.lang.Thread", finding)).isFalse();
    assertThat(accepts("org.junit.*", finding)).isFalse();
    assertThat(accepts("com.acme.Poll", finding)).isFalse();
    assertThat(accepts("Poller", finding)).isFalse();
    assertThat(accepts("com.acme", finding)).isFalse();
    assertThat(accepts("com.acme.poller", finding)).isFalse();
  }

  @Test
  void creatorMayBeNestedInTheClass() {
    Finding finding = createdBy("com.acme.Poller$Loop$1");

    assertThat(accepts("com.acme.Poller", finding)).isTrue();
    assertThat(accepts("com.acme.Poller$Loop", finding)).isTrue();
    assertThat(accepts("com.acme.Poller.Loop", finding)).isTrue();
    assertThat(accepts("com.acme.Poller$Loop$1", finding)).isTrue();
    assertThat(accepts("com.acme.Poller$Loo", finding)).isFalse();
    assertThat(accepts("com.acme.Poller$Loop$2", finding)).isFalse();
    assertThat(accepts("com.acme.Poller$Loop", createdBy("com.acme.Poller"))).isFalse();
    assertThat(accepts("com.acme.Poller", createdBy("com.acme.PollerLoop"))).isFalse();
  }

  @Test
  void originThatIsNotKnownMatchesNoCreator() {
    assertThat(accepts("*", createdIn(Origin.Unknown.NOT_RECORDED))).isFalse();
    assertThat(accepts("*", createdIn(new Origin.Unknown("before the agent")))).isFalse();
    assertThat(accepts("*", createdBy())).isFalse();
  }

  @Test
  void kindThreadAndCreatorMustAllMatch() {
    Finding finding = createdBy("com.acme.Poller");

    assertThat(
            Allowance.of(Set.of(LeakKind.LEFTOVER_QUEUE), "", "com.acme.Poller", "known")
                .matches(finding))
        .isTrue();
    assertThat(
            Allowance.of(Set.of(LeakKind.STRAY_THREAD), "", "com.acme.Poller", "known")
                .matches(finding))
        .isFalse();
    assertThat(Allowance.of(Set.of(), "*", "com.acme.Poller", "known").matches(finding)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "com/acme/Poller", "src/main/java/com/acme/Poller.java"})
  void creatorThatCanBeNoClassNameIsRefused(String createdBy) {
    assertThatThrownBy(() -> Allowance.of(Set.of(LeakKind.STRAY_THREAD), "", createdBy, "known"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("createdBy is '" + createdBy + "'")
        .hasMessageContaining("such as com.acme.Poller");
  }

  @Test
  void blankReasonOfACreatorNamesIt() {
    assertThatThrownBy(() -> Allowance.of(Set.of(), "", "com.acme.Poller", ""))
        .hasMessageContaining("say why 'com.acme.Poller' may be left behind");
  }

  @Test
  void mentionSaysThatACreatorNeedsTheAgentWhereThereIsNone() {
    String creator = Allowance.of(Set.of(), "", "com.acme.Poller", "old bug").toString();
    String thread = Allowance.of(Set.of(), "poller", "", "old bug").toString();

    assertThat(creator).isEqualTo("createdBy \"com.acme.Poller\" (old bug)");
    assertThat(Allowance.mention(creator, true)).isEqualTo(creator);
    assertThat(Allowance.mention(creator, false))
        .isEqualTo(creator + ": createdBy needs the agent, and there is none");
    assertThat(Allowance.mention(thread, false)).isEqualTo(thread);
  }

  @Test
  void textTellsKindsThreadAndReason() {
    assertThat(
            Allowance.of(
                Set.of(LeakKind.STRAY_THREAD, LeakKind.LEFTOVER_QUEUE), "a\n*", "", "old\nbug"))
        .hasToString("leftover-queue stray-thread thread \"a\\n*\" (old\\nbug)");
  }

  private static Finding about(String threadLocal) {
    return new Finding(
        LeakKind.THREAD_LOCAL_RESIDUE,
        "title",
        List.of(Fact.of(Allowance.THREAD_LOCAL, threadLocal)),
        "fix",
        List.of(),
        List.of(),
        null,
        new Origin.Unknown("test"),
        "0");
  }

  private static Allowance ofLocal(String pattern) {
    return Allowance.of(Set.of(), "", "", pattern, "a cache");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.acme.Session$Holder.CURRENT",
        "com.acme.Session.Holder.CURRENT",
        "com.acme.*",
        "*.CURRENT",
        "*CURRENT"
      })
  void threadLocalIsTheDeclaringClassAndTheField(String pattern) {
    assertThat(ofLocal(pattern).matches(about("com.acme.Session$Holder.CURRENT"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"com.acme.Session.CURRENT", "com.acme.Session$Holder.*_OLD", "com.other.*"})
  void anotherThreadLocalIsStillTold(String pattern) {
    assertThat(ofLocal(pattern).matches(about("com.acme.Session$Holder.CURRENT"))).isFalse();
  }

  @Test
  void whatIsAboutNoThreadLocalMatchesNoPatternOfThem() {
    assertThat(ofLocal("*").matches(finding(LeakKind.THREAD_LOCAL_RESIDUE, "main"))).isFalse();
    assertThat(ofLocal("*").matches(finding(LeakKind.STRAY_THREAD, "main"))).isFalse();
    assertThat(ofLocal("com.acme.A.B")).hasToString("threadLocal \"com.acme.A.B\" (a cache)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CURRENT", " ", "com/acme/Session.CURRENT", "com.acme.Session#CURRENT"})
  void threadLocalMustBeAField(String pattern) {
    assertThatThrownBy(() -> ofLocal(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threadLocal is '" + pattern + "'")
        .hasMessageContaining("such as com.acme.Session.CURRENT");
  }

  @Test
  void threadLocalGoesWithNoOtherKindAndWithNoCreator() {
    Set<LeakKind> kinds = Set.of(LeakKind.STRAY_THREAD);

    assertThatThrownBy(() -> Allowance.of(kinds, "", "", "com.acme.A.B", "a cache"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but kind is [STRAY_THREAD]");
    assertThatThrownBy(() -> Allowance.of(Set.of(), "", "com.acme.A", "com.acme.A.B", "a cache"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("who set a thread-local is not known");
  }

  @Test
  void thatItHoldsUnlessProvedIsTold() {
    Allowance allowance =
        Allowance.of(Set.of(LeakKind.STRAY_THREAD), "poller", "", "vendor client").unlessProved();

    assertThat(allowance.isUnlessProved()).isTrue();
    assertThat(allowance)
        .hasToString("stray-thread thread \"poller\" unless proved stuck (vendor client)");
  }

  @Test
  void whatAThreadLocalKeepsIsNeverProved() {
    Allowance allowance = Allowance.of(Set.of(), "", "", "com.acme.Session.CURRENT", "cache");

    assertThatThrownBy(allowance::unlessProved)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unlessProved");
  }
}
