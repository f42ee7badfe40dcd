package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.ThreadField;
import java.util.ArrayList;
import java.util.List;

/**
 * What a thread works with, as far as fields tell: itself, if its class is not the JDK's, and what
 * it was made to run, where the JDK lets that be read. Thread-safe.
 */
public final class ThreadObjects {

  private ThreadObjects() {}

  /**
   * The objects of a thread.
   *
   * @param thread a platform thread
   * @return none of the JDK's classes
   */
  public static List<Object> of(Thread thread) {
    List<Object> objects = new ArrayList<>();
    if (!Fields.isJdk(thread.getClass())) {
      objects.add(thread);
    }
    Object task = ThreadField.TASK.read(thread);
    if (task != null && !Fields.isJdk(task.getClass()) && !Passage.isOpaque(task)) {
      objects.add(task);
    }
    return objects;
  }
}
