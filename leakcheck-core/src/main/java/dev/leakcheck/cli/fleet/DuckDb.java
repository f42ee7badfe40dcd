package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * DuckDB, the engine that ranks. It is too large to be brought along: its JDBC driver is on the
 * class path, or in a jar that is named. What it holds is in memory, and beyond a limit in a
 * temporary directory that is deleted when this is closed. Not thread-safe.
 */
public final class DuckDb implements AutoCloseable {

  /** The version that the tests run on. */
  static final String TESTED = "2.0.0.1";

  private static final String MEMORY = "1GB";
  private static final String PARQUET = ".parquet";

  private final Connection connection;
  private final Path spill;

  /** Makes something of a row. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private DuckDb(Connection connection, Path spill) {
    this.connection = connection;
    this.spill = spill;
  }

  /**
   * Starts it.
   *
   * @param jar its JDBC driver, or null if that is on the class path
   * @return an empty database
   * @throws BadInput if it is not there or does not start
   */
  @SuppressWarnings("resource") // the loader lives as long as the driver's classes
  public static DuckDb open(@Nullable Path jar) {
    ClassLoader loader = DuckDb.class.getClassLoader();
    if (jar != null) {
      if (!Files.isRegularFile(jar)) {
        throw new BadInput("--duckdb: there is no file " + Printable.escape(jar.toString()));
      }
      try {
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, loader);
      } catch (MalformedURLException e) {
        throw new UncheckedIOException(e);
      }
    }
    Driver driver =
        ServiceLoader.load(Driver.class, loader).stream()
            .filter(found -> found.type().getName().startsWith("org.duckdb."))
            .findFirst()
            .map(ServiceLoader.Provider::get)
            .orElseThrow(() -> new BadInput(absent(jar)));
    DuckDb duck;
    try {
      Path spill = Files.createTempDirectory("leakcheck");
      duck = new DuckDb(driver.connect("jdbc:duckdb:", new Properties()), spill);
    } catch (SQLException e) {
      throw refused(e);
    } catch (IOException e) {
      throw new BadInput("no temporary directory can be made: " + e.getMessage(), e);
    }
    try {
      duck.run("SET memory_limit = '" + MEMORY + "'");
      duck.run("SET temp_directory = " + quoted(duck.spill));
      duck.run("SET autoinstall_known_extensions = false"); // nothing is fetched
      return duck;
    } catch (BadInput e) {
      duck.close();
      throw e;
    }
  }

  private static String absent(@Nullable Path jar) {
    return jar == null
        ? "DuckDB is not at hand: give its JDBC driver with --duckdb duckdb_jdbc-"
            + TESTED
            + ".jar, which this fetches: mvn dependency:copy -Dartifact=org.duckdb:duckdb_jdbc:"
            + TESTED
            + " -DoutputDirectory=."
        : "--duckdb: " + Printable.escape(jar.toString()) + " is not DuckDB's JDBC driver";
  }

  /**
   * Makes rows the table {@code fleet}.
   *
   * @param files Parquet files by their ending, and JSON Lines
   * @throws BadInput if they hold no rows, or newer ones
   */
  public void takeFleet(List<Path> files) {
    String parts =
        files.stream()
            .map(file -> "SELECT " + Column.list() + " FROM " + content(file))
            .collect(Collectors.joining(" UNION ALL "));
    run("CREATE OR REPLACE VIEW fleet AS " + parts);
    int newest = query("SELECT COALESCE(MAX(schema), 0) FROM fleet", row -> row.getInt(1)).get(0);
    if (newest > RowWriter.SCHEMA) {
      throw new BadInput(
          "the rows have schema "
              + newest
              + ", and this LeakCheck reads up to "
              + RowWriter.SCHEMA
              + ": take the command line of the LeakCheck that wrote them");
    }
    if (newest == 0) {
      throw new BadInput("there is no row in " + Printable.escape(files.toString()));
    }
  }

  /**
   * Writes rows as Parquet.
   *
   * @param from rows as JSON Lines
   * @param to the file
   */
  public void writeParquet(Path from, Path to) {
    run("COPY (SELECT * FROM " + content(from) + ") TO " + quoted(to) + " (FORMAT parquet)");
  }

  private static String content(Path file) {
    if (!Files.exists(file)) {
      throw new BadInput("there is no file " + Printable.escape(file.toString()));
    }
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(PARQUET)) {
      return "read_parquet(" + quoted(file) + ")";
    }
    String columns =
        Arrays.stream(Column.values())
            .map(column -> column.id() + ": '" + column.type() + "'")
            .collect(Collectors.joining(", "));
    return "read_json("
        + quoted(file)
        + ", format = 'newline_delimited', columns = {"
        + columns
        + "})";
  }

  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }

  /** Runs a query and makes something of each row. */
  <T> List<T> query(String sql, RowReader<T> reader) {
    List<T> read = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        read.add(reader.read(rows));
      }
      return read;
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Runs a statement. */
  void run(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private static BadInput refused(SQLException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new BadInput("DuckDB says: " + Printable.escape(message), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
      try (Stream<Path> left = Files.walk(spill)) {
        for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    } catch (SQLException e) {
      throw refused(e);
    } catch (IOException stillThere) {
      // The system clears its temporary directory away.
    }
  }
}
