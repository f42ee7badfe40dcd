package dev.leakcheck.model;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a check found, and what it left alone. Immutable.
 *
 * @param scope name of the scope that was checked
 * @param list one finding for each cause, the most actionable first; empty if nothing leaked
 * @param waited how long the check waited for threads to end
 * @param settledEarly whether the check stopped waiting since nothing alive could still change the
 *     outcome
 * @param benign how many new threads each benign rule matched
 * @param allowed findings that the user accepts
 * @param unusedAllowances allowances that matched nothing, each described in one line
 * @param coverage what the check could not see
 * @param recorded whether an agent recorded where things were created
 * @param statics what was left alone since it belongs to a class and not to the scope, each in a
 *     sentence such as {@code ThreadPoolExecutor made by PriceCache.<clinit> (PriceCache.java:12)}
 */
public record Findings(
    String scope,
    List<Finding> list,
    Duration waited,
    boolean settledEarly,
    Map<String, Integer> benign,
    List<Allowed> allowed,
    List<String> unusedAllowances,
    Coverage coverage,
    boolean recorded,
    List<String> statics)
    implements Iterable<Finding> {

  /**
   * A finding that the user accepts.
   *
   * @param finding the finding
   * @param reason the user's reason
   */
  public record Allowed(Finding finding, String reason) {}

  /** Copies the collections. */
  public Findings {
    list = List.copyOf(list);
    benign = java.util.Collections.unmodifiableMap(new TreeMap<>(benign));
    allowed = List.copyOf(allowed);
    unusedAllowances = List.copyOf(unusedAllowances);
    statics = List.copyOf(statics);
  }

  /**
   * A check that found nothing and had nothing to wait for.
   *
   * @param scope name of the scope
   * @param unusedAllowances allowances, none of which matched
   * @param coverage what the check could not see
   * @param recorded whether an agent recorded where things were created
   * @return no findings
   */
  public static Findings none(
      String scope, List<String> unusedAllowances, Coverage coverage, boolean recorded) {
    return new Findings(
        scope,
        List.of(),
        Duration.ZERO,
        false,
        Map.of(),
        List.of(),
        unusedAllowances,
        coverage,
        recorded,
        List.of());
  }

  /**
   * The same findings with a further limit of what was seen.
   *
   * @param more what else could not be seen
   * @return a copy
   */
  public Findings with(Coverage more) {
    return new Findings(
        scope,
        list,
        waited,
        settledEarly,
        benign,
        allowed,
        unusedAllowances,
        coverage.and(more),
        recorded,
        statics);
  }

  /**
   * Whether nothing leaked.
   *
   * @return true if there is no finding
   */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  @Override
  public Iterator<Finding> iterator() {
    return list.iterator();
  }
}
