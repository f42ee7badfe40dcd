/** LeakCheck as an extension of JUnit Jupiter. */
@SuppressWarnings("module") // the name ends in a digit, as JUnit 5 does
module dev.leakcheck.junit5 {
  requires static org.jspecify;
  requires transitive dev.leakcheck.core;
  requires org.slf4j;
  requires transitive org.junit.jupiter.api;
  requires static org.junit.platform.launcher;

  exports dev.leakcheck.junit5;

  provides org.junit.jupiter.api.extension.Extension with
      dev.leakcheck.junit5.LeakCheckExtension;
  provides org.junit.platform.launcher.TestExecutionListener with
      dev.leakcheck.junit5.RunListener;
}
