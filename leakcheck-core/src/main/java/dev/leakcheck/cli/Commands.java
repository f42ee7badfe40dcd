package dev.leakcheck.cli;

import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, and gives a clock to those that ask what day it is. */
record Commands(Clock clock) implements IFactory {

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == GateCommand.class) {
      return type.cast(new GateCommand(clock));
    }
    if (type == BaselineCommand.class) {
      return type.cast(new BaselineCommand(clock));
    }
    return CommandLine.defaultFactory().create(type);
  }
}
