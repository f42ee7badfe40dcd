package dev.leakcheck.cli.formats;

import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import java.util.List;

/**
 * How much there is of everything.
 *
 * @param jvms JVMs that reported
 * @param checks checks that they did
 * @param failing causes that fail somewhere
 * @param accepted causes that are accepted wherever they were found
 */
public record Totals(int jvms, int checks, int failing, int accepted) {

  /**
   * Counts.
   *
   * @param reports what was reported
   * @return the numbers
   */
  public static Totals of(Reports reports) {
    List<JvmReport> jvms = reports.jvms();
    int failing = (int) reports.groups().stream().filter(Group::isFailing).count();
    return new Totals(
        jvms.size(),
        jvms.stream().mapToInt(jvm -> jvm.checks().size()).sum(),
        failing,
        reports.groups().size() - failing);
  }

  /**
   * What was found, as a headline says it.
   *
   * @return such as {@code 2 leaks, 1 accepted}
   */
  public String found() {
    return (failing == 0 ? "no leaks" : count(failing, "leak"))
        + (accepted == 0 ? "" : ", " + accepted + " accepted");
  }

  /**
   * All of it in one line.
   *
   * @return such as {@code 2 leaks, 1 accepted (40 checks in 2 JVMs)}
   */
  public String sentence() {
    return found() + " (" + count(checks, "check") + " in " + count(jvms, "JVM") + ")";
  }

  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
