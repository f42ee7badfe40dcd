package dev.leakcheck.capture.objects;

import dev.leakcheck.model.Holder;

/**
 * An object that was found by following fields.
 *
 * @param object the object
 * @param direct whether a field of the owner itself holds it
 * @param holder how it was reached
 */
public record Holding(Object object, boolean direct, Holder holder) {}
