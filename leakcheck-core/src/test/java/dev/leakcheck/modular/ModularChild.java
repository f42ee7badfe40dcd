package dev.leakcheck.modular;

import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;

/** In a package that LeakCheck's own module does not have. */
public final class ModularChild {

  private ModularChild() {}

  public static void main(String[] none) {
    System.out.println(Births.class.getModule());
    for (Part part : Part.values()) {
      if (Births.jvm().records(part)) {
        System.out.println("records " + part);
      }
    }
    Births.jvm().refusals().forEach(System.out::println);
  }
}
