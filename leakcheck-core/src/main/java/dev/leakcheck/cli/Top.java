package dev.leakcheck.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How much of a list a command prints. */
final class Top {

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "20",
      description = "show N groups of each sort at the most (default: ${DEFAULT-VALUE})")
  private int top;

  /** How many groups are shown at the most. */
  int groups(CommandSpec command) {
    if (top < 1) {
      throw new ParameterException(command.commandLine(), "--top must be at least 1");
    }
    return top;
  }
}
