package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.base.Fields;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a wrapper of the JDK's holds, where its field cannot be read. To write such a wrapper,
 * {@link ObjectOutputStream} reads the field, and gives what is in it to whoever may replace that,
 * before it looks at it any further. There it is taken, and nothing is written. Of the code of what
 * is wrapped only a {@code writeReplace()} would run, if its class can be serialized and has one.
 *
 * <p>Some collections of the JDK's write an object in their place: then what that holds is taken.
 *
 * <p>What {@code Collections.synchronized…()} made takes its lock. Thread-safe.
 */
public final class Wrapped {

  private static final String WRAPPERS = "java.util.Collections$";

  private Wrapped() {}

  /**
   * What is in a wrapper.
   *
   * @param wrapper what a method of {@code Collections} gave that wraps a collection or a map
   * @return what the innermost wrapper holds, or an array of the elements of that; null if it could
   *     not be had
   */
  public static @Nullable Object of(Object wrapper) {
    return Ask.quietly(
        () -> {
          try (Taker taker = new Taker()) {
            try {
              taker.writeObject(wrapper);
            } catch (Taken taken) {
              return taken.object;
            }
            return taker.elements.toArray();
          } catch (IOException cannotBeWritten) {
            return null;
          }
        });
  }

  /** Not an exception, which the stream would write. */
  private static final class Taken extends Error {
    private static final long serialVersionUID = 1;
    private final transient @Nullable Object object;

    Taken(@Nullable Object object) {
      super(null, null, false, false);
      this.object = object;
    }
  }

  private static final class Taker extends ObjectOutputStream {
    private final List<Object> elements = new ArrayList<>();
    private boolean standsIn;

    Taker() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (object instanceof ObjectStreamException) { // it would write why it cannot go on
        throw new Taken(null);
      }
      if (standsIn) {
        elements.add(object);
        return null;
      }
      if (object.getClass().getName().startsWith(WRAPPERS)) {
        return object;
      }
      standsIn =
          Fields.isJdk(object.getClass())
              && !(object instanceof Collection || object instanceof Map);
      if (standsIn) {
        return object;
      }
      throw new Taken(object);
    }
  }
}
