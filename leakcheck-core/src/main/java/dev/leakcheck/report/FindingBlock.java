package dev.leakcheck.report;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Proof;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a report says of one finding: its title, where it comes from, its facts and what to do. */
final class FindingBlock {

  private static final int FRAMES_SHOWN = 6;
  private static final int OTHERS_SHOWN = 5;

  /** Whose {@code run()} is the outermost frame of a thread, platform and virtual. */
  private static final Set<String> STARTS = Set.of("java.lang.Thread", "java.lang.VirtualThread");

  private FindingBlock() {}

  /** The first of findings that have one id, and what the others are. */
  static void write(int number, List<Finding> same, Findings all, FactText out) {
    Finding finding = same.get(0);
    out.line(number + ") " + finding.kind().id() + "   " + Printable.escape(finding.title()));
    if (same.size() > 1) {
      out.fact("and", others(same.subList(1, same.size())));
    }
    all.expiry(finding).ifPresent(known -> out.fact("accepted", expired(known)));
    origin(finding, all, out);
    finding.facts().forEach(out::fact);
    OtherProofs.of(finding, same, Finding::title, FindingBlock::proof)
        .forEach(lines -> out.fact(Proof.FACT, lines));
    out.fact("fix", finding.fix());
    out.fact("allow", AllowHint.of(same));
    out.fact("id", finding.fingerprint());
  }

  private static List<String> others(List<Finding> others) {
    List<String> lines = new ArrayList<>();
    lines.add(others.size() + " more with the same id:");
    others.stream().limit(OTHERS_SHOWN).map(FindingBlock::brief).forEach(lines::add);
    if (others.size() > OTHERS_SHOWN) {
      lines.add("and " + (others.size() - OTHERS_SHOWN) + " others");
    }
    return lines;
  }

  private static List<String> proof(Finding finding) {
    Proof proof = finding.proof();
    return proof == null ? List.of() : proof.lines();
  }

  private static String brief(Finding finding) {
    StackTraceElement where =
        finding.origin() instanceof Origin.Known known ? usersLine(known) : null;
    return finding.title() + (where == null ? "" : " (" + Stacks.place(where) + ")");
  }

  private static @Nullable StackTraceElement usersLine(Origin.Known origin) {
    Maker maker = origin.maker();
    return maker != null && maker.together() != null ? maker.caller() : origin.users().orElse(null);
  }

  private static String expired(Findings.Expired known) {
    return "until "
        + known.until()
        + (known.owner() == null ? "" : " by " + known.owner())
        + ": expired ("
        + known.reason()
        + ")";
  }

  private static String deed(Finding finding) {
    if (!(finding.kind() instanceof LeakKind kind)) {
      return "opened";
    }
    return switch (kind) {
      case CHILD_PROCESS -> "started";
      case SHUTDOWN_HOOK -> "added";
      // A finding of this kind has its threads, unless it is about tasks.
      case UNCAUGHT_EXCEPTION -> finding.threads().isEmpty() ? "given" : "started";
      default ->
          finding.executors().isEmpty() && !finding.threads().isEmpty() ? "started" : "created";
    };
  }

  private static void origin(Finding finding, Findings all, FactText out) {
    String deed = deed(finding);
    if (finding.origin() instanceof Origin.Known known) {
      out.fact(deed + " at", Stacks.shown(known, FRAMES_SHOWN));
      if (known.shared()) {
        out.fact(
            deed + " by",
            thread(known)
                + ", which works for several tests at once: which of them asked for it cannot"
                + " be told");
        return;
      }
      if (!known.isByTestsThread()) { // that goes without saying
        out.fact(
            deed + " by",
            thread(known)
                + (isOfTwoThreads(known.stack())
                    ? ": its own frames come first, then those that led to it"
                    : ""));
      }
      if (!known.scope().isEmpty() && !known.scope().equals(all.scope())) {
        out.fact(deed + " in", known.scope() + firstToUse(known.stack()));
      }
    } else if (all.recorded()
        && finding.origin() instanceof Origin.Unknown unknown
        && !unknown.equals(Origin.Unknown.NOT_RECORDED)) {
      out.fact(deed + " at", "not known: " + unknown.reason());
    }
  }

  /** What a static initializer makes is made by whoever happens to be there first. */
  private static String firstToUse(List<StackTraceElement> stack) {
    return stack.stream()
        .takeWhile(frame -> !Stacks.isTestRunner(frame))
        .filter(frame -> frame.getMethodName().equals("<clinit>") && !Stacks.isJdk(frame))
        .findFirst()
        .map(frame -> frame.getClassName())
        .map(type -> type.substring(type.lastIndexOf('.') + 1))
        .map(
            type ->
                ", the first to use "
                    + Printable.escape(type)
                    + ", whose static initializer made it")
        .orElse("");
  }

  /** Whether the frames of a thread are followed by those of another. */
  private static boolean isOfTwoThreads(List<StackTraceElement> stack) {
    return stack.stream()
        .limit(Math.max(0, stack.size() - 1))
        .anyMatch(
            frame -> frame.getMethodName().equals("run") && STARTS.contains(frame.getClassName()));
  }

  private static String thread(Origin.Known origin) {
    return "thread \"" + Printable.name(origin.thread()) + "\"";
  }
}
