package dev.leakcheck.recorder;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Instants as ISO-8601 text, always with milliseconds. Not thread-safe. */
final class Times {

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

  // Checks come thick and fast: most are of the second that the last one was of.
  private long lastSecond = Long.MIN_VALUE;
  private String lastText = "";

  String text(Instant time) {
    if (time.getEpochSecond() != lastSecond) {
      lastText = SECOND.format(time);
      lastSecond = time.getEpochSecond();
    }
    int millis = time.getNano() / 1_000_000;
    char[] digits = {
      (char) ('0' + millis / 100), (char) ('0' + millis / 10 % 10), (char) ('0' + millis % 10), 'Z'
    };
    return lastText.concat(String.valueOf(digits));
  }
}
