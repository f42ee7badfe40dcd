package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Tells by its fields whether the user's object keeps what it had a library make. */
final class UsersFields {

  private final Stops stops;
  private final Factories factories;

  UsersFields(Stops stops, Factories factories) {
    this.stops = stops;
    this.factories = factories;
  }

  /**
   * Whether objects of a class extend, or have a field for, what a library's method makes, or for
   * another object of that library, which has its parts made when they are needed.
   */
  boolean has(@Nullable Class<?> type, Maker library) {
    Class<?> made = StaticFields.ofApplication(library.type());
    if (type == null || made == null) {
      return false;
    }
    if (made.isAssignableFrom(type)) {
      return true;
    }
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      for (Field field : Fields.ofInstances(each)) {
        if (isFor(field.getType(), made, library) || isOf(field.getType(), library)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isFor(Class<?> field, Class<?> made, Maker library) {
    return field != Object.class
        && (field.isAssignableFrom(made)
            || made.isAssignableFrom(field)
            || stops.declared(made).stream()
                .filter(method -> method.getName().equals(library.frame().getMethodName()))
                .anyMatch(
                    method ->
                        factories.givesAway(method)
                            && field.isAssignableFrom(method.getReturnType())));
  }

  private static boolean isOf(Class<?> field, Maker library) {
    String ofField = Stacks.home(field.getName()) + ".";
    String ofLibrary = Stacks.home(library.type()) + ".";
    return ofField.startsWith(ofLibrary) || ofLibrary.startsWith(ofField);
  }
}
