package dev.leakcheck.cli.doctor;

import java.util.Locale;

/** By what means a JVM is looked at. */
public enum Tier {
  /** With nothing but the jar on the class path. */
  PLAIN,
  /** With {@code -javaagent}. */
  AGENT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
