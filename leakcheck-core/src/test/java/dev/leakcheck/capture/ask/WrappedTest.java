package dev.leakcheck.capture.ask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WrappedTest {

  /** Whatever is asked of it fails. */
  private static final class Untouchable extends AbstractList<String> {
    @Override
    public String get(int index) {
      throw new AssertionError("asked");
    }

    @Override
    public int size() {
      throw new AssertionError("asked");
    }
  }

  private static final class UntouchableMap extends AbstractMap<String, String> {
    @Override
    public Set<Entry<String, String>> entrySet() {
      throw new AssertionError("asked");
    }
  }

  static Stream<Function<Collection<String>, Object>> wrappersOfCollections() {
    return Stream.of(
        Collections::unmodifiableCollection,
        Collections::synchronizedCollection,
        each -> Collections.unmodifiableList((List<String>) each),
        each -> Collections.synchronizedList((List<String>) each),
        each -> Collections.unmodifiableList(Collections.synchronizedList((List<String>) each)));
  }

  @ParameterizedTest
  @MethodSource("wrappersOfCollections")
  void whatIsWrappedIsToldAndNotAsked(Function<Collection<String>, Object> wrapper) {
    Untouchable wrapped = new Untouchable();

    assertThat(Wrapped.of(wrapper.apply(wrapped)) == wrapped).isTrue();
  }

  @Test
  void soIsAMap() {
    Map<String, String> wrapped = new UntouchableMap();

    assertThat(Wrapped.of(Collections.unmodifiableMap(wrapped)) == wrapped).isTrue();
    assertThat(Wrapped.of(Collections.synchronizedMap(wrapped)) == wrapped).isTrue();
  }

  @Test
  void soIsASetOfEachSort() {
    TreeSet<String> sorted = new TreeSet<>();
    TreeMap<String, String> map = new TreeMap<>();
    Map<String, Boolean> keys = new WeakHashMap<>();

    assertThat(Wrapped.of(Collections.unmodifiableSet(sorted))).isSameAs(sorted);
    assertThat(Wrapped.of(Collections.synchronizedSortedSet(sorted))).isSameAs(sorted);
    assertThat(Wrapped.of(Collections.unmodifiableNavigableMap(map))).isSameAs(map);
    assertThat(Wrapped.of(Collections.newSetFromMap(keys))).isSameAs(keys);
  }

  @Test
  void elementsAreToldOfWhatIsWrittenInAnotherForm() {
    Object element = new Object();

    assertThat((Object[]) Wrapped.of(Collections.unmodifiableSet(Set.of(element))))
        .containsExactly(element);
    assertThat((Object[]) Wrapped.of(Collections.unmodifiableMap(Map.of("key", element))))
        .containsExactly("key", element);
  }

  @Test
  void whatIsNoWrapperTellsItself() {
    List<String> list = new ArrayList<>();

    assertThat(Wrapped.of(list)).isSameAs(list);
  }

  @Test
  void nothingIsToldOfWhatCannotBeWritten() {
    assertThat(Wrapped.of(Collections.emptyIterator())).isNull();
  }
}
