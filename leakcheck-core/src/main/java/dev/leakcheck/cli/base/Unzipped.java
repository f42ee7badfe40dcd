package dev.leakcheck.cli.base;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** What a file holds, whether it is zipped or not. */
public final class Unzipped {

  private static final int BUFFER = 1 << 16;
  private static final int FIRST = 0x1f;
  private static final int SECOND = 0x8b;

  /** What can be read though it can't tell how much there is, such as a pipe. */
  private static final class Unsized extends FilterInputStream {
    Unsized(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      try {
        return super.available();
      } catch (IOException notTold) {
        return 0;
      }
    }
  }

  private Unzipped() {}

  /**
   * Unzips what begins as gzip does.
   *
   * @param in what to read
   * @return the content, which can go back to a mark; closing it closes what it is read from
   * @throws IOException if it can't be read
   */
  public static BufferedInputStream of(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(new Unsized(in), BUFFER);
    buffered.mark(2);
    boolean zipped = buffered.read() == FIRST && buffered.read() == SECOND;
    buffered.reset();
    return zipped
        ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER)
        : buffered;
  }
}
