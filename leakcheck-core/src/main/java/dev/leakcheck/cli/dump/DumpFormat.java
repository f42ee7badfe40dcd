package dev.leakcheck.cli.dump;

/** How a thread dump is written. */
public enum DumpFormat {
  /** {@code jcmd PID Thread.dump_to_file -format=json}, JDK 21 and later. */
  JSON("jcmd Thread.dump_to_file -format=json"),
  /** {@code jcmd PID Thread.dump_to_file}, JDK 21 and later. */
  TEXT("jcmd Thread.dump_to_file"),
  /** {@code jstack}, {@code jcmd PID Thread.print} or what a JVM prints on {@code kill -3}. */
  PRINT("jstack");

  private final String label;

  DumpFormat(String label) {
    this.label = label;
  }

  /**
   * What writes it.
   *
   * @return the command
   */
  public String label() {
    return label;
  }
}
