package dev.leakcheck.capture.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodReference;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.ref.SoftReference;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the class files: nobody but this package calls a method of an object that was found. */
class OnlyAskAsksTest {

  private static final List<Class<?>> FOUND =
      List.of(
          ExecutorService.class,
          BlockingQueue.class,
          Future.class,
          CyclicBarrier.class,
          ReentrantLock.class,
          ReentrantReadWriteLock.class,
          StampedLock.class,
          Thread.class);

  /** Of these LeakCheck has its own as well. */
  private static final List<Class<?>> ALSO_ITS_OWN =
      List.of(
          Collection.class,
          Map.class,
          Optional.class,
          AtomicReference.class,
          AtomicReferenceArray.class,
          SoftReference.class,
          Throwable.class);

  /** What a class of threads can override, besides what is asked. */
  private static final Set<String> OVERRIDABLE =
      Set.of("getId", "getStackTrace", "hashCode", "equals", "toString");

  /**
   * Whoever asserts that a task is cancelled or an executor shuts down has these called: what the
   * contracts are about is the user's own call. What is planted on purpose is nobody's find, nor is
   * a command's own pool.
   */
  private static final Set<String> ITS_OWN =
      Set.of("dev.leakcheck.contract", "dev.leakcheck.cli.doctor", "dev.leakcheck.cli.fleet");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_ARCHIVES)
          .importPackages("dev.leakcheck");

  @Test
  void nobodyElseCallsWhatWasFound() {
    assertThat(calls()).as("calls of found objects' methods").isEmpty();
  }

  @Test
  void thisPackageDoes() {
    Set<String> names =
        Answers.all().stream()
            .map(Answers.Row::method)
            .collect(Collectors.toCollection(TreeSet::new));
    names.remove("getMessage"); // asked by the JDK's own getLocalizedMessage()
    names.removeAll(Set.of("resultNow", "state")); // not there before Java 19: by reflection

    assertThat(
            MAIN.stream()
                .filter(type -> type.getPackageName().equals(Ask.class.getPackageName()))
                .flatMap(OnlyAskAsksTest::accesses)
                .filter(access -> isOfAFoundObject(access) || isOf(ALSO_ITS_OWN, access))
                .map(JavaAccess::getName)
                .collect(Collectors.toSet()))
        .containsAll(names);
  }

  private static Set<String> calls() {
    Set<String> calls = new TreeSet<>();
    for (JavaClass type : MAIN) {
      if (!type.getPackageName().equals(Ask.class.getPackageName())
          && !ITS_OWN.contains(type.getPackageName())) {
        accesses(type)
            .filter(OnlyAskAsksTest::isAsking)
            .forEach(access -> calls.add(access.getDescription()));
      }
    }
    return calls;
  }

  /** Calls, and references such as {@code queue::size}. */
  private static Stream<JavaAccess<?>> accesses(JavaClass type) {
    return Stream.concat(
        type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream());
  }

  /** Everybody may interrupt a thread of its own, and gives back an interrupt that was its own. */
  private static boolean isAsking(JavaAccess<?> access) {
    return isOfAFoundObject(access)
        && !access.getName().equals("interrupt")
        && (Answers.all().stream().anyMatch(row -> isFor(row, access))
            || (access.getTargetOwner().isAssignableTo(Thread.class)
                && OVERRIDABLE.contains(access.getName())));
  }

  /** Whether a row is about the called method of such a class, or of what that is one of. */
  private static boolean isFor(Answers.Row row, JavaAccess<?> access) {
    if (!row.method().equals(access.getName())) {
      return false;
    }
    try {
      Class<?> type = Class.forName(row.type(), false, null);
      JavaClass owner = access.getTargetOwner();
      return owner.isAssignableTo(type)
          || Stream.concat(Stream.of(type), supertypes(type)).anyMatch(owner::isEquivalentTo);
    } catch (ClassNotFoundException ofAnotherJdk) {
      return true;
    }
  }

  private static Stream<Class<?>> supertypes(Class<?> type) {
    Stream<Class<?>> direct = Stream.of(type.getInterfaces());
    if (type.getSuperclass() != null) {
      direct = Stream.concat(direct, Stream.of(type.getSuperclass()));
    }
    return direct.flatMap(each -> Stream.concat(Stream.of(each), supertypes(each)));
  }

  /** In a reference such as {@code queue::size} the owner is where the method is declared. */
  private static boolean isOfAFoundObject(JavaAccess<?> access) {
    if (access instanceof JavaMethodReference
        && access.getTargetOwner().isEquivalentTo(Collection.class)) {
      return true;
    }
    return isOf(FOUND, access);
  }

  private static boolean isOf(List<Class<?>> types, JavaAccess<?> access) {
    return types.stream().anyMatch(type -> access.getTargetOwner().isAssignableTo(type));
  }
}
