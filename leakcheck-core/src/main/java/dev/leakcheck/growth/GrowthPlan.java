package dev.leakcheck.growth;

import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.ScopeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How a body is repeated and what is measured.
 *
 * @param check how what is left is checked
 * @param repetitions how often it runs and is measured
 * @param warmUp how often it runs before that
 * @param heapBound how many bytes may be kept with each repetition, or {@link #NO_BOUND}
 * @param owners objects whose queues are measured
 * @param overlapped whether to give up, since other code turned out to run meanwhile
 */
public record GrowthPlan(
    ScopeOptions check,
    int repetitions,
    int warmUp,
    long heapBound,
    List<Object> owners,
    BooleanSupplier overlapped) {

  /** To options that users set. */
  public static final Key<GrowthPlan> KEY = new Key<>();

  /** The heap is not measured. */
  public static final long NO_BOUND = -1;

  public GrowthPlan {
    owners = List.copyOf(owners);
  }

  /** Whether the live heap is measured as well. */
  boolean measuresHeap() {
    return heapBound != NO_BOUND;
  }

  /** With another check. */
  public GrowthPlan checked(ScopeOptions how) {
    return new GrowthPlan(how, repetitions, warmUp, heapBound, owners, overlapped);
  }

  /** With so many repetitions that warm up. */
  public GrowthPlan warmedUp(int times) {
    return new GrowthPlan(check, repetitions, times, heapBound, owners, overlapped);
  }

  /** With the heap. */
  public GrowthPlan withHeap(long bytesPerRepetition) {
    return new GrowthPlan(check, repetitions, warmUp, bytesPerRepetition, owners, overlapped);
  }

  /** With one more object whose queues are measured. */
  public GrowthPlan owning(Object owner) {
    List<Object> more = new ArrayList<>(owners);
    more.add(owner);
    return new GrowthPlan(check, repetitions, warmUp, heapBound, more, overlapped);
  }

  /** Given up where other code turns out to run at the same time. */
  public GrowthPlan unless(BooleanSupplier overlapping) {
    return new GrowthPlan(check, repetitions, warmUp, heapBound, owners, overlapping);
  }
}
