package dev.leakcheck.capture.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionTest {

  private final Births births = new Births();
  private final List<Boolean> switched = new ArrayList<>();

  @Test
  void hooksAreOnWhileAnyScopeIsOpen() {
    births.connect(Set.of(Part.THREADS), List.of(), switched::add);
    BirthScope first = births.open("first");
    BirthScope second = births.openForAll("second");
    births.close(first);
    assertThat(switched).containsExactly(false, true);

    births.close(second);

    assertThat(switched).containsExactly(false, true, false);
  }

  @Test
  void hooksOfAnAgentThatComesWhileAScopeIsOpenAreSwitchedOn() {
    BirthScope scope = births.open("before the agent");

    births.connect(Set.of(Part.THREADS), List.of(), switched::add);

    assertThat(switched).containsExactly(true);
    births.close(scope);
    assertThat(switched).containsExactly(true, false);
  }

  @Test
  void onlyThePartsThatWereConnectedAreRecorded() {
    assertThat(births.records(Part.THREADS)).isFalse();

    births.connect(Set.of(Part.THREADS), List.of("queues are not"), switched::add);

    assertThat(births.records(Part.THREADS)).isTrue();
    assertThat(births.records(Part.QUEUES)).isFalse();
    assertThat(births.refusals()).containsExactly("queues are not");
  }

  @Test
  void aFailureIsToldAfterWhatWasRefused() {
    births.connect(Set.of(), List.of("queues are not"), switched::add);

    births.fail("nothing is recorded");

    assertThat(births.refusals()).containsExactly("queues are not", "nothing is recorded");
  }
}
