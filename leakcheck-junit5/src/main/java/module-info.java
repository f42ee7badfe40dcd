/** LeakCheck as an extension of JUnit Jupiter. */
@SuppressWarnings("module") // the name ends in a digit, as JUnit 5 does
module dev.leakcheck.junit5 {
  requires static org.jspecify;
  requires transitive dev.leakcheck.core;
  requires org.slf4j;
  requires transitive org.junit.jupiter.api;
  // Its listener is a service on the class path alone: a module that provided it could not be
  // resolved where there is no launcher.
  requires static org.junit.platform.launcher;

  exports dev.leakcheck.junit5;

  provides org.junit.jupiter.api.extension.Extension with
      dev.leakcheck.junit5.LeakCheckExtension;
}
