package dev.leakcheck.proof.heap;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.model.Hold;
import dev.leakcheck.proof.heap.HeapProof.Asked;
import dev.leakcheck.proof.heap.HeapProof.Subject;
import dev.leakcheck.proof.walk.HoldQuestion;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vendor.stuck.HeldThings;

/** A JVM of its own in which things are held: prints of each who holds it. */
public final class HoldersChild {

  private HoldersChild() {}

  public static void main(String[] args) throws Exception {
    Map<String, Object> things = HeldThings.plant();
    HeldThings.OwnTest test = new HeldThings.OwnTest();
    List<String> names = new ArrayList<>(things.keySet());
    List<Subject> subjects = new ArrayList<>();
    things.forEach((name, thing) -> subjects.add(subject(List.of(thing), ids(name))));
    names.add("loader");
    subjects.add(subject(List.of(), ids("by a loader")));
    names.add("test's");
    subjects.add(subject(List.of(field(test)), Set.of()));
    HeapProof.Answers answers =
        new HeapProof(new HeapDumper())
            .of(new Asked(Set.of(), List.of(), List.of(test), subjects), Garbage.liveBytes());
    for (int i = 0; i < names.size(); i++) {
      Hold hold = answers.holds().get(i);
      System.out.println(
          names.get(i)
              + " = "
              + (hold == null
                  ? null
                  : hold.keptBy() + ", " + (hold.bytes() >> 20) + " MB, " + hold.loaders()));
    }
    Runtime.getRuntime().halt(0);
  }

  private static Object field(HeldThings.OwnTest test) throws ReflectiveOperationException {
    Field field = HeldThings.OwnTest.class.getDeclaredField("own");
    field.setAccessible(true);
    return field.get(test);
  }

  private static Subject subject(List<Object> objects, Set<Long> threads) {
    return new Subject(objects, new HoldQuestion.Subject(threads, Set.of()));
  }

  private static Set<Long> ids(String name) {
    Set<Long> ids = new HashSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(name)) {
        ids.add(thread.getId());
      }
    }
    return ids;
  }
}
