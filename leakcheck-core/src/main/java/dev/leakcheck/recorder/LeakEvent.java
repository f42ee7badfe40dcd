package dev.leakcheck.recorder;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A leak in a flight recording. */
@Name("dev.leakcheck.Leak")
@Label("Leak")
@Description("Something was left behind by the scope that was checked")
@Category("LeakCheck")
@StackTrace(false)
final class LeakEvent extends Event {

  @Label("Kind")
  @Nullable String kind;

  @Label("Title")
  @Description("What was left, in one line")
  @Nullable String title;

  @Label("Fingerprint")
  @Description("Stable id of the cause, the same in every run")
  @Nullable String fingerprint;

  @Label("Verdict")
  @Description("new, allowed, known or expired")
  @Nullable String verdict;

  @Label("Reason")
  @Description("Why it is accepted, or was")
  @Nullable String reason;

  @Label("Created At")
  @Description("The method that created it, if that was recorded")
  @Nullable String createdAt;

  @Label("Threads")
  @Description("How many threads it explains")
  int threads;

  @Label("Scope")
  @Nullable String scope;

  @Label("Level")
  @Description("method, class, run or code")
  @Nullable String level;

  @Label("Test Class")
  @Nullable String testClass;

  @Label("Test Method")
  @Nullable String testMethod;
}
