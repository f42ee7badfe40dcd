package dev.leakcheck.model;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a check found, and what it left alone. Immutable.
 *
 * @param scope name of the scope that was checked
 * @param list one finding for each cause that nobody accepts, or nobody accepts any more, the most
 *     actionable first; empty if nothing is to fail
 * @param waited how long the check waited for threads to end
 * @param settledEarly whether the check stopped waiting since nothing alive could still change the
 *     outcome
 * @param benign how many new threads each benign rule matched
 * @param allowed findings that the user accepts: by an allowance, or in the baseline
 * @param unusedAllowances allowances that matched nothing, each described in one line
 * @param coverage what the check could not see
 * @param recorded whether an agent recorded where things were created
 * @param statics what was left alone since it belongs to a class, or to an object that is older,
 *     and not to the scope, each in a sentence such as {@code ThreadPoolExecutor made by
 *     PriceCache.<clinit> (PriceCache.java:12)}
 * @param expired those of the list that the baseline accepted until a day that is past
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
    List<String> statics,
    List<Expired> expired)
    implements Iterable<Finding> {

  /**
   * A finding that the user accepts.
   *
   * @param finding the finding
   * @param reason the user's reason
   * @param known whether it is the baseline that accepts it, and no allowance
   * @param unlessProved whether it fails if its threads are proved stuck for good
   */
  public record Allowed(Finding finding, String reason, boolean known, boolean unlessProved) {

    /**
     * A finding that is accepted whatever is proved.
     *
     * @param finding the finding
     * @param reason the user's reason
     * @param known whether it is the baseline that accepts it, and no allowance
     */
    public Allowed(Finding finding, String reason, boolean known) {
      this(finding, reason, known, false);
    }
  }

  /**
   * A finding that the user accepted until a day that is past. It fails.
   *
   * @param finding the finding
   * @param reason the user's reason
   * @param owner who was to see to it, or null if nobody is named
   * @param until the last day on which it was accepted
   */
  public record Expired(Finding finding, String reason, @Nullable String owner, LocalDate until) {}

  /** Copies the collections. */
  public Findings {
    list = List.copyOf(list);
    benign =
        benign.isEmpty() ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(benign));
    allowed = List.copyOf(allowed);
    unusedAllowances = List.copyOf(unusedAllowances);
    statics = List.copyOf(statics);
    expired = List.copyOf(expired);
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
        List.of(),
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
        statics,
        expired);
  }

  /**
   * The same check, of which other findings fail and are accepted.
   *
   * @param failing those that fail
   * @param accepted those that the user accepts
   * @return a copy
   */
  public Findings split(List<Finding> failing, List<Allowed> accepted) {
    return new Findings(
        scope,
        failing,
        waited,
        settledEarly,
        benign,
        accepted,
        unusedAllowances,
        coverage,
        recorded,
        statics,
        expired);
  }

  /**
   * The same findings, of which those that fail are told in another way.
   *
   * @param change gives each that fails its other form
   * @return a copy
   */
  public Findings failing(UnaryOperator<Finding> change) {
    List<Finding> changed = list.stream().map(change).toList();
    List<Expired> expiredToo =
        expired.stream()
            .map(
                known ->
                    new Expired(
                        list.contains(known.finding())
                            ? changed.get(list.indexOf(known.finding()))
                            : known.finding(),
                        known.reason(),
                        known.owner(),
                        known.until()))
            .toList();
    return new Findings(
        scope,
        changed,
        waited,
        settledEarly,
        benign,
        allowed,
        unusedAllowances,
        coverage,
        recorded,
        statics,
        expiredToo);
  }

  /**
   * Whether nothing leaked.
   *
   * @return true if there is no finding
   */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /**
   * Whether and until when a finding was accepted.
   *
   * @param finding one of the list
   * @return empty if nobody ever accepted it
   */
  public Optional<Expired> expiry(Finding finding) {
    return expired.stream().filter(known -> known.finding() == finding).findFirst();
  }

  @Override
  public Iterator<Finding> iterator() {
    return list.iterator();
  }
}
