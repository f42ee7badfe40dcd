package dev.leakcheck.proof.hprof;

import java.util.List;

/**
 * A thread that a dump lists.
 *
 * @param node its {@code Thread} object
 * @param serial its number in the dump
 * @param stack its frames, the innermost first; empty if it has none
 */
public record HeapThread(int node, long serial, List<HeapFrame> stack) {}
