package dev.leakcheck.recorder;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A check in a flight recording. */
@Name("dev.leakcheck.Check")
@Label("Leak Check")
@Description("A scope was checked for what it left behind")
@Category("LeakCheck")
@StackTrace(false)
final class CheckEvent extends Event {

  @Label("Scope")
  @Nullable String scope;

  @Label("Level")
  @Description("method, class, run or code")
  @Nullable String level;

  @Label("Test Class")
  @Nullable String testClass;

  @Label("Test Method")
  @Nullable String testMethod;

  @Label("Scope Open")
  @Description("How long the scope had been open when its check was done")
  @Timespan(Timespan.MILLISECONDS)
  long open;

  @Label("Waited")
  @Description("How long the check waited for threads to end")
  @Timespan(Timespan.NANOSECONDS)
  long waited;

  @Label("Settled Early")
  @Description("Whether it stopped waiting since nothing could change any more")
  boolean settledEarly;

  @Label("Failing Leaks")
  int failing;

  @Label("Accepted Leaks")
  int accepted;
}
