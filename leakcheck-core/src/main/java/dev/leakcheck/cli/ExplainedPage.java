package dev.leakcheck.cli;

import dev.leakcheck.model.LeakKind;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A page that {@code explain} prints.
 *
 * @param id what to ask for it by
 * @param summary what it is about, in some words
 * @param markdown its text
 */
record ExplainedPage(String id, String summary, Supplier<String> markdown) {

  static List<ExplainedPage> ofKinds() {
    return Arrays.stream(LeakKind.values())
        .map(kind -> new ExplainedPage(kind.id(), kind.summary(), kind::page))
        .toList();
  }

  static List<ExplainedPage> ofGuide() {
    return Arrays.stream(GuidePage.values())
        .map(page -> new ExplainedPage(page.id(), page.summary(), page::text))
        .toList();
  }
}
