package dev.leakcheck.classify;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import dev.leakcheck.model.Population;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells from sample to sample which cohorts grow and which sit unchanged. What it keeps does not
 * grow with the number of samples. Not thread-safe.
 *
 * <p>A cohort grows by the same rule as what a repeated test leaves behind ({@link Series}): the
 * level that its count never falls below again rises in each third of the last rounds. Here the
 * counts of a third must not be below those of the one before, either: the number of threads in a
 * server goes up and down with its load. That is asked of the last rounds, and, so that a slow leak
 * is found as well, of the smallest counts of each ten and of each hundred rounds. A cohort sits
 * unchanged if the very same threads were in it in each of the last rounds.
 */
public final class Trend {

  /** The fewest rounds that anything can be told from. */
  public static final int FEWEST_ROUNDS = 4;

  private static final int FACTOR = 10;
  private static final int LEVELS = 3;

  private final int rounds;
  private final int most;
  private final Map<String, Track> tracks = new HashMap<>();
  private final Levels platform;
  private final Levels virtual;
  private final Levels executors;
  private int round;

  /**
   * What one more sample tells.
   *
   * @param number how many samples there were, this one included
   * @param population the sample
   * @param trends what becomes of each cohort: those that grow by most first, then the largest
   * @param came cohorts that were not there before; all in the first sample
   * @param changed cohorts of which something else is told than after the sample before
   * @param platformGrows whether there are more and more platform threads
   * @param virtualGrows whether there are more and more virtual threads
   * @param executorsGrow whether there are more and more executors
   */
  public record Round(
      int number,
      Population population,
      List<CohortTrend> trends,
      List<CohortTrend> came,
      List<CohortTrend> changed,
      boolean platformGrows,
      boolean virtualGrows,
      boolean executorsGrow) {

    /** Copies the lists. */
    public Round {
      trends = List.copyOf(trends);
      came = List.copyOf(came);
      changed = List.copyOf(changed);
    }

    /**
     * The cohorts of which one thing is told.
     *
     * @param verdict what is told
     * @return those that no rule about benign threads knows
     */
    public List<CohortTrend> suspicious(Verdict verdict) {
      return trends.stream()
          .filter(trend -> trend.verdict() == verdict && trend.cohort().benign() == null)
          .toList();
    }
  }

  /**
   * A trend without any sample.
   *
   * @param rounds from how many samples something is told, at least {@link #FEWEST_ROUNDS}
   * @param most of how many cohorts something is told
   */
  public Trend(int rounds, int most) {
    if (rounds < FEWEST_ROUNDS) {
      throw new IllegalArgumentException(
          "rounds is " + rounds + ": at least " + FEWEST_ROUNDS + " are needed");
    }
    this.rounds = rounds;
    this.most = most;
    this.platform = new Levels(rounds);
    this.virtual = new Levels(rounds);
    this.executors = new Levels(rounds);
  }

  /**
   * Adds a sample.
   *
   * @param sample taken later than those before
   * @return what it tells together with them
   */
  public Round add(Population sample) {
    round++;
    platform.add(sample.platform(), sample.at());
    virtual.add(sample.virtual(), sample.at());
    executors.add(sample.executorCount(), sample.at());
    List<CohortTrend> came = new ArrayList<>();
    List<CohortTrend> changed = new ArrayList<>();
    List<CohortTrend> trends = new ArrayList<>();
    for (Cohort cohort : sample.cohorts()) {
      Track track = tracks.get(cohort.fingerprint());
      boolean isNew = track == null;
      if (track == null) {
        if (tracks.size() >= most && !forgetOneThatIsAbsent()) {
          continue;
        }
        track = new Track(cohort, sample.at());
        tracks.put(cohort.fingerprint(), track);
      }
      Verdict before = track.verdict;
      CohortTrend trend = track.add(cohort, sample.at());
      trends.add(trend);
      if (isNew) {
        came.add(trend);
      } else if (trend.verdict() != before) {
        changed.add(trend);
      }
    }
    for (Iterator<Track> all = tracks.values().iterator(); all.hasNext(); ) {
      Track track = all.next();
      if (track.lastSeen == round) {
        continue;
      }
      Verdict before = track.verdict;
      CohortTrend trend = track.add(track.cohort.gone(), sample.at());
      if (trend.verdict() == Verdict.GONE) {
        all.remove();
      }
      if (trend.verdict() != before) {
        changed.add(trend);
      }
    }
    trends.sort(
        Comparator.comparing((CohortTrend trend) -> trend.verdict() != Verdict.GROWING)
            .thenComparingInt(trend -> trend.verdict() == Verdict.GROWING ? -trend.growth() : 0)
            .thenComparingInt(trend -> -trend.cohort().count())
            .thenComparing(trend -> trend.cohort().name())
            .thenComparing(trend -> trend.cohort().fingerprint()));
    return new Round(
        round,
        sample,
        trends,
        came,
        changed,
        platform.growing() != null,
        virtual.growing() != null,
        executors.growing() != null);
  }

  /** Makes room for a cohort that is there. */
  private boolean forgetOneThatIsAbsent() {
    Track longest = null;
    for (Track track : tracks.values()) {
      if (track.lastSeen < round - 1 && (longest == null || track.lastSeen < longest.lastSeen)) {
        longest = track;
      }
    }
    return longest != null && tracks.remove(longest.cohort.fingerprint()) != null;
  }

