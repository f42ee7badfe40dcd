package dev.leakcheck.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What was proved of others than the one that is shown of several with one id. */
public final class OtherProofs {

  /** Of more proofs, and of more of which one was proved, it is not told. */
  private static final int SHOWN = 4;

  private static final int TITLES_SHOWN = 5;

  private OtherProofs() {}

  /**
   * Each proof that is not that of the one that is shown.
   *
   * @param <T> what stands for a finding: the finding itself, or what was read of a report
   * @param shown the one whose proof is shown elsewhere
   * @param all all of them
   * @param title what one is called
   * @param proof the lines of its proof; empty if it was not asked for
   * @return for each proof its lines, below one that says of which it is; none if there is no other
   */
  public static <T> List<List<String>> of(
      T shown, List<T> all, Function<T, String> title, Function<T, List<String>> proof) {
    Map<List<String>, List<String>> titles = new LinkedHashMap<>();
    for (T each : all) {
      titles.computeIfAbsent(proof.apply(each), lines -> new ArrayList<>()).add(title.apply(each));
    }
    titles.remove(proof.apply(shown));
    titles.remove(List.<String>of());
    List<List<String>> blocks = new ArrayList<>();
    titles.forEach(
        (lines, of) -> {
          if (blocks.size() < SHOWN) {
            List<String> block = new ArrayList<>(List.of("of " + titles(of) + ":"));
            block.addAll(lines);
            blocks.add(block);
          }
        });
    return blocks;
  }

  private static String titles(List<String> titles) {
    List<String> different = titles.stream().distinct().toList();
    return String.join("; ", different.stream().limit(TITLES_SHOWN).toList())
        + (different.size() > TITLES_SHOWN ? "; …" : "");
  }
}
