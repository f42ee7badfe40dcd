package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a page of the guide shows is what a test compiles and runs. */
public final class GuideCode {

  private GuideCode() {}

  /**
   * Looks up code in a test's source.
   *
   * @param begin how the code on the page begins
   */
  public static void assertIsIn(Class<?> test, String page, String begin) throws IOException {
    String text;
    try (InputStream in =
        LeakCheck.class.getResourceAsStream("/dev/leakcheck/guide/" + page + ".md")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher code =
        Pattern.compile("```java\\n(" + Pattern.quote(begin) + ".+?)```", Pattern.DOTALL)
            .matcher(text);
    assertThat(code.find()).as("code that begins with: " + begin).isTrue();
    Path source = Path.of("src/test/java", test.getName().replace('.', '/') + ".java");

    assertThat(words(Files.readString(source))).contains(words(code.group(1)));
  }

  private static String words(String code) {
    return code.replaceAll("\\s+", " ");
  }
}
