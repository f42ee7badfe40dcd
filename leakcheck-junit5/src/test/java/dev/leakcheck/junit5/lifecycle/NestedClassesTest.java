package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

class NestedClassesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void inner_classes_are_not_blamed_for_what_the_outer_BeforeAll_owns() {
    assertThat(Run.of(OuterFixtureTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "outer() passed",
            "Inner.uses() passed",
            "Inner.leaves() left stray-thread",
            "Innermost.uses() passed",
            "Innermost.leaves() left unclosed-executor");
  }

  /** Compilers of other languages write such class files. */
  @Test
  void class_that_contradicts_the_one_around_it_is_checked_like_any_other() throws Exception {
    String name = ContradictsTestCase.class.getName();
    byte[] file;
    try (InputStream in =
        getClass().getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      file = in.readAllBytes();
    }
    // The one around it knows no class of this name.
    String renamed =
        new String(file, StandardCharsets.ISO_8859_1)
            .replace("$ContradictsTestCase", "$ContradictsTestCopy");
    Class<?> contradicts =
        MethodHandles.lookup().defineClass(renamed.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(contradicts::getEnclosingClass).isInstanceOf(LinkageError.class);

    assertThat(Run.of(contradicts).outcomes()).containsExactly("leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ContradictsTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterFixtureTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Test
    void outer() {}

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }

    @Nested
    class Inner {
      @Test
      void uses() {
        Plants.anotherWorker(pool);
      }

      @Test
      void leaves() {
        Plants.thread();
      }

      @Nested
      class Innermost {
        @Test
        void uses() {
          Plants.anotherWorker(pool);
        }

        @Test
        void leaves() {
          Plants.pool();
        }
      }
    }
  }

  @Test
  void only_the_outer_class_answers_for_what_its_BeforeAll_leaves() {
    assertThat(Run.of(OuterForgetsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "Inner.uses() passed", "OuterForgetsTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterForgetsTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Nested
    class Inner {
      @Test
      void uses() {
        Plants.anotherWorker(pool);
      }
    }
  }

  @Test
  void inner_classes_are_not_blamed_for_what_an_outer_per_class_instance_owns() {
    assertThat(Run.of(OuterPerClassTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "Inner.uses() passed",
            "Inner.leaves() left stray-thread",
            "InnerPerClass.uses() passed",
            "InnerPerClass left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OuterPerClassTestCase {
    final ExecutorService pool = Plants.pool();

    @AfterAll
    void tearDown() {
      pool.shutdown();
    }

    @Nested
    class Inner {
      @Test
      void uses() {
        Plants.anotherWorker(pool);
      }

      @Test
      void leaves() {
        Plants.thread();
      }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class InnerPerClass {
      final ExecutorService own = Plants.pool();

      @Test
      void uses() {
        Plants.anotherWorker(pool);
        Plants.anotherWorker(own);
      }
    }
  }

  @Test
  void a_test_answers_for_the_fields_of_the_instances_around_it() {
    assertThat(Run.of(EnclosingFieldsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "Inner.closes() passed", "Inner.forgets() left unclosed-executor, leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class EnclosingFieldsTestCase {
    final ExecutorService pool = Plants.pool();
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @BeforeEach
    void receive() {
      inbox.add("message");
    }

    @Nested
    class Inner {
      @Test
      void closes() {
        pool.shutdown();
        inbox.clear();
      }

      @Test
      void forgets() {}
    }
  }

  @Test
  void the_outer_BeforeEach_is_part_of_the_inner_test() {
    assertThat(Run.of(OuterBeforeEachTestCase.class).outcomes())
        .containsExactlyInAnyOrder("Inner.forgets() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterBeforeEachTestCase {
    @BeforeEach
    void setUp() {
      Plants.thread();
    }

    @Nested
    class Inner {
      @Test
      void forgets() {}
    }
  }

  @Test
  void an_extension_on_an_inner_class_leaves_the_outer_class_alone() {
    assertThat(Run.of(OuterUncheckedTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "unchecked() passed", "Inner.uses() passed", "Inner.leaves() left stray-thread");
  }

  static class OuterUncheckedTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Test
    void unchecked() {
      Plants.thread();
    }

    @Nested
    @ExtendWith(LeakCheckExtension.class)
    class Inner {
      @Test
      void uses() {
        Plants.anotherWorker(pool);
      }

      @Test
      void leaves() {
        Plants.thread();
      }
    }
  }

  @Test
  void test_of_an_inner_per_class_instance_is_not_blamed_for_what_that_class_owns() {
    assertThat(Run.of(PerClassInPerMethodTestCase.class).outcomes())
        .containsExactlyInAnyOrder("Inner.uses() passed", "Inner.leaves() left unclosed-executor");
  }

  /** What the inner class starts is in none of its fields. */
  @ExtendWith(LeakCheckExtension.class)
  static class PerClassInPerMethodTestCase {
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Inner {
      Inner() {
        Elsewhere.started.add(Plants.thread("constructed"));
      }

      @BeforeAll
      void setUp() {
        Elsewhere.started.add(Plants.thread("set up"));
      }

      @Test
      void uses() {}

      @Test
      void leaves() {
        Plants.pool();
      }

      @AfterAll
      void tearDown() {
        Elsewhere.started.forEach(Thread::interrupt);
        Elsewhere.started.clear();
      }
    }
  }

  static class Elsewhere {
    static final List<Thread> started = new ArrayList<>();
  }

  @Test
  void inner_per_class_instance_answers_for_what_its_BeforeAll_leaves() {
    assertThat(Run.of(PerClassForgetsTestCase.class).outcomes())
        .containsExactlyInAnyOrder("Inner.uses() passed", "Inner left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PerClassForgetsTestCase {
    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Inner {
      @BeforeAll
      void setUp() {
        Plants.pool();
      }

      @Test
      void uses() {}
    }
  }

  @Test
  void outer_class_answers_for_what_the_instance_around_an_inner_per_class_one_leaves() {
    assertThat(Run.of(OuterOfPerClassForgetsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "Inner.uses() passed", "OuterOfPerClassForgetsTestCase left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterOfPerClassForgetsTestCase {
    OuterOfPerClassForgetsTestCase() {
      Plants.thread();
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Inner {
      @Test
      void uses() {}
    }
  }
}
