package dev.leakcheck.capture.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.Planted;
import dev.leakcheck.capture.base.Garbage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The registry over a set like the JDK's, with threads that are easier to hold. */
class VirtualRegistryTest {

  private final Planted planted = new Planted();
  private final Set<Thread> set = ConcurrentHashMap.newKeySet();
  private final VirtualRegistry registry = new VirtualRegistry();

  @AfterEach
  void end() throws InterruptedException {
    planted.close();
  }

  @SuppressWarnings("unchecked")
  private Set<Thread> listed() {
    return (Set<Thread>) registry.apply(set);
  }

  @Test
  void listsAThreadThatItDoesNotHold() {
    Thread thread = planted.thread("reader");
    listed().add(thread);

    registry.withhold(List.of(new Withheld(thread)));

    assertThat(set).isEmpty();
    assertThat(listed()).containsExactly(thread);
    assertThat(listed().size()).isOne();

    registry.putBack();

    assertThat(set).containsExactly(thread);
    assertThat(listed()).containsExactly(thread);
  }

  @Test
  void oneThatEndsMeanwhileIsNotPutBackAndNotTakenForCollected() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Withheld withheld = endWhileWithheld(end);

    Garbage.collect();

    assertThat(withheld.hasEnded()).isTrue();
    assertThat(listed()).isEmpty();

    registry.putBack();

    assertThat(set).isEmpty();
  }

  private Withheld endWhileWithheld(CountDownLatch end) throws InterruptedException {
    Thread thread = new Thread(() -> Planted.await(end));
    thread.start();
    listed().add(thread);
    Withheld withheld = new Withheld(thread);
    registry.withhold(List.of(withheld));
    end.countDown();
    thread.join();
    listed().remove(thread); // as the JDK does then
    return withheld;
  }

  @Test
  void oneThatHasEndedBeforeIsNotTakenForCollected() {
    listed();
    Withheld withheld = new Withheld(new Thread(() -> {}));
    withheld.clear();

    registry.withhold(List.of(withheld));

    assertThat(withheld.hasEnded()).isTrue();
  }

  @Test
  void staysWholeThoughAThreadCannotBePutBackAtOnce() {
    Thread one = planted.thread("one");
    Thread other = planted.thread("other");
    FullSet full = new FullSet();
    Set<?> listed = (Set<?>) registry.apply(full);
    full.delegate.addAll(List.of(one, other));
    registry.withhold(List.of(new Withheld(one), new Withheld(other)));
    full.full = true;

    assertThatThrownBy(registry::putBack).isInstanceOf(OutOfMemoryError.class);

    assertThat(listed).hasSize(2);

    full.full = false;
    registry.withhold(List.of());
    registry.putBack();

    assertThat(full.delegate).containsExactlyInAnyOrder(one, other);
    assertThat(listed).hasSize(2);
  }

  @Test
  void staysWholeThoughAThreadCannotBeTakenOut() {
    Thread thread = planted.thread("reader");
    FullSet full = new FullSet();
    Set<?> listed = (Set<?>) registry.apply(full);
    full.delegate.add(thread);
    full.full = true;

    assertThatThrownBy(() -> registry.withhold(List.of(new Withheld(thread))))
        .isInstanceOf(OutOfMemoryError.class);
    full.full = false;
    registry.putBack();

    assertThat(full.delegate).containsExactly(thread);
    assertThat(listed).hasSize(1);
  }

  /** Throws when it is changed, at times. */
  private static final class FullSet extends java.util.AbstractSet<Thread> {
    private final Set<Thread> delegate = ConcurrentHashMap.newKeySet();
    private boolean full;

    @Override
    public boolean add(Thread thread) {
      throwIfFull();
      return delegate.add(thread);
    }

    @Override
    public boolean remove(Object thread) {
      throwIfFull();
      return delegate.remove(thread);
    }

    private void throwIfFull() {
      if (full) {
        throw new OutOfMemoryError("planted");
      }
    }

    @Override
    public java.util.Iterator<Thread> iterator() {
      return delegate.iterator();
    }

    @Override
    public int size() {
      return delegate.size();
    }
  }
}
