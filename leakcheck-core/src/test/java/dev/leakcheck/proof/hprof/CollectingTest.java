package dev.leakcheck.proof.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a dump does not tell of a class. */
class CollectingTest {

  /** Told by the dump, in static fields as well, or nothing that is proved of. */
  private static final Set<String> NEEDLESS =
      Set.of(
          "name",
          "packageName",
          "componentType",
          "signers",
          "enumConstants",
          "enumConstantDirectory");

  /** A field that a later JDK adds makes this fail: what it leads to has to be held as well. */
  @Test
  void whateverAFieldOfAClassMayLeadToIsHeld() {
    Set<String> types = new TreeSet<>();
    for (Field field : Class.class.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())
          && !field.getType().isPrimitive()
          && !NEEDLESS.contains(field.getName())) {
        types.add(
            field.getName().equals("reflectionData")
                ? "java.lang.Class$ReflectionData"
                : field.getType().getName());
      }
    }
    Set<String> held = new TreeSet<>(Collected.OF_MIRRORS.classes());
    held.add("java.lang.ClassValue$ClassValueMap");

    assertThat(held).isEqualTo(types);
  }
}
