package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownLibraryTest {

  @ParameterizedTest
  @CsvSource({
    "reactor.core.scheduler.BoundedElasticScheduler, Reactor",
    "reactor.util.concurrent.Queues, Reactor",
    "com.acme.repackaged.reactor.core.scheduler.ParallelScheduler, Reactor",
    "com.acme.repackaged.reactor.netty.resources.DefaultLoopResources, Reactor",
    "akka.actor.LightArrayRevolverScheduler, Akka",
    "org.apache.pekko.actor.LightArrayRevolverScheduler, Pekko",
    "com.acme.shaded.io.netty.channel.nio.NioEventLoop, Netty",
  })
  void libraryIsKnownByItsPackagesAlsoWithinAnotherOne(String type, String title) {
    assertThat(KnownLibrary.ofClass(type).map(KnownLibrary.Instance::title)).hasValue(title);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.http.impl.nio.reactor.AbstractMultiworkerIOReactor",
        "com.acme.reactor.Poller",
        "com.acme.reactor.core.Poller",
        "com.acme.akka.actor.Poller",
      })
  void packageThatIsNamedByACommonWordIsNoLibrary(String type) {
    assertThat(KnownLibrary.ofClass(type)).isEmpty();
  }
}
