package dev.leakcheck.inspect;

import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.record.AnyTaskBirth;
import dev.leakcheck.model.Origin;
import org.jspecify.annotations.Nullable;

/**
 * A task that is left in an executor or a timer of somebody else's.
 *
 * @param task the task
 * @param code class name of the user's code in it
 * @param given class name of what the executor was given, which may be a library's that runs it
 * @param executor the executor, or the thread of the timer
 * @param heldBy the field that holds it, or null if that is not known
 * @param standing what that is to the test, as a text goes on
 * @param schedule when it runs; null if it was not scheduled
 * @param runner the thread that runs it now, or null if none does
 * @param cancelled whether it was cancelled, and the thread that runs it does not listen
 * @param birth its birth, or null if that was not recorded
 * @param origin where it was made, or the first of its chain
 */
record LeftTask(
    Object task,
    String code,
    String given,
    Object executor,
    @Nullable String heldBy,
    String standing,
    @Nullable Schedule schedule,
    @Nullable Thread runner,
    boolean cancelled,
    @Nullable AnyTaskBirth birth,
    Origin origin) {

  /** The same with its birth. */
  LeftTask as(AnyTaskBirth known) {
    return new LeftTask(
        task, code, given, executor, heldBy, standing, schedule, runner, cancelled, known, origin);
  }

  /** Its birth if it is a link of a chain of tasks, or null. */
  @Nullable AnyTaskBirth link() {
    return birth != null && birth.isLink() ? birth : null;
  }
}
