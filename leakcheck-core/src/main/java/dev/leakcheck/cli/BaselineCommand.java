package dev.leakcheck.cli;

import static dev.leakcheck.cli.GateResult.count;

import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes what is left today into a file, so that only what comes later fails. */
@Command(
    name = "baseline",
    description = {
      "Writes the leaks that reports hold to a file that leakcheck.baseline and the gate accept"
          + " them from, or adds them to it. What is in the file keeps its reason, owner and date;"
          + " what an annotation allows is not added.",
      "The file is meant to be reviewed and versioned."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class BaselineCommand implements Callable<Integer> {

  private static final Pattern DAYS = Pattern.compile("(\\d{1,4})d");
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{16}");

  private final Clock clock;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ReportPlaces places = new ReportPlaces();

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "the baseline")
  private @Nullable Path output;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description =
          "why new ones are accepted (default: \"there when the baseline was written on\" and"
              + " today's date)")
  private @Nullable String reason;

  @Option(names = "--owner", paramLabel = "NAME", description = "who sees to the new ones")
  private @Nullable String owner;

  @Option(
      names = "--expires",
      paramLabel = "DATE",
      description =
          "the last day on which new ones are accepted: 2026-10-31, or 90d for a day so far ahead"
              + " (default: no limit)")
  private @Nullable String expires;

  @Option(
      names = "--prune",
      description = "drop what does not occur any more; refused unless all JVMs ended")
  private boolean prune;

  BaselineCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    Path file = Objects.requireNonNull(output);
    LocalDate today = LocalDate.now(clock);
    LocalDate until = until(today, command);
    rejectBlank("--reason", reason, command);
    rejectBlank("--owner", owner, command);
    Reports reports = places.read();
    KnownLeaks before = Files.exists(file) ? Baselines.read(file) : KnownLeaks.NONE;
    GateResult result = GateResult.of(reports, before, today);
    reject(result);
    Map<KnownLeak, KnownLeak> heirs = new LinkedHashMap<>();
    List<KnownLeak> added = added(reports, before, result.gone(), today, until, heirs);
    List<KnownLeak> pruned = prune ? result.gone() : List.of();
    Set<String> dropped = pruned.stream().map(KnownLeak::fingerprint).collect(Collectors.toSet());
    List<KnownLeak> after = new ArrayList<>(kept(reports, before));
    after.removeIf(leak -> dropped.contains(leak.fingerprint()));
    int kept = after.size();
    after.addAll(added);
    boolean changed = Baselines.write(file, new KnownLeaks(after));
    PrintWriter out = command.commandLine().getOut();
    added.forEach(
        leak ->
            print(
                out,
                heirs.containsKey(leak)
                    ? "added, with the reason of " + heirs.get(leak).fingerprint()
                    : "added",
                leak));
    pruned.forEach(leak -> print(out, "pruned", leak));
    before.list().stream()
        .filter(leak -> leak.isExpired(today.toEpochDay()) && !pruned.contains(leak))
        .forEach(leak -> print(out, "expired on " + leak.expires() + ", and kept", leak));
    if (!prune) {
      result.gone().forEach(leak -> print(out, "not found any more (--prune)", leak));
    }
    result.problems().forEach(problem -> out.println("report: " + Printable.escape(problem)));
    out.println(
        (changed ? "wrote " : "nothing to change in ")
            + Printable.escape(file.toString())
            + ": "
            + count(after.size(), "known leak")
            + " ("
            + added.size()
            + " added, "
            + kept
            + " kept, "
            + pruned.size()
            + " pruned)");
    return ExitCode.CLEAN;
  }

  private void reject(GateResult result) {
    if (result.checks() == 0) {
      throw new BadInput("the reports hold no check: nothing was checked, so nothing is known");
    }
    if (prune && !result.incomplete().isEmpty()) {
      throw new BadInput(
          "--prune: what was not found may be in what was not checked: "
              + result.incomplete().get(0));
    }
  }

  /**
   * What is new. A leak that had another fingerprint before, as a later version tells it from more
   * of its kind, is accepted for the same reason, by the same owner and as long as it was.
   *
   * @param heirs receives those, and the entry that each of them had
   */
  private List<KnownLeak> added(
      Reports reports,
      KnownLeaks before,
      List<KnownLeak> gone,
      LocalDate today,
      @Nullable LocalDate until,
      Map<KnownLeak, KnownLeak> heirs) {
    List<KnownLeak> added = new ArrayList<>();
    String why =
        reason == null ? "there when the baseline was written on " + today : reason.strip();
    for (Group group : reports.groups()) {
      List<Leak> unknown =
          group.occurrences().stream()
              .map(Occurrence::leak)
              .filter(leak -> leak.verdict() != Verdict.ALLOWED && find(before, leak).isEmpty())
              .toList();
      if (!unknown.isEmpty()) {
        Leak leak = unknown.get(0);
        KnownLeak old = entryBefore(unknown, gone);
        KnownLeak known =
            new KnownLeak(
                leak.kind(),
                Place.of(leak),
                checked(leak.fingerprint()),
                unknown.stream().map(one -> checked(GateResult.plain(one))).toList(),
                old == null ? why : old.reason(),
                old == null ? (owner == null ? null : owner.strip()) : old.owner(),
                old == null ? until : old.expires());
        added.add(known);
        if (old != null) {
          heirs.put(known, old);
        }
      }
    }
    return added;
  }

  /** The entry, not found any more, that had been written for a leak that looks the same. */
  private static @Nullable KnownLeak entryBefore(List<Leak> leaks, List<KnownLeak> gone) {
    return gone.stream()
        .filter(KnownLeak::isExact)
        .filter(
            old ->
                leaks.stream()
                    .anyMatch(
                        leak ->
                            leak.kind().equals(old.kind())
                                && old.plainFingerprints().contains(GateResult.plain(leak))))
        .findFirst()
        .orElse(null);
  }

  /** Of what was known already, what it is called in test classes that it was not met in before. */
  private static List<KnownLeak> kept(Reports reports, KnownLeaks before) {
    Map<KnownLeak, List<String>> plain = new LinkedHashMap<>();
    before.list().forEach(known -> plain.put(known, new ArrayList<>()));
    for (Group group : reports.groups()) {
      for (Occurrence occurrence : group.occurrences()) {
        Leak leak = occurrence.leak();
        find(before, leak)
            .filter(known -> known.isExact() && known.fingerprint().equals(leak.fingerprint()))
            .ifPresent(
                known ->
                    plain
                        .getOrDefault(known, new ArrayList<>())
                        .add(checked(GateResult.plain(leak))));
      }
    }
    return plain.entrySet().stream().map(known -> known.getKey().with(known.getValue())).toList();
  }

  private static Optional<KnownLeak> find(KnownLeaks known, Leak leak) {
    return known.find(leak.kind(), leak.fingerprint(), GateResult.plain(leak));
  }

  private static String checked(String fingerprint) {
    if (!FINGERPRINT.matcher(fingerprint).matches()) {
      throw new BadInput(
          "a report holds a leak whose fingerprint is '"
              + Printable.escape(fingerprint)
              + "': LeakCheck writes 16 hex digits");
    }
    return fingerprint;
  }

  private @Nullable LocalDate until(LocalDate today, CommandSpec command) {
    if (expires == null) {
      return null;
    }
    Matcher days = DAYS.matcher(expires.strip());
    LocalDate until;
    try {
      until =
          days.matches()
              ? today.plusDays(Long.parseLong(days.group(1)))
              : LocalDate.parse(expires.strip());
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          command.commandLine(),
          "--expires is '" + expires + "', but takes a date such as 2026-10-31, or 90d",
          e);
    }
    if (until.isBefore(today)) {
      throw new ParameterException(
          command.commandLine(), "--expires is " + until + ", which is past");
    }
    return until;
  }

  private static void rejectBlank(String option, @Nullable String value, CommandSpec command) {
    if (value != null && value.isBlank()) {
      throw new ParameterException(command.commandLine(), option + " is blank");
    }
  }

  private static void print(PrintWriter out, String what, KnownLeak leak) {
    out.println(
        what
            + ": "
            + leak.kind().id()
            + ", "
            + Printable.escape(leak.place())
            + " ("
            + Printable.escape(leak.reason())
            + ")");
  }
}
