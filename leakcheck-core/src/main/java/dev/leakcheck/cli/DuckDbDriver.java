package dev.leakcheck.cli;

import dev.leakcheck.cli.fleet.DuckDb;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command finds DuckDB. */
final class DuckDbDriver {

  @Option(
      names = "--duckdb",
      paramLabel = "JAR",
      description = "DuckDB's JDBC driver (default: the one on the class path)")
  private @Nullable Path jar;

  DuckDb open() {
    return DuckDb.open(jar);
  }
}
