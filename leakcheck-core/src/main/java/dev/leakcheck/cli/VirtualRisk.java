package dev.leakcheck.cli;

import picocli.CommandLine.Option;

/** Whether a command may ask a JVM for what could bring it down. */
final class VirtualRisk {

  @Option(
      names = "--risk-crash",
      description =
          "look at virtual threads and executors of a JVM of JDK 25 as well while virtual threads"
              + " are at work, which may bring it down (JDK-8364343)")
  private boolean taken;

  boolean isTaken() {
    return taken;
  }
}
