package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a thing, as found by following fields.
 *
 * @param path how it was reached, such as {@code field OrderServiceTest.service.pool}
 * @param closeable path of the outermost {@code AutoCloseable} on the way, or null if there is none
 * @param closeableType class name of that {@code AutoCloseable}, or null
 * @param ownerType class name of the object whose field or element it is, or null if a field of the
 *     test's own holds it
 */
public record Holder(
    String path,
    @Nullable String closeable,
    @Nullable String closeableType,
    @Nullable String ownerType) {

  /** How many fields, elements and the like are followed to a thing at the most. */
  public static final int MAX_STEPS = 32;
}
