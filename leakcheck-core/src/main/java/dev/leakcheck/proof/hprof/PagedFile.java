package dev.leakcheck.proof.hprof;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of a file, read at any place through a few pages in memory, whatever its size. An
 * interrupt does not close it, as it would a channel; nothing of it stays mapped. Not thread-safe.
 */
final class PagedFile implements Closeable {

  private static final int PAGE_BITS = 14;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int PAGES = 128;

  private final RandomAccessFile file;
  private final long size;
  private final byte[][] pages = new byte[PAGES][];
  private final long[] held = new long[PAGES];

  private byte[] last = new byte[0];
  private long lastNumber = -1;

  PagedFile(Path path) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.size = file.length();
    Arrays.fill(held, -1);
  }

  long size() {
    return size;
  }

  int u1(long at) throws IOException {
    if (at < 0 || at >= size) {
      throw cutShort();
    }
    return page(at >>> PAGE_BITS)[(int) at & (PAGE - 1)] & 0xff;
  }

  int u2(long at) throws IOException {
    return u1(at) << 8 | u1(at + 1);
  }

  int s4(long at) throws IOException {
    int in = (int) at & (PAGE - 1);
    if (in <= PAGE - 4 && at >= 0 && at + 4 <= size) {
      byte[] page = page(at >>> PAGE_BITS);
      return page[in] << 24
          | (page[in + 1] & 0xff) << 16
          | (page[in + 2] & 0xff) << 8
          | (page[in + 3] & 0xff);
    }
    return u2(at) << 16 | u2(at + 2);
  }

  long u4(long at) throws IOException {
    return s4(at) & 0xffffffffL;
  }

  long s8(long at) throws IOException {
    return (long) s4(at) << 32 | u4(at + 4);
  }

  byte[] bytes(long at, int length) throws IOException {
    if (at < 0 || at > size - length) {
      throw cutShort();
    }
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      int in = (int) (at + done) & (PAGE - 1);
      int count = Math.min(length - done, PAGE - in);
      System.arraycopy(page((at + done) >>> PAGE_BITS), in, bytes, done, count);
      done += count;
    }
    return bytes;
  }

  private MalformedHeapException cutShort() {
    return new MalformedHeapException("the heap dump is cut short at byte " + size);
  }

  private byte[] page(long number) throws IOException {
    if (number == lastNumber) {
      return last;
    }
    int slot = (int) number & (PAGES - 1);
    byte[] page = pages[slot];
    if (page == null || held[slot] != number) {
      if (page == null) {
        page = new byte[PAGE];
        pages[slot] = page;
      }
      held[slot] = -1;
      file.seek(number << PAGE_BITS);
      file.readFully(page, 0, (int) Math.min(PAGE, size - (number << PAGE_BITS)));
      held[slot] = number;
    }
    last = page;
    lastNumber = number;
    return page;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
