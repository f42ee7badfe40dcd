package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Coverage.Limit;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Snapshot;
import dev.leakcheck.model.SnapshotDiff;
import dev.leakcheck.model.ThreadRecord;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  @AutoClose private final Planted planted = new Planted();

  @Test
  void snapshotHoldsEveryThreadThatIsAlive() {
    Thread thread = planted.thread("alive");

    Snapshot snapshot = LeakCheck.snapshot();

    assertThat(snapshot.threads())
        .filteredOn(record -> record.id() == Golden.id(thread))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.name()).isEqualTo("alive");
              assertThat(record.virtual()).isFalse();
              assertThat(record.daemon()).isFalse();
              assertThat(record.stack()).isNotEmpty();
              assertThat(record.group())
                  .isEqualTo(Thread.currentThread().getThreadGroup().getName());
            });
    assertThat(snapshot.threads())
        .extracting(ThreadRecord::id)
        .doesNotHaveDuplicates()
        .contains(Golden.id(Thread.currentThread()));
  }

  @Test
  void snapshotHoldsVirtualThreads() {
    Jdk21.assume();
    Thread thread = planted.virtual("alive");

    assertThat(LeakCheck.snapshot().threads())
        .filteredOn(record -> record.id() == Golden.id(thread))
        .singleElement()
        .satisfies(record -> assertThat(record.virtual()).isTrue());
  }

  @Test
  void snapshotHoldsExecutorsWithTheirThreads() {
    Jdk21.assume();
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(1));
    planted.occupy(pool, 1);
    String id =
        "java.util.concurrent.ThreadPoolExecutor@"
            + Integer.toHexString(System.identityHashCode(pool));

    Snapshot snapshot = LeakCheck.snapshot();

    ExecutorRecord executor =
        snapshot.executors().stream().filter(e -> e.id().equals(id)).findFirst().orElseThrow();
    assertThat(executor.threads()).hasSize(1);
    assertThat(snapshot.threads())
        .filteredOn(thread -> id.equals(thread.executor()))
        .extracting(ThreadRecord::id)
        .containsExactlyElementsOf(executor.threads());
  }

  @Test
  void differenceTellsWhatCameAndWhatWent() {
    Thread gone = planted.thread("gone");
    Snapshot before = LeakCheck.snapshot();
    gone.interrupt();
    Planted.awaitEnd(gone);
    Thread came = planted.thread("came");

    SnapshotDiff diff = LeakCheck.snapshot().since(before);

    assertThat(diff.newThreads()).extracting(ThreadRecord::id).contains(Golden.id(came));
    assertThat(diff.goneThreads()).extracting(ThreadRecord::id).contains(Golden.id(gone));
    assertThat(diff.isEmpty()).isFalse();
  }

  @Test
  void differenceTellsExecutorsThatCameAndWent() throws InterruptedException {
    Jdk21.assume();
    ExecutorService gone = planted.executor(Executors.newFixedThreadPool(1));
    Snapshot before = LeakCheck.snapshot();
    gone.shutdown();
    gone.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES);
    ExecutorService came = planted.executor(Executors.newFixedThreadPool(1));

    SnapshotDiff diff = LeakCheck.snapshot().since(before);

    assertThat(diff.newExecutors())
        .extracting(ExecutorRecord::id)
        .anyMatch(id -> id.endsWith("@" + Integer.toHexString(System.identityHashCode(came))));
    assertThat(diff.goneExecutors())
        .extracting(ExecutorRecord::id)
        .anyMatch(id -> id.endsWith("@" + Integer.toHexString(System.identityHashCode(gone))));
  }

  @Test
  void snapshotSinceItselfIsEmpty() {
    Snapshot snapshot = LeakCheck.snapshot();

    assertThat(snapshot.since(snapshot).isEmpty()).isTrue();
  }

  @Test
  void coverageSaysWhatAnOlderJdkCannotShow() {
    assertThat(LeakCheck.snapshot().coverage().has(Limit.JDK_BEFORE_21))
        .isEqualTo(!Jdk21.AVAILABLE);
  }
}
