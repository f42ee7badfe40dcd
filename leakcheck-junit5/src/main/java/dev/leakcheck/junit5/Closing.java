package dev.leakcheck.junit5;

import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What JUnit closes with the store that holds it, last what was put first. JUnit before 5.13 looks
 * for the one interface, later ones for the other.
 */
@SuppressWarnings("deprecation") // CloseableResource, for JUnit before 5.13
interface Closing extends ExtensionContext.Store.CloseableResource, AutoCloseable {

  @Override
  void close();
}