  /** One cohort through the rounds. */
  private final class Track {
    private final int first;
    private final Levels levels = new Levels(rounds);
    private Cohort cohort;
    private Verdict verdict = Verdict.MOVING;
    private int lastSeen;
    private int sameFor;
    private Instant sameSince;
    private int grewFrom;
    private Instant grewSince = Instant.EPOCH;
    private int grewInRound;

    Track(Cohort cohort, Instant at) {
      this.cohort = cohort;
      this.first = cohort.count();
      this.sameSince = at;
      // There may have been any number before the first sample of all.
      if (round > 1) {
        levels.add(0, at);
      }
    }

    CohortTrend add(Cohort now, Instant at) {
      if (now.hasSameThreadsAs(cohort)) {
        sameFor++;
      } else {
        sameFor = 1;
        sameSince = at;
      }
      cohort = now;
      levels.add(now.count(), at);
      if (now.count() > 0) {
        lastSeen = round;
      }
      Window growing = now.count() == 0 ? null : levels.growing();
      if (growing != null) {
        if (verdict != Verdict.GROWING) {
          verdict = Verdict.GROWING;
          grewFrom = growing.from;
          grewSince = growing.since;
          grewInRound = round - levels.roundsSince(growing);
        }
        return new CohortTrend(now, verdict, grewFrom, first, grewSince, round - grewInRound);
      }
      if (round - lastSeen >= rounds) {
        verdict = Verdict.GONE;
      } else {
        verdict = sameFor > rounds && now.count() > 0 ? Verdict.UNCHANGED : Verdict.MOVING;
      }
      return new CohortTrend(now, verdict, now.count(), first, sameSince, sameFor - 1);
    }
  }

  /** Counts over the last rounds, and the smallest counts of each ten and each hundred. */
  private static final class Levels {
    private final List<Window> windows = new ArrayList<>(LEVELS);
    private final int rounds;

    Levels(int rounds) {
      this.rounds = rounds;
      windows.add(new Window(rounds, 1));
    }

    void add(int count, Instant at) {
      Window first = windows.get(0);
      first.add(count, at);
      int least = count;
      Instant since = at;
      for (int level = 1; level < LEVELS; level++) {
        if (windows.size() == level) {
          windows.add(new Window(rounds, windows.get(level - 1).span * FACTOR));
        }
        Window window = windows.get(level);
        if (!window.gather(least, since)) {
          return;
        }
        least = window.counts[window.size - 1];
        since = window.instants[window.size - 1];
      }
    }

    @Nullable Window growing() {
      for (Window window : windows) {
        if (window.grows()) {
          return window;
        }
      }
      return null;
    }

    int roundsSince(Window window) {
      return (window.size - 1) * window.span + window.gathered * (window.span / FACTOR);
    }
  }

  /** The last counts of one level. */
  private static final class Window {
    private final int span;
    private int[] counts = new int[2];
    private Instant[] instants = new Instant[2];
    private final int length;
    private int size;
    private int gathered;
    private int least;
    private Instant gatheredSince = Instant.EPOCH;
    private int from;
    private Instant since = Instant.EPOCH;

    Window(int rounds, int span) {
      this.length = rounds + 1;
      this.span = span;
    }

    void add(int count, Instant at) {
      if (size == length) {
        System.arraycopy(counts, 1, counts, 0, length - 1);
        System.arraycopy(instants, 1, instants, 0, length - 1);
        size--;
      } else if (size == counts.length) {
        int larger = Math.min(length, 2 * size);
        counts = Arrays.copyOf(counts, larger);
        instants = Arrays.copyOf(instants, larger);
      }
      counts[size] = count;
      instants[size] = at;
      size++;
    }

    /** Adds the smallest of each ten counts; whether it did now. */
    boolean gather(int count, Instant at) {
      if (gathered == 0) {
        least = count;
        gatheredSince = at;
      } else {
        least = Math.min(least, count);
      }
      gathered++;
      if (gathered < FACTOR) {
        return false;
      }
      gathered = 0;
      add(least, gatheredSince);
      return true;
    }

    boolean grows() {
      if (size < length) {
        return false;
      }
      long[] series = new long[size];
      for (int i = 0; i < size; i++) {
        series[i] = counts[i];
      }
      long[] kept = Series.kept(series);
      from = (int) kept[0];
      since = instants[0];
      return Series.grows(kept) && thirdsDoNotOverlap();
    }

    /**
     * What varies at random would often seem to rise at the end, as nothing comes after it that
     * could show that it falls. That its thirds follow each other by chance is one case in ninety
     * thousand for 12 rounds, and one in two hundred for 6.
     */
    private boolean thirdsDoNotOverlap() {
      int third = size / 3;
      int twoThirds = 2 * size / 3;
      return max(0, third) <= min(third, twoThirds)
          && max(third, twoThirds) <= min(twoThirds, size);
    }

    private int max(int begin, int end) {
      return Arrays.stream(counts, begin, end).max().orElseThrow();
    }

    private int min(int begin, int end) {
      return Arrays.stream(counts, begin, end).min().orElseThrow();
    }
  }
}
