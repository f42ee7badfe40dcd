package dev.leakcheck.junit5.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mockConstruction;

import dev.leakcheck.junit5.NoLeaks;
import java.util.IdentityHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mockito.MockedConstruction;

/** On its thread a class of the JDK's that LeakCheck uses does not work any more. */
@NoLeaks
class MockedJdkCase {

  @SuppressWarnings("rawtypes")
  private static MockedConstruction<IdentityHashMap> mocked;

  @BeforeAll
  static void mock() {
    mocked = mockConstruction(IdentityHashMap.class);
  }

  @Test
  void passes() {
    assertThat(mocked).isNotNull();
  }

  @AfterAll
  static void close() {
    mocked.close();
  }
}
