package dev.leakcheck.cli.dump;

import dev.leakcheck.cli.dump.LockTable.Reported;
import dev.leakcheck.model.Blocker;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JVM's own words on a deadlock, in the dump that it prints. Not thread-safe. */
final class JstackDeadlock {

  private static final int MOST = 10_000;
  private static final String BEGIN = "Found one Java-level deadlock:";
  private static final String END = "Java stack information for the threads listed above";
  private static final Pattern WANTS =
      Pattern.compile(
          "  waiting (?:to lock monitor .*\\(object|for ownable synchronizer) 0x([0-9a-f]{1,16}),"
              + " \\(?an? (.+?)\\),?");
  private static final Pattern HELD = Pattern.compile(",?\\s*which is held by \"(.*)\"");

  private final DumpCollector dump;

  private @Nullable List<Reported> told;
  private @Nullable String party;
  private @Nullable Blocker wanted;

  JstackDeadlock(DumpCollector dump) {
    this.dump = dump;
  }

  static boolean isBegin(String line) {
    return line.startsWith(BEGIN);
  }

  boolean isOpen() {
    return told != null;
  }

  void begin() {
    told = new ArrayList<>();
  }

  /** The name of one who takes part, in quotes. */
  void party(String line) {
    party = line.endsWith("\":") ? line.substring(1, line.length() - 2) : null;
  }

  /** Any other line. */
  void line(String line) {
    if (told == null) {
      return;
    }
    if (line.startsWith(END) || told.size() > MOST) {
      dump.reported(told);
      told = null;
      party = null;
      return;
    }
    Matcher wants = WANTS.matcher(line);
    if (wants.matches()) {
      wanted = JstackThread.lock(wants.group(1), wants.group(2));
      return;
    }
    Matcher held = HELD.matcher(line.strip());
    if (held.matches() && party != null && wanted != null) {
      told.add(new Reported(party, wanted, held.group(1)));
      wanted = null;
    }
  }
}
