package dev.leakcheck.proof.hprof;

import java.util.List;

/** Objects of which it counts that they are there, whatever leads to them. */
public enum Collected {
  /**
   * What else the JVM's fields of a class lead to, as of Java 17 to 25, and as reflection does:
   * annotations and generic types are asked for by anybody, and everybody is given the same.
   */
  OF_MIRRORS(
      "java.lang.Class$AnnotationData",
      "java.lang.Class$ReflectionData",
      "java.lang.Module",
      "java.lang.reflect.Constructor",
      "sun.reflect.annotation.AnnotationType",
      "sun.reflect.generics.repository.ClassRepository"),
  /** LeakCheck's own objects that ask the user's probes; whoever holds these is not followed. */
  ASKING("dev.leakcheck.engine.scope.Probe", "dev.leakcheck.junit5.LeakCheckExtension"),
  /** The stacks of continuations, those of virtual threads among them. */
  STACK_CHUNKS("jdk.internal.vm.StackChunk");

  @SuppressWarnings("ImmutableEnumChecker") // it is: List.of makes it
  private final List<String> classes;

  Collected(String... classes) {
    this.classes = List.of(classes);
  }

  /** The names of their classes. */
  public List<String> classes() {
    return classes;
  }
}
