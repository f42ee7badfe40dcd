package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StacksTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"javax.cache.CacheTest", "com.sun.jna.NativeTest", "com.oracle.SomeTest", "sun.A"})
  void classOfTheClassPathIsNotTheJdksWhateverItIsCalled(String type) {
    assertThat(Stacks.isJdk(frame("app", null, type))).isFalse();
    assertThat(Stacks.isJdk(frame("app", "com.acme.cache", type))).isFalse();
    assertThat(Stacks.firstOwnFrame(List.of(frame("app", null, type)))).isPresent();
  }

  @Test
  void classOfAModuleOfTheJdkIsTheJdks() {
    assertThat(Stacks.isJdk(frame(null, "java.base", "sun.nio.ch.NioSocketImpl"))).isTrue();
    assertThat(Stacks.isJdk(frame("platform", "java.sql", "javax.sql.DataSource"))).isTrue();
    assertThat(Stacks.isJdk(frame("app", "jdk.compiler", "com.sun.tools.javac.Main"))).isTrue();
    assertThat(Stacks.isJdk(frame("app", null, "java.util.concurrent.FutureTask"))).isTrue();
  }

  /** As they stand in dumps. */
  @Test
  void frameThatDoesNotTellItsLoaderGoesByItsName() {
    assertThat(Stacks.isJdk(frame(null, null, "com.sun.jna.Native"))).isTrue();
    assertThat(Stacks.isJdk(frame(null, null, "com.acme.Orders"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.acme.Shop$ByteBuddy$qA8j95VM",
        "com.acme.Shop$MockitoMock$wgS3cEHr$auxiliary$MCv7Wq4g",
        "com.acme.Shop$HibernateProxy$wgS3cEHr",
        "com.acme.Shop_$$_jvst3a_0",
        "com.acme.$Proxy12",
        "$Proxy3"
      })
  void classThatWasMadeAtRunTimeIsNobodysCode(String type) {
    StackTraceElement made = line(type, "open", null, -1);
    StackTraceElement shop = line("com.acme.Shop", "begin", "Shop.java", 7);

    assertThat(Stacks.firstOwnFrame(List.of(made, shop))).contains(shop);
    assertThat(Stacks.own(List.of(made, shop))).containsExactly(shop);
  }

  @Test
  void fileThatIsNoneTellsOfSuchAClassWhateverItsName() {
    assertThat(Stacks.isOwn(line("com.acme.Shop$$SpringCGLIB$$0", "open", "<generated>", -1)))
        .isFalse();
    assertThat(Stacks.isOwn(line("com.acme.Any", "open", "<generated>", -1))).isFalse();
  }

  /** Near one: compiled without lines, or with a name that only looks so. */
  @Test
  void codeWithoutLinesIsItsOwnersAllTheSame() {
    assertThat(Stacks.isOwn(line("com.acme.Shop$Inner", "open", null, -1))).isTrue();
    assertThat(Stacks.isOwn(line("com.acme.Shop$$anon$1", "open", null, -1))).isTrue();
    assertThat(Stacks.isOwn(line("com.acme.Shop$ProxyFactory", "open", "Shop.java", 7))).isTrue();
    assertThat(Stacks.isOwn(line("com.acme.ByteBuddy", "open", null, -1))).isTrue();
  }

  @Test
  void callToAProxyIsTheCallToWhatItStandsFor() {
    StackTraceElement real = line("com.acme.Shop", "open", "Shop.java", 7);
    StackTraceElement advice = line("com.acme.Advice", "around", "Advice.java", 9);
    StackTraceElement caller = line("com.acme.ShopTest", "opens", "ShopTest.java", 12);

    for (StackTraceElement proxy :
        List.of(
            line("com.acme.Shop$$SpringCGLIB$$0", "open", "<generated>", -1),
            line("jdk.proxy2.$Proxy9", "open", null, -1))) {
      assertThat(Stacks.own(List.of(real, advice, proxy, caller))).containsExactly(real, caller);
    }
    for (StackTraceElement another :
        List.of(
            line("com.acme.Shop$$SpringCGLIB$$0", "close", "<generated>", -1),
            line("com.acme.Store$$SpringCGLIB$$0", "open", "<generated>", -1))) {
      assertThat(Stacks.own(List.of(real, advice, another, caller)))
          .containsExactly(real, advice, caller);
    }
  }

  @Test
  void bodyOfACoroutineIsInItsFunction() {
    StackTraceElement caller = line("com.acme.ShopTest", "opens", "ShopTest.kt", 12);

    for (String body : List.of("$open$1", "$open$2$1$1")) {
      for (String method : List.of("invokeSuspend", "invokeSuspend$lambda$0")) {
        List<StackTraceElement> stack =
            List.of(line("com.acme.Shop$Till" + body, method, "Shop.kt", 7), caller);
        StackTraceElement open = line("com.acme.Shop$Till", "open", "Shop.kt", 7);

        assertThat(Stacks.own(stack)).containsExactly(open, caller);
        assertThat(Stacks.firstOwnFrame(stack)).contains(open);
      }
    }
  }

  @Test
  void functionThatGoesOnIsToldOnce() {
    StackTraceElement function = line("com.acme.Shop", "open", "Shop.kt", 7);
    StackTraceElement goesOn = line("com.acme.Shop$open$1", "invokeSuspend", "Shop.kt", -1);
    StackTraceElement library = line("org.loops.Loop", "run", "Loop.kt", 3);

    assertThat(Stacks.own(List.of(function, goesOn, library))).containsExactly(function, library);
  }

  /** Near ones: an object that somebody wrote, and names of which it is not known what they are. */
  @Test
  void otherNumberedClassesKeepTheirNames() {
    for (StackTraceElement other :
        List.of(
            line("com.acme.Shop$open$1", "run", "Shop.kt", 7),
            line("com.acme.Shop$open$1", "invokeSuspended", "Shop.kt", 7),
            line("com.acme.Shop$1", "invokeSuspend", "Shop.kt", 7),
            line("com.acme.Shop$Till", "invokeSuspend", "Shop.kt", 7),
            line("com.acme.Shop$special$$inlined$map$1", "invokeSuspend", "Shop.kt", 7))) {
      assertThat(Stacks.own(List.of(other))).containsExactly(other);
    }
  }

  /** As a spy has it whose class was changed in place. */
  @Test
  void whatWasWovenIntoAMethodIsPartOfTheCall() {
    StackTraceElement real = line("com.acme.Shop", "open", "Shop.java", 7);
    StackTraceElement reflection =
        line("java.lang.invoke.MethodHandle", "invokeWithArguments", "MethodHandle.java", 735);
    StackTraceElement advice = line("org.spies.Advice", "handle", "Advice.java", 9);
    StackTraceElement woven = line("com.acme.Shop", "open", "Shop.java", 6);
    StackTraceElement caller = line("com.acme.ShopTest", "opens", "ShopTest.java", 12);

    assertThat(Stacks.own(List.of(real, reflection, advice, woven, caller)))
        .containsExactly(real, caller);
  }

  /** Near ones: no reflection, another method, or the program's own code in between. */
  @Test
  void methodThatCallsItselfIsNotWoven() {
    StackTraceElement real = line("com.acme.Shop", "open", "Shop.java", 7);
    StackTraceElement reflection = line("java.lang.reflect.Method", "invoke", "Method.java", 580);
    StackTraceElement library = line("org.graphs.Walk", "each", "Walk.java", 9);
    StackTraceElement again = line("com.acme.Shop", "open", "Shop.java", 6);
    StackTraceElement own = line("com.acme.Chain", "open", "Chain.java", 3);
    StackTraceElement other = line("com.acme.Shop", "close", "Shop.java", 9);

    assertThat(Stacks.own(List.of(real, library, again))).containsExactly(real, library, again);
    assertThat(Stacks.own(List.of(real, reflection, library, other)))
        .containsExactly(real, library, other);
    assertThat(Stacks.own(List.of(real, reflection, library, own, again)))
        .containsExactly(real, library, own, again);
    assertThat(Stacks.own(List.of(real, reflection, again))).containsExactly(real, again);
  }

  @Test
  void whatACompilerAddedToCallAMethodIsPartOfTheCall() {
    StackTraceElement real = line("com.acme.PoolsKt", "pool", "Pools.kt", 7);
    StackTraceElement caller = line("com.acme.ShopTest", "opens", "ShopTest.kt", 12);

    for (String added : List.of("pool$default", "access$pool")) {
      assertThat(Stacks.own(List.of(real, line("com.acme.PoolsKt", added, "Pools.kt", 7), caller)))
          .containsExactly(real, caller);
    }
    StackTraceElement other = line("com.acme.PoolsKt", "other$default", "Pools.kt", 7);
    assertThat(Stacks.own(List.of(real, other, caller))).containsExactly(real, other, caller);
  }

  @Test
  void callsOfGroovyGoThroughItsRuntime() {
    StackTraceElement call =
        line("org.codehaus.groovy.vmplugin.v8.IndyInterface", "fromCache", "IndyInterface.java", 3);
    StackTraceElement shop = line("com.acme.Shop", "open", "Shop.groovy", 7);

    assertThat(Stacks.own(List.of(call, shop))).containsExactly(shop);
    assertThat(Stacks.isOwn(line("groovyx.gpars.Pool", "make", "Pool.java", 3))).isTrue();
  }

  @Test
  void whatNoCallOfTheUsersMadeIsShownToo() {
    List<StackTraceElement> stack =
        List.of(
            line("com.acme.A", "a", "A.java", 1),
            line("com.acme.B", "b", "B.java", 2),
            line("com.acme.C", "c", "C.java", 3),
            line("com.acme.D", "d", "D.java", 4));
    Maker maker = new Maker(stack.get(3), null, null, "com.acme.D", null, true, Maker.Deed.MAKES);

    assertThat(Stacks.shown(new Origin.Known(stack, "starter", "", false, maker), 2))
        .containsExactly("com.acme.A.a(A.java:1)", "… 2 frames", "com.acme.D.d(D.java:4)");
  }

  private static StackTraceElement line(String type, String method, String file, int line) {
    return new StackTraceElement(type, method, file, line);
  }

  private static StackTraceElement frame(String loader, String module, String type) {
    return new StackTraceElement(loader, module, null, type, "run", "A.java", 1);
  }
}
