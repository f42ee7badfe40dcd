package dev.leakcheck.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.OpenResource;
import dev.leakcheck.model.OwnKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakProbeTest {

  private static final OpenResource LEASE =
      OpenResource.of("/orders-1", "lease on /orders", "call release()");

  /** Shows what a test wants to be shown. */
  private static class Shown implements LeakProbe {
    final List<OpenResource> open = new ArrayList<>();

    @Override
    public String kind() {
      return "held-lease";
    }

    @Override
    public Collection<OpenResource> open() throws Exception {
      return open;
    }
  }

  private static TestScope scope(LeakProbe probe) {
    return TestScope.open(TestOptions.of(LeakCheckOptions.defaults()).settle(Duration.ZERO).brief())
        .probe(probe);
  }

  private static Findings check(TestScope scope) {
    try {
      return scope.findings();
    } finally {
      scope.end();
    }
  }

  @Test
  void what_is_open_and_was_not_is_told() {
    Shown probe = new Shown();
    probe.open.add(OpenResource.of("/fixture", "lease on /fixture", "call release()"));
    TestScope scope = scope(probe);
    probe.open.add(LEASE);

    Findings findings = check(scope);

    assertThat(findings.list())
        .singleElement()
        .satisfies(finding -> assertThat(finding.kind()).isEqualTo(new OwnKind("held-lease")))
        .satisfies(finding -> assertThat(finding.title()).isEqualTo("lease on /orders"));
  }

  @Test
  void what_was_closed_is_not() {
    Shown probe = new Shown();
    TestScope scope = scope(probe);
    probe.open.add(LEASE);
    probe.open.remove(LEASE);

    assertThat(check(scope).list()).isEmpty();
  }

  @Test
  void what_is_told_is_told_once_until_it_was_seen_closed() {
    Shown probe = new Shown();
    TestScope scope = scope(probe);
    probe.open.add(LEASE);
    TestScope inner = scope(probe);
    assertThat(check(scope).list()).hasSize(1);
    assertThat(check(inner).list()).as("opened before it").isEmpty();

    probe.open.clear();
    TestScope later = scope(probe);
    probe.open.add(LEASE);
    assertThat(check(later).list()).as("opened again").hasSize(1);
  }

  @Test
  void it_has_the_same_id_in_every_run_but_not_that_of_another_title() {
    assertThat(fingerprint("lease on /orders-17"))
        .isEqualTo(fingerprint("lease on /orders-4"))
        .isNotEqualTo(fingerprint("lease on /prices-4"));
  }

  private static String fingerprint(String title) {
    Shown probe = new Shown();
    TestScope scope = scope(probe);
    probe.open.add(OpenResource.of("1", title, "call release()"));
    return check(scope).list().get(0).fingerprint();
  }

  @Test
  void an_allowance_accepts_it_by_its_kind() {
    Shown probe = new Shown();
    TestOptions options =
        TestOptions.of(LeakCheckOptions.defaults())
            .settle(Duration.ZERO)
            .allow(Allowance.of(Set.of(new OwnKind("held-lease")), "", "", "ends by itself"))
            .allow(Allowance.of(Set.of(new OwnKind("open-session")), "", "", "another"));
    TestScope scope = TestScope.open(options).probe(probe);
    probe.open.add(LEASE);

    Findings findings = check(scope);

    assertThat(findings.list()).isEmpty();
    assertThat(findings.allowed()).hasSize(1);
    assertThat(findings.unusedAllowances()).containsExactly("open-session (another)");
  }

  @Test
  void what_fields_of_a_scope_around_lead_to_is_that_scopes() {
    Object lock = new Object();
    Shown probe = new Shown();
    TestScope around =
        TestScope.open(TestOptions.of(LeakCheckOptions.defaults()).settle(Duration.ZERO));
    Object[] fixture = {lock};
    Holder holder = new Holder(fixture); // watched weakly
    around.watch(holder);
    TestScope scope =
        TestScope.open(
                TestOptions.of(LeakCheckOptions.defaults())
                    .settle(Duration.ZERO)
                    .brief()
                    .within(around))
            .probe(probe);
    probe.open.add(LEASE.object(lock));
    Findings held = scope.findings();
    probe.open.set(0, LEASE.object(new Object()));

    assertThat(held.list()).isEmpty();
    assertThat(check(scope).list()).hasSize(1);
    around.end();
    Reference.reachabilityFence(holder);
  }

  private record Holder(Object[] locks) {}

  @Test
  void a_probe_that_throws_is_a_note() {
    Shown probe =
        new Shown() {
          @Override
          public Collection<OpenResource> open() throws Exception {
            throw new IOException("no connection");
          }
        };

    assertNote(check(scope(probe)), "it failed with java.io.IOException: no connection");
  }

  @Test
  void so_is_one_that_throws_when_the_scope_is_checked() {
    Shown probe =
        new Shown() {
          @Override
          public Collection<OpenResource> open() {
            if (!open.isEmpty()) {
              throw new AssertionError("broken");
            }
            return open;
          }
        };
    TestScope scope = scope(probe);
    probe.open.add(LEASE);

    assertNote(check(scope), "it failed with java.lang.AssertionError: broken");
  }

  @Test
  void so_is_one_that_answers_with_null() {
    Shown probe =
        new Shown() {
          @Override
          public Collection<OpenResource> open() {
            return null;
          }
        };

    assertNote(check(scope(probe)), "it returned null");
  }

  @Test
  void so_is_one_that_names_one_thing_twice_or_nothing() {
    Shown twice = new Shown();
    twice.open.addAll(List.of(LEASE, LEASE));
    assertNote(check(scope(twice)), "two are open with the id '/orders-1'");

    Shown nothing =
        new Shown() {
          @Override
          public Collection<OpenResource> open() {
            return Collections.singletonList(null);
          }
        };
    assertNote(check(scope(nothing)), "NullPointerException");
  }

  @Test
  void so_is_one_that_does_not_answer_and_it_is_waited_for_once() {
    CountDownLatch never = new CountDownLatch(1);
    Shown probe =
        new Shown() {
          @Override
          public Collection<OpenResource> open() throws Exception {
            never.await();
            return open;
          }
        };
    try {
      assertNote(check(scope(probe)), "it gave no answer within 5 seconds");
      for (int i = 0; i < 20; i++) { // 100 seconds if each of them waited
        assertNote(check(scope(probe)), "it gave no answer within 5 seconds");
      }
    } finally {
      never.countDown();
    }
  }

  private static void assertNote(Findings findings, String why) {
    assertThat(findings.list()).isEmpty();
    assertThat(findings.coverage().notes())
        .extracting(Coverage.Note::text)
        .filteredOn(text -> text.startsWith("held-lease was not looked for: "))
        .singleElement()
        .asString()
        .contains(why);
  }

  @Test
  void so_is_one_whose_ids_change_from_call_to_call() {
    AtomicInteger calls = new AtomicInteger();
    Shown probe =
        new Shown() {
          @Override
          public Collection<OpenResource> open() {
            return List.of(
                OpenResource.of(
                    "" + calls.incrementAndGet(), "lease on /orders", "call release()"));
          }
        };

    assertNote(check(scope(probe)), "other ids each time");
  }

  @Test
  void one_whose_kind_can_be_no_name_is_a_note_wherever_it_is_given() {
    for (Shown probe : List.of(new Clash(), new Misnamed(), new Nameless())) {
      Findings findings = check(scope(probe));

      assertThat(findings.list()).isEmpty();
      assertThat(findings.coverage().notes())
          .extracting(Coverage.Note::text)
          .filteredOn(text -> text.startsWith("a probe was not asked: "))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Held-Lease", "held lease", "", "-lease", "lease-", "held_lease", "9lease"})
  void a_kind_has_a_name_of_one_form(String name) {
    assertThatThrownBy(() -> new OwnKind(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }

  @Test
  void a_kind_has_no_name_of_LeakChecks() {
    assertThatThrownBy(() -> new OwnKind("stray-thread"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a kind is named 'stray-thread', but LeakCheck has a kind of that name");
  }

  /** As a service. */
  public static final class Service extends Shown {
    public Service() {}
  }

  /** With a name that is taken. */
  public static final class Clash extends Shown {
    public Clash() {}

    @Override
    public String kind() {
      return "deadlock";
    }
  }

  /** With a name that is none. */
  public static final class Misnamed extends Shown {
    public Misnamed() {}

    @Override
    public String kind() {
      return "Bad Kind!";
    }
  }

  /** Fails when it is asked for its name. */
  public static final class Nameless extends Shown {
    public Nameless() {}

    @Override
    public String kind() {
      throw new IllegalStateException("no name");
    }
  }

  /** Cannot be built. */
  public static final class Broken extends Shown {
    public Broken() {
      throw new IllegalStateException("no connection");
    }
  }

  @Test
  void probes_are_found_as_services_and_a_bad_one_is_a_note() {
    InstalledProbes installed =
        InstalledProbes.of(
            ServiceLoader.load(
                LeakProbe.class, new Services(Broken.class, Service.class, Clash.class)));

    assertThat(installed.probes())
        .extracting(probe -> probe.kind().id())
        .containsExactly("held-lease");
    assertThat(installed.gaps()).hasSize(2);
    assertThat(installed.gaps().get(0)).contains("Broken");
    assertThat(installed.gaps().get(1)).contains("'deadlock', but LeakCheck has a kind");
  }

  /** A class path with services. */
  private static final class Services extends ClassLoader {
    private final String text;

    Services(Class<?>... services) {
      super(LeakProbeTest.class.getClassLoader());
      this.text = String.join("\n", Arrays.stream(services).map(Class::getName).toList());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals("META-INF/services/" + LeakProbe.class.getName())
          ? Collections.enumeration(List.of(url()))
          : super.getResources(name);
    }

    private URL url() throws IOException {
      return new URL(
          null,
          "text:services",
          new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) {
              return new URLConnection(url) {
                @Override
                public void connect() {}

                @Override
                public InputStream getInputStream() {
                  return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                }
              };
            }
          });
    }
  }
}
