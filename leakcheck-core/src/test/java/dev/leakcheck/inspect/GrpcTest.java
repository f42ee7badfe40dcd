package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Scopes;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Origin;
import dev.leakcheck.report.TextReport;
import io.grpc.InternalChannelz;
import io.grpc.internal.ManagedChannelImpl;
import io.grpc.internal.ManagedChannelOrphanWrapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels and servers of gRPC that were not shut down, over stand-ins for its classes. */
class GrpcTest {

  private final List<ManagedChannelOrphanWrapper> channels = new ArrayList<>();

  private ManagedChannelOrphanWrapper open() {
    ManagedChannelOrphanWrapper channel = ManagedChannelImpl.open();
    channels.add(channel);
    return channel;
  }

  @AfterEach
  void shutDown() {
    channels.forEach(ManagedChannelOrphanWrapper::shutdown);
    InternalChannelz.instance().servers.clear();
  }

  @Test
  void channelThatIsNotShutDownIsToldWithTheStackThatMadeIt() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    open();

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
    assertThat(finding.origin())
        .isInstanceOfSatisfying(
            Origin.Known.class,
            made ->
                assertThat(made.stack().get(0).getClassName()).isEqualTo(GrpcTest.class.getName()));
  }

  /** Whether the collector has come by is nothing to tell leaks apart by. */
  @Test
  void channelThatIsCollectedIsTheSameLeak() {
    List<Finding> told = new ArrayList<>();
    for (boolean collected : new boolean[] {false, true}) {
      LeakScope scope = Scopes.atOnce();
      ManagedChannelOrphanWrapper channel = open();
      if (collected) {
        channel.letGo();
      }
      told.add(only(scope.findings()));
      scope.end();
    }

    assertThat(told.get(1).fingerprint()).isEqualTo(told.get(0).fingerprint());
    assertThat(told.get(1).origin()).isInstanceOf(Origin.Known.class);
  }

  private static final class Client implements AutoCloseable {
    private final ManagedChannelOrphanWrapper channel = ManagedChannelImpl.open();

    @Override
    public void close() {
      channel.shutdown();
    }
  }

  @Test
  void channelsOfOtherMakersAreOtherLeaks() {
    LeakScope scope = Scopes.atOnce();
    open();
    Client client = new Client();
    channels.add(client.channel);

    assertThat(scope.findings().list())
        .hasSize(2)
        .extracting(Finding::fingerprint)
        .doesNotHaveDuplicates();
  }

  @Test
  void channelOfAnOwnerIsToBeShutDownThere() {
    LeakScope scope = Scopes.atOnce();
    Client client = new Client();
    channels.add(client.channel);

    assertThat(only(scope.findings()).fix())
        .startsWith(
            "call shutdown() on the gRPC channel in GrpcTest$Client.close(), and see that this is"
                + " called (the GrpcTest$Client is made at GrpcTest.java:");
  }

  @Test
  void messageTellsAServerThatIsNotShutDown() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    InternalChannelz.instance().servers.put(1_000_000L, new StringBuilder());

    assertThat(Golden.normalise(TextReport.render(scope.findings())))
        .startsWith(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 executor behind (waited T)

            1) unclosed-executor   gRPC server (StringBuilder), not terminated
                 why        gRPC lists it as open: it keeps gRPC's shared threads, and its connections, until it was shut down and its last call has ended
                 fix        call shutdown() on the gRPC server, and awaitTermination() before others follow
                 allow      @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, reason = "…") // every leak of this kind
                 id         FINGERPRINT
            """);
  }

  /** Nothing tells where a server was made. */
  @Test
  void serversOfOtherTestClassesAreOtherLeaks() {
    List<String> told = new ArrayList<>();
    long number = 2_000_000;
    for (String test :
        List.of("OrderServiceTest.places()", "OrderServiceTest.cancels()", "B.c()")) {
      LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named(test));
      InternalChannelz.instance().servers.put(number++, new ManagedChannelImpl());
      told.add(only(scope.findings()).fingerprint());
      scope.end();
    }

    assertThat(told.get(1)).isEqualTo(told.get(0));
    assertThat(told.get(2)).isNotEqualTo(told.get(0));
  }

  /** To call shutdown() once more would end nothing. */
  @Test
  void channelThatWasShutDownAndHasACallIsToldSo() {
    LeakScope scope = Scopes.atOnce();
    channels.add(open().shutdownWithACall());

    Finding finding = only(scope.findings());

    assertThat(finding.title())
        .isEqualTo("gRPC channel (ManagedChannelImpl), shut down and not terminated");
    assertThat(finding.fix())
        .isEqualTo(
            "have its last call end before the test does: cancel it, or give it a deadline; or call"
                + " shutdownNow() on the gRPC channel");
  }

  @Test
  void channelThatIsShutDownOrOlderPasses() {
    open();
    LeakScope scope = Scopes.atOnce();
    open().shutdown();

    assertThat(scope.findings().list()).isEmpty();
  }

  @Test
  void channelThatTerminatesWhileTheCheckWaitsPasses() throws Exception {
    LeakScope scope = Scopes.patient();
    ManagedChannelOrphanWrapper channel = open();
    Thread closes = new Thread(channel::shutdown);
    closes.start();

    assertThat(scope.findings().list()).isEmpty();
    closes.join();
  }

  @Test
  void channelThatAScopeAroundHoldsIsThatOnes() {
    LeakScope outer = Scopes.atOnce();
    outer.watch(this);
    LeakScope inner = LeakCheck.open(Scopes.AT_ONCE.within(outer));
    open();

    assertThat(inner.findings().list()).isEmpty();
    inner.end();
    assertThat(only(outer.findings()).title()).startsWith("gRPC channel");
    outer.end();
  }

  @Test
  void channelIsToldOnce() {
    LeakScope outer = Scopes.atOnce();
    LeakScope inner = LeakCheck.open(Scopes.AT_ONCE.within(outer));
    open();

    assertThat(inner.findings().list()).hasSize(1);
    inner.end();
    assertThat(outer.findings().list()).isEmpty();
    outer.end();
  }

  /** One for everybody, made by whoever comes first. */
  private static final class Shared {
    static final ManagedChannelOrphanWrapper CHANNEL = ManagedChannelImpl.open();
  }

  @Test
  void channelThatAClassMadeForItselfPasses() {
    LeakScope scope = Scopes.atOnce();
    channels.add(Shared.CHANNEL);

    assertThat(scope.findings().list()).isEmpty();
  }
}
