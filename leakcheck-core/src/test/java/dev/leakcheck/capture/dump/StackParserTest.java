package dev.leakcheck.capture.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackParserTest {

  static Stream<Arguments> frames() {
    return Stream.of(
        arguments(
            "com.acme.A.b(A.java:12)",
            new StackTraceElement(null, null, null, "com.acme.A", "b", "A.java", 12)),
        arguments(
            "A.b(A.java:12)", new StackTraceElement(null, null, null, "A", "b", "A.java", 12)),
        arguments(
            "app//com.acme.A.b(A.java:12)",
            new StackTraceElement("app", null, null, "com.acme.A", "b", "A.java", 12)),
        arguments(
            "java.base/java.lang.Thread.run(Thread.java:1583)",
            new StackTraceElement(
                null, "java.base", null, "java.lang.Thread", "run", "Thread.java", 1583)),
        arguments(
            "com.acme@1.2.3/com.acme.A.b(A.java:12)",
            new StackTraceElement(null, "com.acme", "1.2.3", "com.acme.A", "b", "A.java", 12)),
        arguments(
            "app/com.acme@1.2.3/com.acme.A.b(A.java:12)",
            new StackTraceElement("app", "com.acme", "1.2.3", "com.acme.A", "b", "A.java", 12)),
        arguments(
            "java.base/java.lang.Object.wait0(Native Method)",
            new StackTraceElement(null, "java.base", null, "java.lang.Object", "wait0", null, -2)),
        arguments(
            "com.acme.A.b(Unknown Source)",
            new StackTraceElement(null, null, null, "com.acme.A", "b", null, -1)),
        arguments(
            "com.acme.A.b(A.java)",
            new StackTraceElement(null, null, null, "com.acme.A", "b", "A.java", -1)),
        arguments(
            "com.acme.A.<init>(A.java:3)",
            new StackTraceElement(null, null, null, "com.acme.A", "<init>", "A.java", 3)),
        arguments(
            "com.acme.A$$Lambda/0x000074d1f8001200.run(Unknown Source)",
            new StackTraceElement(
                null, null, null, "com.acme.A$$Lambda/0x000074d1f8001200", "run", null, -1)),
        arguments(
            "app//com.acme.A$$Lambda$14/0x0000000800c03000.run(Unknown Source)",
            new StackTraceElement(
                "app", null, null, "com.acme.A$$Lambda$14/0x0000000800c03000", "run", null, -1)),
        arguments(
            "java.base/java.util.X$$Lambda/0x12.run(Unknown Source)",
            new StackTraceElement(
                null, "java.base", null, "java.util.X$$Lambda/0x12", "run", null, -1)),
        arguments(
            "com.acme.A.lambda$b$0(A.java:9)",
            new StackTraceElement(null, null, null, "com.acme.A", "lambda$b$0", "A.java", 9)));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void frameIsReadAsItWasWritten(String line, StackTraceElement expected) {
    assertThat(StackParser.parse(line)).isEqualTo(expected);
  }

  @Test
  void hiddenClassThatIsNoLambdaKeepsItsName() {
    StackTraceElement frame =
        StackParser.parse(
            "java.base/java.lang.invoke.LambdaForm$MH/0x0000000800c03000.invoke(LambdaForm$MH)");

    assertThat(frame.getClassName()).isEqualTo("java.lang.invoke.LambdaForm$MH/0x0000000800c03000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "(",
        ")",
        ")(",
        "a.b",
        ".b(A.java:1)",
        "- locked <x>",
        "a.b(A.java:x)"
      })
  void nothingIsAnError(String line) {
    assertThat(StackParser.parse(line)).isNotNull();
  }

  @Test
  void realStackSurvivesARoundTrip() {
    List<StackTraceElement> stack = Arrays.asList(new Throwable().getStackTrace());

    assertThat(
            new StackParser()
                .stack(stack.stream().map(StackTraceElement::toString).toList()).stream()
                    .map(
                        frame ->
                            frame.getClassName()
                                + "."
                                + frame.getMethodName()
                                + frame.getLineNumber()))
        .isEqualTo(
            stack.stream()
                .map(
                    frame ->
                        frame.getClassName() + "." + frame.getMethodName() + frame.getLineNumber())
                .toList());
  }
}
