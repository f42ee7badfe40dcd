/**
 * Finds what a test leaves behind: threads, virtual threads, executors, queues, locks, processes
 * and more.
 *
 * <p>Jackson's streaming parser and ASM are inside, under other names, so nobody's module path
 * needs them.
 */
@SuppressWarnings("requires-automatic") // Micrometer has no module descriptor
module dev.leakcheck.core {
  requires static java.instrument;
  requires static java.sql;
  requires static java.xml;
  requires java.management;
  // Before Java 22 it alone tells whether a class is initialised, and nobody else may resolve it.
  requires jdk.unsupported;
  requires static jdk.attach;
  requires static jdk.httpserver;
  requires static jdk.jfr;
  requires static micrometer.core;
  requires static org.assertj.core;
  requires static org.jspecify;
  requires org.slf4j;

  exports dev.leakcheck;
  exports dev.leakcheck.assertj;
  exports dev.leakcheck.contract;
  exports dev.leakcheck.integration;
  exports dev.leakcheck.micrometer;
  exports dev.leakcheck.model;
  exports dev.leakcheck.monitor;
  exports dev.leakcheck.report;

  uses dev.leakcheck.integration.LeakProbe;

  // The agent's entry, wherever this jar is on the module path of a JVM that has the agent.
  exports dev.leakcheck.agent to
      java.instrument;
}
