package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The line of a message that accepts a finding: it is pasted above a test as it is. */
class AllowHintTest {

  @TempDir Path directory;

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  static Stream<String> names() {
    return Stream.of(
        "price-poller",
        "quote\" reason",
        "back\\slash \\",
        "\\u0022 \\\u202e reversed \u202e",
        "two\nlines\r\n\ttab",
        "\ud800 alone, \udc00\ud800 the wrong way round",
        "\udb40\udc01 beyond the first plane",
        "x".repeat(79) + "\ud83d\ude00",
        "\"\"\" text block",
        "*/ // {@code }",
        "*");
  }

  @ParameterizedTest
  @MethodSource("names")
  void the_line_of_a_message_compiles_as_pasted_and_accepts_the_finding(String name)
      throws Exception {
    AnyName.name = name;
    assertAccepts(Run.of(AnyName.class).failure("leaves"));
  }

  @NoLeaks
  static class AnyName {
    static String name = "";

    @Test
    void leaves() {
      Plants.thread(name);
      Plants.pool();
    }
  }

  private void assertAccepts(Throwable failure) throws Exception {
    List<Finding> findings = ((LeakAssertionError) failure).findings().list();
    List<AllowLeaks> pasted = compiled(hints(failure.getMessage()));

    assertThat(pasted).hasSameSizeAs(findings);
    for (int i = 0; i < pasted.size(); i++) {
      AllowLeaks hint = pasted.get(i);
      Allowance allowance =
          Allowance.of(
              Set.of(hint.kind()),
              hint.thread(),
              hint.createdBy(),
              hint.threadLocal(),
              hint.reason());
      Finding finding = findings.get(i);
      assertThat(allowance).matches(one -> one.matches(finding), "accepts " + finding.title());
    }
  }

  private static List<String> hints(String message) {
    return message
        .lines()
        .filter(line -> line.startsWith("     allow      "))
        .map(line -> line.substring("     allow      ".length()))
        .toList();
  }

  /** The annotations of a class that has each line above a method of its own. */
  private List<AllowLeaks> compiled(List<String> lines) throws Exception {
    Path source = directory.resolve("Pasted.java");
    Files.writeString(source, source(lines));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-encoding",
                "UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                source.toString());
    assertThat(failed).as("what javac says of%n%s", Files.readString(source)).isZero();
    return annotations(lines.size());
  }

  private static String source(List<String> lines) {
    StringBuilder source = new StringBuilder();
    source.append("import dev.leakcheck.junit5.AllowLeaks;\n");
    source.append("import dev.leakcheck.model.LeakKind;\n");
    source.append("class Pasted {\n");
    for (int i = 0; i < lines.size(); i++) {
      source.append(lines.get(i)).append("\nvoid test").append(i).append("() {}\n");
    }
    return source.append("}\n").toString();
  }

  private List<AllowLeaks> annotations(int count) throws ReflectiveOperationException, IOException {
    List<AllowLeaks> annotations = new ArrayList<>();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
      Class<?> pasted = loader.loadClass("Pasted");
      for (int i = 0; i < count; i++) {
        annotations.add(pasted.getDeclaredMethod("test" + i).getAnnotation(AllowLeaks.class));
      }
    }
    return annotations;
  }
}
