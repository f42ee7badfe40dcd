package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a thing, as found by following fields.
 *
 * @param path how it was reached, such as {@code field OrderServiceTest.service.pool}
 * @param closeable path of the outermost {@code AutoCloseable} on the way, or null if there is none
 * @param closeableType class name of that {@code AutoCloseable}, or null
 */
public record Holder(String path, @Nullable String closeable, @Nullable String closeableType) {}
