package dev.leakcheck.agent;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import java.time.Duration;

/** A JVM of its own in which a class of a library's package makes a pool. Prints what is told. */
final class LibrarysOwnTestsChild {

  private LibrarysOwnTestsChild() {}

  public static void main(String[] args) throws Exception {
    LeakCheckOptions options = LeakCheckOptions.defaults().settle(Duration.ofMillis(300));
    LeakScope scope =
        LeakCheck.open(options).watchStatics(Class.forName("io.netty.sample.PoolsTest"));
    Class.forName("io.netty.sample.Pools").getMethod("make").invoke(null);
    scope.findings().list().forEach(finding -> System.out.println(finding.kind().id()));
    System.exit(0);
  }
}
