package dev.leakcheck.agent;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.integration.LeakProbe;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.OpenResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A JVM of its own whose scopes are looked at with a probe, one alone and two at a time. */
final class ProbesChild {

  private static final List<OpenResource> OPEN = new ArrayList<>();

  private static final LeakProbe PROBE =
      new LeakProbe() {
        @Override
        public String kind() {
          return "held-lease";
        }

        @Override
        public Collection<OpenResource> open() {
          return OPEN;
        }
      };

  private ProbesChild() {}

  public static void main(String[] args) throws InterruptedException {
    TestScope around = TestScope.open(options("around")).probe(PROBE);
    TestScope alone = open("alone", around);
    lease("1");
    print(alone);
    alone.end();
    beside(around, false);
    beside(around, true);
    print(around);
    Runtime.getRuntime().halt(0);
  }

  private static void beside(TestScope around, boolean forgets) throws InterruptedException {
    TestScope one = open("one", around);
    Thread thread =
        new Thread(
            () -> {
              TestScope other = open("other", around);
              try (TestScope.Entry entry = other.enter()) {
                if (forgets) {
                  lease("2");
                }
              }
              print(other);
              other.end();
            });
    try (TestScope.Entry entry = one.enter()) {
      thread.start();
      thread.join();
    }
    print(one);
    one.end();
  }

  private static void lease(String id) {
    OPEN.add(OpenResource.of(id, "lease " + id, "call release()"));
  }

  private static TestScope open(String name, TestScope around) {
    return TestScope.open(options(name).brief().within(around)).probe(PROBE);
  }

  private static TestOptions options(String name) {
    return TestOptions.of(LeakCheckOptions.defaults()).named(name).settle(Duration.ZERO).byEntry();
  }

  private static void print(TestScope scope) {
    Findings findings = scope.findings();
    System.out.println(
        findings.scope()
            + " "
            + findings.list().stream().map(found -> found.kind().id()).toList()
            + (findings.coverage().has(Coverage.Limit.MAKER_UNKNOWN) ? " not told" : ""));
  }
}
