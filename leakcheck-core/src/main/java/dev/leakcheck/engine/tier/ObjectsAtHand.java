package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.CallSites;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.model.Stacks;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The object of a library's that a user had at hand and could stop, where what the user called of
 * the library cannot be: it is a part of that object, which makes its threads when a part is first
 * used. Used by one thread.
 */
final class ObjectsAtHand {

  private final Stops stops;

  ObjectsAtHand(Stops stops) {
    this.stops = stops;
  }

  /**
   * The class of that object.
   *
   * @param caller the user's line that called the library
   * @param library classes of the library
   * @return null if there is none, or there are several and it is not known which it is
   */
  @Nullable Class<?> of(StackTraceElement caller, Collection<String> library) {
    Class<?> type = StaticFields.classOf(caller);
    if (type == null) {
      return null;
    }
    CallSites.AtHand atHand = CallSites.atHand(type, caller);
    Set<String> homes = library.stream().map(Stacks::home).collect(Collectors.toSet());
    List<Class<?>> called = stoppable(atHand.receivers(), homes);
    if (!called.isEmpty()) {
      return called.get(0); // what the rest of the line is a part of
    }
    List<Class<?>> earlier = stoppable(atHand.earlier(), homes);
    List<Class<?>> made = earlier.isEmpty() ? stoppable(atHand.made(), homes) : earlier;
    return made.size() == 1 ? made.get(0) : null;
  }

  private List<Class<?>> stoppable(Set<String> types, Set<String> homes) {
    return types.stream()
        .filter(name -> homes.contains(Stacks.home(name)))
        .<Class<?>>mapMulti(
            (name, next) -> {
              Class<?> type = StaticFields.ofApplication(name);
              if (type != null && !Fields.isJdk(type) && stops.ofObject(type) != null) {
                next.accept(type);
              }
            })
        .toList();
  }
}
