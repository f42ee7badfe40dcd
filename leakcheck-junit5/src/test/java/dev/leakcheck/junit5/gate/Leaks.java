package dev.leakcheck.junit5.gate;

import java.util.Arrays;

/** Which leaks of the sample project are there in this run. */
final class Leaks {

  /** Names of those that are, separated by commas. */
  static final String PROPERTY = "sample.leaks";

  private Leaks() {}

  static boolean include(String name) {
    return Arrays.asList(System.getProperty(PROPERTY, "").split(",", -1)).contains(name);
  }
}
