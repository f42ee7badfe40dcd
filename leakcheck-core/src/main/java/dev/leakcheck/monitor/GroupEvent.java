package dev.leakcheck.monitor;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import java.util.List;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Flight recorder event: a group of threads that grows or sits unchanged. */
@Name(GroupEvent.NAME)
@Label("Group of threads that grows or sits unchanged")
@Description("Written with each sample of LeakCheck's monitor, for each such group")
@Category("LeakCheck")
@StackTrace(false)
final class GroupEvent extends Event {

  static final String NAME = "dev.leakcheck.Group";

  /** With each sample. */
  private static final int MOST = 100;

  private static final int FRAMES = 8;

  @Label("Verdict")
  @Description("growing or unchanged")
  String verdict = "";

  @Label("Threads")
  int threads;

  @Label("Growth")
  @Description("How many more than when it began to grow")
  int growth;

  @Label("Samples")
  @Description("For how many samples that has been so")
  int samples;

  @Label("Virtual")
  boolean virtual;

  @Label("Names")
  @Description("What the threads' names have in common")
  String names = "";

  @Label("Activity")
  String activity = "";

  @Label("Frames")
  @Description("The user's and libraries' frames, innermost first, one a line")
  String frames = "";

  @Label("Fingerprint")
  @Description("Identifies the group in every sample and every run")
  String fingerprint = "";

  /** Records groups, if somebody wants them. */
  static void write(List<CohortTrend> groups) {
    if (!new GroupEvent().isEnabled()) {
      return;
    }
    groups.stream().limit(MOST).forEach(GroupEvent::write);
  }

  private static void write(CohortTrend trend) {
    Cohort cohort = trend.cohort();
    GroupEvent event = new GroupEvent();
    event.verdict = trend.verdict().name().toLowerCase(Locale.ROOT);
    event.threads = cohort.count();
    event.growth = trend.growth();
    event.samples = trend.rounds();
    event.virtual = cohort.virtual();
    event.names = cohort.label();
    event.activity = Printable.escape(cohort.activity());
    event.frames = String.join("\n", Stacks.shown(cohort.stack(), FRAMES));
    event.fingerprint = cohort.fingerprint();
    event.commit();
  }
}
