package dev.leakcheck.cli.reports;

import dev.leakcheck.cli.base.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a file, one at a time. Not thread-safe. */
final class Lines {

  /** The longest line, in bytes. A leak with a hundred deep stacks has well under one megabyte. */
  static final int MAX_LENGTH = 32 << 20;

  private final String name;
  private final InputStream in;
  private final byte[] read = new byte[1 << 16];
  private int position;
  private int limit;

  private byte[] line = new byte[1 << 12];
  private int length;
  private int number;
  private boolean cutOff;

  Lines(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  /**
   * Goes on to the next line that is not blank.
   *
   * @return false if there is none
   * @throws BadInput if it is too long
   */
  boolean next() throws IOException {
    while (nextLine()) {
      if (!isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** Its bytes, up to {@link #length()}; good until the next line. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /** Whether the file ends without the line break that ends each line. */
  boolean isCutOff() {
    return cutOff;
  }

  /** Where it is, as a message begins. */
  String place() {
    return name + ", line " + number + ": ";
  }

  private boolean nextLine() throws IOException {
    length = 0;
    number++;
    while (true) {
      if (position == limit) {
        position = 0;
        limit = Math.max(0, in.read(read));
        if (limit == 0) {
          cutOff = length > 0;
          return cutOff;
        }
      }
      int end = position;
      while (end < limit && read[end] != '\n') {
        end++;
      }
      append(end - position);
      boolean ended = end < limit;
      position = ended ? end + 1 : end;
      if (ended) {
        return true;
      }
    }
  }

  private void append(int count) {
    if (count > MAX_LENGTH - length) {
      throw new BadInput(place() + "longer than " + (MAX_LENGTH >> 20) + " MB");
    }
    if (count > line.length - length) {
      line = Arrays.copyOf(line, Math.min(MAX_LENGTH, Math.max(length + count, 2 * line.length)));
    }
    System.arraycopy(read, position, line, length, count);
    length += count;
  }

  private boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
