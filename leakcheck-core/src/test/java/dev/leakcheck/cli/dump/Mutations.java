package dev.leakcheck.cli.dump;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Breaks bytes in the ways that disks, editors, pipes and people break files. */
final class Mutations {

  private static final String[] PIECES = {
    "\"",
    "\n",
    "\r",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\\",
    "\u0000",
    "\ufeff",
    "#1 \"",
    "<0x",
    "@",
    "Full thread dump ",
    "JNI global refs: 1\n",
    "Found one Java-level deadlock:\n",
    "\tat ",
    "- locked <",
    "   Locked ownable synchronizers:\n",
    "\"threads\": [",
    "99999999999999999999",
    "(",
    ")",
    "/",
    "$$Lambda",
    "\ud800",
    " prio=5 os_prio=0 tid=0x1 nid=0x1 runnable\n",
    "Mounted virtual thread #1\n"
  };

  private final Random random;

  Mutations(long seed) {
    random = new Random(seed);
  }

  byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 1; i++) {
      bytes = once(bytes);
    }
    return random.nextInt(40) == 0 ? Samples.zipped(bytes) : bytes;
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(2000, bytes.length));
    int end = Math.min(bytes.length, at + length);
    switch (random.nextInt(9)) {
      case 0:
        return Arrays.copyOf(bytes, at);
      case 1:
        return Arrays.copyOfRange(bytes, at, bytes.length);
      case 2:
        bytes[at] = (byte) random.nextInt();
        return bytes;
      case 3:
        return spliced(bytes, at, new byte[0], end);
      case 4:
        return spliced(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
      case 5:
        return spliced(bytes, at, piece(), at);
      case 6:
        return spliced(bytes, at, repeated(piece(), 1 + random.nextInt(3000)), at);
      case 7:
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        return spliced(bytes, at, noise, at);
      default:
        int from = random.nextInt(bytes.length);
        byte[] other = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
        return spliced(bytes, at, other, end);
    }
  }

  private byte[] piece() {
    return PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] repeated(byte[] piece, int times) {
    byte[] all = new byte[piece.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(piece, 0, all, i * piece.length, piece.length);
    }
    return all;
  }

  private static byte[] spliced(byte[] bytes, int from, byte[] middle, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + middle.length);
    out.write(bytes, 0, from);
    out.writeBytes(middle);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
