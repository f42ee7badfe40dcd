package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a thing, as found by following fields.
 *
 * @param path how it was reached, such as {@code field OrderServiceTest.service.pool}
 * @param owner the outermost object on the way that is there to be stopped, or null if there is
 *     none
 * @param holderType class name of the object whose field or element it is, or null if a field of
 *     the test's own holds it
 */
public record Holder(String path, @Nullable Owner owner, @Nullable String holderType) {

  /** How many fields, elements and the like are followed to a thing at the most. */
  public static final int MAX_STEPS = 32;

  /**
   * An object that has a method to stop it, and with it what it holds.
   *
   * @param path how it was reached, such as {@code field OrderServiceTest.service}
   * @param type its class name
   * @param stop the method, such as {@code close}
   * @param autoCloseable whether that is its {@code AutoCloseable.close()}
   */
  public record Owner(String path, String type, String stop, boolean autoCloseable) {

    /**
     * An {@code AutoCloseable}.
     *
     * @param path how it was reached
     * @param type its class name
     */
    public Owner(String path, String type) {
      this(path, type, "close", true);
    }
  }
}
