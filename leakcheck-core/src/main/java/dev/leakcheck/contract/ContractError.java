package dev.leakcheck.contract;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.TextReport;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Code did not stop as it should have, or it could not be shown that it does. The message says
 * which, where the code is and how to mend it; the stack trace begins at the line that asked.
 */
public final class ContractError extends AssertionError {

  @Serial private static final long serialVersionUID = 1;

  private static final int FRAMES_SHOWN = 4;

  private final transient List<Fact> facts;
  private final transient @Nullable Findings leaks;

  ContractError(String headline, List<Fact> facts) {
    this(headline, facts, (Throwable) null);
  }

  ContractError(String headline, List<Fact> facts, @Nullable Throwable cause) {
    super(TextReport.render(headline, facts), cause);
    this.facts = List.copyOf(facts);
    this.leaks = null;
    setStackTrace(withoutOwnFrames(getStackTrace()));
  }

  ContractError(String headline, List<Fact> facts, Findings leaks) {
    super(TextReport.render(headline, facts) + "\n\n" + TextReport.tell(leaks));
    this.facts = List.copyOf(facts);
    this.leaks = leaks;
    setStackTrace(withoutOwnFrames(getStackTrace()));
  }

  /**
   * What the message states, in its order.
   *
   * @return the facts; null only after the error was serialised and read back
   */
  public List<Fact> facts() {
    return facts;
  }

  /**
   * The fact with a key.
   *
   * @param key such as {@code why}
   * @return its lines joined by line breaks, or empty if there is no such fact
   */
  public Optional<String> fact(String key) {
    return facts.stream()
        .filter(fact -> fact.key().equals(key))
        .findFirst()
        .map(fact -> String.join("\n", fact.lines()));
  }

  /**
   * What the code left behind, where it stopped but left something.
   *
   * @return the findings, or empty if it was something else that went wrong
   */
  public Optional<Findings> leaks() {
    return Optional.ofNullable(leaks);
  }

  /** What code threw, and where. */
  static List<Fact> thrown(Throwable thrown) {
    List<Fact> facts = new ArrayList<>();
    String message = thrown.getMessage();
    facts.add(
        Fact.of("threw", thrown.getClass().getName() + (message == null ? "" : ": " + message)));
    List<String> at = Stacks.shown(List.of(thrown.getStackTrace()), FRAMES_SHOWN);
    if (!at.isEmpty()) {
      facts.add(new Fact("at", at));
    }
    return facts;
  }

  private static StackTraceElement[] withoutOwnFrames(StackTraceElement[] stack) {
    int first = 0;
    while (first < stack.length && !Stacks.isOwn(stack[first])) {
      first++;
    }
    return first == stack.length ? stack : Arrays.copyOfRange(stack, first, stack.length);
  }
}
