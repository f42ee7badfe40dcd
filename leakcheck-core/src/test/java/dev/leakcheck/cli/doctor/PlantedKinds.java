package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.LeakKind;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds that {@code doctor} plants, with the clean program that comes close to each. */
public final class PlantedKinds {

  private PlantedKinds() {}

  public static Set<LeakKind> all() {
    return Plants.all().stream().map(Plant::kind).collect(Collectors.toSet());
  }
}
