package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a thing, as found by following fields.
 *
 * @param path how it was reached, such as {@code field OrderServiceTest.service.pool}
 * @param named what it is called in advice: the path, unless that has a step which stands in no
 *     source, such as what a lambda has captured
 * @param owner the outermost object on the way that is there to be stopped, or null if there is
 *     none
 * @param holderType class name of the object whose field or element it is, or null if a field of
 *     the test's own holds it
 */
public record Holder(
    String path, String named, @Nullable Owner owner, @Nullable String holderType) {

  /** How many fields, elements and the like are followed to a thing at the most. */
  public static final int MAX_STEPS = 32;

  /**
   * One whose path can be read in the source.
   *
   * @param path how it was reached
   * @param owner the outermost object on the way that is there to be stopped, or null
   * @param holderType class name of the object whose field or element it is, or null
   */
  public Holder(String path, @Nullable Owner owner, @Nullable String holderType) {
    this(path, path, owner, holderType);
  }

  /**
   * An object that has a method to stop it, and with it what it holds.
   *
   * @param path how it was reached, such as {@code field OrderServiceTest.service}
   * @param named what it is called in advice, as with {@link Holder#named}
   * @param type its class name
   * @param generated what to call it instead where its class was made at run time, such as {@code
   *     proxy of Feed}; null if its class stands in a source
   * @param stop the method, such as {@code close}
   * @param autoCloseable whether that is its {@code AutoCloseable.close()}
   */
  public record Owner(
      String path,
      String named,
      String type,
      @Nullable String generated,
      String stop,
      boolean autoCloseable) {

    /**
     * One whose class stands in a source.
     *
     * @param path how it was reached
     * @param named what it is called in advice
     * @param type its class name
     * @param stop the method that stops it
     * @param autoCloseable whether that is its {@code AutoCloseable.close()}
     */
    public Owner(String path, String named, String type, String stop, boolean autoCloseable) {
      this(path, named, type, null, stop, autoCloseable);
    }

    /**
     * One whose path can be read in the source.
     *
     * @param path how it was reached
     * @param type its class name
     * @param stop the method that stops it
     * @param autoCloseable whether that is its {@code AutoCloseable.close()}
     */
    public Owner(String path, String type, String stop, boolean autoCloseable) {
      this(path, path, type, null, stop, autoCloseable);
    }

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
