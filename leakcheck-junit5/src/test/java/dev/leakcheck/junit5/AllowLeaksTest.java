package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.model.LeakKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AllowLeaksTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void an_allowance_on_a_method_holds_for_the_method() {
    assertThat(Run.of(OnMethodTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "allowed() passed",
            "allowedByName() passed",
            "otherName() left stray-thread",
            "otherKind() left unclosed-executor",
            "besideAllowed() left unclosed-executor",
            "notAllowed() left stray-thread");
  }

  @NoLeaks
  static class OnMethodTestCase {
    @Test
    @AllowLeaks(kind = LeakKind.STRAY_THREAD, reason = "it ends with the JVM")
    void allowed() {
      Plants.thread();
    }

    @Test
    @AllowLeaks(thread = "price-poller-*", reason = "it ends with the JVM")
    void allowedByName() {
      Plants.thread("price-poller-7");
    }

    @Test
    @AllowLeaks(thread = "price-poller-*", reason = "it ends with the JVM")
    void otherName() {
      Plants.thread("the price-poller-7");
    }

    @Test
    @AllowLeaks(kind = LeakKind.STRAY_THREAD, reason = "it ends with the JVM")
    void otherKind() {
      Plants.pool();
    }

    @Test
    @AllowLeaks(kind = LeakKind.STRAY_THREAD, reason = "it ends with the JVM")
    void besideAllowed() {
      Plants.thread();
      Plants.pool();
    }

    @Test
    void notAllowed() {
      Plants.thread();
    }
  }

  @Test
  void a_failure_mentions_what_was_allowed_and_why() {
    assertThat(Run.of(OnMethodTestCase.class).failure("besideAllowed"))
        .hasMessageContaining("allowed: stray-thread")
        .hasMessageContaining("(it ends with the JVM)");
  }

  @Test
  void a_failure_mentions_an_allowance_that_matched_nothing() {
    assertThat(Run.of(OnMethodTestCase.class).failure("otherName"))
        .hasMessageContaining(
            "allowance that matched nothing: thread \"price-poller-*\" (it ends with the JVM)");
  }

  @Test
  void allowances_add_up_over_superclasses_interfaces_outer_classes_and_the_method() {
    assertThat(Run.of(AddingUpTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "inherited() passed",
            "fromInterface() passed",
            "own() passed",
            "both() passed",
            "none() left stray-thread",
            "Inner.inherited() passed",
            "Inner.own() passed",
            "Inner.both() passed",
            "Inner.none() left stray-thread");
  }

  @AllowLeaks(thread = "base-*", reason = "of the superclass")
  abstract static class BaseTestCase {}

  @AllowLeaks(thread = "contract-*", reason = "of the interface")
  interface Contract {}

  @NoLeaks
  @AllowLeaks(thread = "own-*", reason = "of the class")
  @AllowLeaks(thread = "other-*", reason = "of the class, too")
  static class AddingUpTestCase extends BaseTestCase implements Contract {
    @Test
    void inherited() {
      Plants.thread("base-1");
    }

    @Test
    void fromInterface() {
      Plants.thread("contract-1");
    }

    @Test
    void own() {
      Plants.thread("own-1");
    }

    @Test
    @AllowLeaks(thread = "method-*", reason = "of the method")
    void both() {
      Plants.thread("method-1");
      Plants.thread("other-1");
      Plants.thread("base-1");
    }

    @Test
    void none() {
      Plants.thread("method-1");
    }

    @Nested
    @AllowLeaks(thread = "inner-*", reason = "of the inner class")
    class Inner {
      @Test
      void inherited() {
        Plants.thread("base-1");
        Plants.thread("own-1");
      }

      @Test
      void own() {
        Plants.thread("inner-1");
      }

      @Test
      @AllowLeaks(thread = "method-*", reason = "of the method")
      void both() {
        Plants.thread("method-1");
        Plants.thread("inner-1");
      }

      @Test
      void none() {
        Plants.thread("nobodys-1");
      }
    }
  }

  @Test
  void an_allowance_on_a_class_holds_for_its_fixture() {
    assertThat(Run.of(FixtureTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(OtherFixtureTestCase.class).outcomes())
        .containsExactly("passes() passed", "OtherFixtureTestCase left unclosed-executor");
  }

  @NoLeaks
  @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, reason = "the pool is needed until the end")
  static class FixtureTestCase {
    @BeforeAll
    static void setUp() {
      Plants.pool();
    }

    @Test
    void passes() {}
  }

  @NoLeaks
  @AllowLeaks(kind = LeakKind.LEFTOVER_QUEUE, reason = "the queue is needed until the end")
  static class OtherFixtureTestCase {
    @BeforeAll
    static void setUp() {
      Plants.pool();
    }

    @Test
    void passes() {}
  }

  @Test
  void an_allowance_of_a_class_at_level_run_holds_for_the_run() {
    assertThat(
            Run.configured().with("leakcheck.level", "run").over(FixtureTestCase.class).outcomes())
        .containsExactly("passes() passed");
    assertThat(
            Run.configured()
                .with("leakcheck.level", "run")
                .over(OtherFixtureTestCase.class)
                .outcomes())
        .containsExactly("passes() passed", "engine left unclosed-executor");
  }

  @Test
  void an_allowance_of_a_method_holds_at_level_class() {
    assertThat(
            Run.configured()
                .with("leakcheck.level", "class")
                .over(AllowedMethodTestCase.class)
                .outcomes())
        .containsExactly("allowed() passed");
    assertThat(
            Run.configured()
                .with("leakcheck.level", "run")
                .over(AllowedMethodTestCase.class)
                .outcomes())
        .containsExactly("allowed() passed");
  }

  @NoLeaks
  static class AllowedMethodTestCase {
    @Test
    @AllowLeaks(kind = LeakKind.STRAY_THREAD, reason = "it ends with the JVM")
    void allowed() {
      Plants.thread();
    }
  }

  @Test
  void an_allowance_that_matched_nothing_in_its_class_is_mentioned_once() {
    Run run = Run.of(UnusedTestCase.class);
    assertThat(run.outcomes()).containsExactlyInAnyOrder("passes() passed", "allowed() passed");
    assertThat(run.published())
        .containsExactly(
            "leakcheck: allowances that matched nothing: thread \"never-*\" (it was so once)");
  }

  @NoLeaks
  @AllowLeaks(thread = "never-*", reason = "it was so once")
  @AllowLeaks(thread = "planted", reason = "it is so")
  static class UnusedTestCase {
    @Test
    void passes() {}

    @Test
    void allowed() {
      Plants.thread();
    }
  }

  @Test
  void an_allowance_on_a_method_that_matched_nothing_is_mentioned() {
    Run run = Run.of(UnusedOnMethodTestCase.class);
    assertThat(run.outcomes()).containsExactlyInAnyOrder("passes() passed", "allowed() passed");
    assertThat(run.published())
        .containsExactly(
            "leakcheck: allowances that matched nothing: thread \"never-*\" (it was so once)");
  }

  @NoLeaks
  static class UnusedOnMethodTestCase {
    @Test
    @AllowLeaks(thread = "never-*", reason = "it was so once")
    void passes() {}

    @Test
    @AllowLeaks(thread = "planted", reason = "it is so")
    void allowed() {
      Plants.thread();
    }
  }

  @Test
  void an_allowance_of_a_creator_needs_no_kind_and_accepts_nothing_without_an_agent() {
    Run run = Run.of(CreatorTestCase.class);
    assertThat(run.outcomes()).containsExactlyInAnyOrder("passes() passed");
    assertThat(run.published())
        .containsExactly(
            "leakcheck: allowances that matched nothing: createdBy \"com.acme.Poller\" (no"
                + " close()): createdBy needs the agent, and there is none");
  }

  @NoLeaks
  static class CreatorTestCase {
    @Test
    @AllowLeaks(createdBy = "com.acme.Poller", reason = "no close()")
    void passes() {}
  }

  @Test
  void a_creator_that_can_be_no_class_fails_and_says_where() {
    assertThat(Run.of(BadCreatorTestCase.class).outcomes())
        .containsExactly(
            "BadCreatorTestCase failed: @AllowLeaks on "
                + BadCreatorTestCase.class.getName()
                + ": createdBy is 'com/acme/Poller', but takes the full name of a class, such as"
                + " com.acme.Poller, in which * stands for any characters");
  }

  @NoLeaks
  @AllowLeaks(createdBy = "com/acme/Poller", reason = "no close()")
  static class BadCreatorTestCase {
    @Test
    void neverRuns() {}
  }

  @Test
  void a_thread_local_that_can_be_none_fails_and_says_where() {
    assertThat(Run.of(BadThreadLocalTestCase.class).outcomes())
        .containsExactly(
            "BadThreadLocalTestCase failed: @AllowLeaks on "
                + BadThreadLocalTestCase.class.getName()
                + ": threadLocal is 'CURRENT', but takes the full name of a class and a static"
                + " field of it, such as com.acme.Session.CURRENT, in which * stands for any"
                + " characters");
  }

  @NoLeaks
  @AllowLeaks(threadLocal = "CURRENT", reason = "a cache")
  static class BadThreadLocalTestCase {
    @Test
    void neverRuns() {}
  }

  @Test
  void a_thread_local_that_is_allowed_allows_no_thread() {
    assertThat(Run.of(OfThreadLocalTestCase.class).outcomes())
        .containsExactly("leaves() left stray-thread");
  }

  @NoLeaks
  static class OfThreadLocalTestCase {
    @Test
    @AllowLeaks(threadLocal = "*", reason = "caches")
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void a_blank_reason_fails_and_says_where() {
    assertThat(Run.of(BlankReasonOnClassTestCase.class).outcomes())
        .containsExactly(
            "BlankReasonOnClassTestCase failed: @AllowLeaks on "
                + BlankReasonOnClassTestCase.class.getName()
                + ": an allowance needs a reason: say why 'planted' may be left behind");
    assertThat(Run.of(BlankReasonOnMethodTestCase.class).outcomes())
        .hasSize(2)
        .contains("passes() passed")
        .anyMatch(
            outcome ->
                outcome.startsWith("fails() failed: @AllowLeaks on ")
                    && outcome.contains("fails(): an allowance needs a reason"));
  }

  @NoLeaks
  @AllowLeaks(thread = "planted", reason = " \t")
  static class BlankReasonOnClassTestCase {
    @Test
    void neverRuns() {}
  }

  @NoLeaks
  static class BlankReasonOnMethodTestCase {
    @Test
    @AllowLeaks(kind = LeakKind.STRAY_THREAD, reason = "")
    void fails() {}

    @Test
    void passes() {}
  }

  @Test
  void an_allowance_of_everything_fails_and_says_what_it_needs() {
    assertThat(Run.of(EverythingTestCase.class).outcomes())
        .containsExactly(
            "EverythingTestCase failed: @AllowLeaks on "
                + EverythingTestCase.class.getName()
                + ": an allowance needs a kind, a thread pattern, a class that creates the leak"
                + " (createdBy) or a thread-local: without any it would accept every leak (reason"
                + " given: 'we are in a hurry')");
  }

  @NoLeaks
  @AllowLeaks(reason = "we are in a hurry")
  static class EverythingTestCase {
    @Test
    void neverRuns() {}
  }
}
