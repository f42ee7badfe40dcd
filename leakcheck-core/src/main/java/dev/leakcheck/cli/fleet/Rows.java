package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.base.BadInput;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What a file has for the table. */
interface Rows {

  /**
   * Writes it.
   *
   * @param out where to
   * @param seen ids of JVMs whose reports were read, to which others are added
   * @return what is to be mentioned, each in a sentence that names the file
   * @throws BadInput if the file turns out to be damaged; what was written is kept
   * @throws IOException if it can't be written
   */
  List<String> write(RowWriter out, Set<String> seen) throws IOException;
}
