package dev.leakcheck.cli.dump;

import dev.leakcheck.cli.base.BadInput;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Broken dumps of all formats, the same in every run for the same seed. */
public final class DumpFuzz {

  private final List<byte[]> samples = Samples.ALL.stream().map(Samples::bytes).toList();
  private final Mutations mutations;
  private int made;
  private int read;
  private int refused;

  /** The broken dumps of a seed. */
  public DumpFuzz(long seed) {
    mutations = new Mutations(seed);
  }

  /** The next one. */
  public byte[] next() {
    return mutations.mutate(samples.get(made++ % samples.size()));
  }

  /** Reads the next one, whole or not. Fails on any exception but a refusal in one line. */
  public void readNext() {
    byte[] bytes = next();
    try {
      Dump dump = Samples.read(bytes, made % 2 == 0);
      if (made % 50 == 0) {
        ScanText.write(dump, "it", List.of(), 20, new PrintWriter(new StringWriter()));
      }
      read++;
    } catch (BadInput e) {
      if (String.valueOf(e.getMessage()).lines().count() != 1) {
        throw new AssertionError("mutation " + made + ": " + e.getMessage(), e);
      }
      refused++;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("mutation " + made, e);
    }
  }

  /** How many were read. */
  public int read() {
    return read;
  }

  /** How many were refused. */
  public int refused() {
    return refused;
  }
}
