package dev.leakcheck.proof.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.proof.hprof.HeapFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether frames may hold what no dump shows. Those of native methods end in parentheses. */
@SameOnEveryJdk
class OpacityTest {

  private static final String CALLER = "vendor.Shop.sell";
  private static final String SLEEPS = "java.lang.Thread.sleep()";

  private static @Nullable String hidden(Opacity.Moment moment, String... frames) {
    List<HeapFrame> stack = new ArrayList<>();
    for (String frame : frames) {
      boolean isNative = frame.endsWith("()");
      String name = isNative ? frame.substring(0, frame.length() - 2) : frame;
      int dot = name.lastIndexOf('.');
      stack.add(
          new HeapFrame(name.substring(0, dot), name.substring(dot + 1), isNative ? -3 : 7, null));
    }
    Opacity.Hiding hiding = Opacity.of(stack, Compiled.read(""), moment);
    return hiding == null ? null : hiding.how();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdk.internal.misc.Unsafe.park()",
        "java.lang.Thread.sleep()",
        "java.lang.Thread.sleepNanos0()",
        "java.lang.Object.wait()",
        "java.lang.Object.wait0()",
        "java.lang.ref.Reference.waitForReferencePendingList()",
        "java.lang.ProcessHandleImpl.waitForProcessExit0()",
        "java.io.FileInputStream.readBytes()",
        "sun.nio.ch.EPoll.wait()",
        "sun.nio.ch.KQueue.poll()",
        "sun.nio.ch.WEPoll.wait()",
        "sun.nio.ch.Net.accept()",
        "sun.nio.ch.Net.poll()",
        "sun.nio.ch.SocketDispatcher.read0()",
        "sun.nio.ch.UnixFileDispatcherImpl.read0()"
      })
  void whoWaitsInANativeMethodHidesNothing(String frame) {
    assertThat(hidden(Opacity.Moment.WORKS, frame, CALLER)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.Object.clone()",
        "java.lang.System.arraycopy()",
        "java.lang.reflect.Array.get()",
        "jdk.internal.misc.Unsafe.getAndSetReference()",
        "jdk.internal.reflect.NativeMethodAccessorImpl.invoke0()",
        "jdk.internal.reflect.DirectMethodHandleAccessor$NativeAccessor.invoke0()",
        "java.lang.ClassLoader.defineClass0()"
      })
  void whatANativeMethodWasGivenOrReturnsIsInNoDumpEvenIfItSleeps(String frame) {
    assertThat(hidden(Opacity.Moment.WORKS, frame, CALLER)).contains("at work");
    assertThat(hidden(Opacity.Moment.SLEPT, frame, CALLER)).contains("at work");
    assertThat(hidden(Opacity.Moment.CALLS, frame, CALLER)).isNull();
  }

  @Test
  void whoSleptAllTheTimeInTheJdksNativeCodeForInputHidesNothing() {
    String frame = "sun.nio.fs.UnixNativeDispatcher.stat0()";

    assertThat(hidden(Opacity.Moment.WORKS, frame, CALLER)).contains("at work");
    assertThat(hidden(Opacity.Moment.SLEPT, frame, CALLER)).isNull();
    assertThat(hidden(Opacity.Moment.SLEPT, "vendor.Native.poll()", CALLER)).isNotNull();
  }

  @Test
  void anIdleWorkerThatLooksForWorkHidesNothing() {
    String looks = "jdk.internal.misc.Unsafe.compareAndSetLong()";
    String idles = "java.util.concurrent.ForkJoinPool.awaitWork";

    assertThat(hidden(Opacity.Moment.WORKS, looks, idles)).isNull();
    assertThat(hidden(Opacity.Moment.WORKS, looks, "java.util.concurrent.ForkJoinPool.scan"))
        .contains("at work");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vendor.Sender.<clinit>",
        "vendor.SlowLoader.loadClass",
        "sun.instrument.InstrumentationImpl.transform",
        "jdk.jfr.internal.JVMUpcalls.onRetransform",
        "java.lang.ClassLoader.findNative"
      })
  void whatReflectionIsToHandOverIsInNoDumpUntilTheClassIsReady(String callee) {
    assertThat(
            hidden(
                Opacity.Moment.WORKS,
                SLEEPS,
                callee,
                "jdk.internal.reflect.NativeMethodAccessorImpl.invoke0()",
                CALLER))
        .contains("about to hand over");
  }

  @Test
  void whatReflectionHasHandedOverIsSeenAndAClassByItsNameIsNobodys() {
    assertThat(
            hidden(
                Opacity.Moment.WORKS,
                SLEEPS,
                "vendor.Sender.send",
                "jdk.internal.reflect.NativeMethodAccessorImpl.invoke0()",
                CALLER))
        .isNull();
    assertThat(
            hidden(
                Opacity.Moment.WORKS,
                SLEEPS,
                "vendor.Sender.<clinit>",
                "java.lang.Class.forName0()",
                CALLER))
        .isNull();
  }
}
