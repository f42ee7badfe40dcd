package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HikariCP over H2. */
class HikariTest extends LibraryTest {

  private HikariDataSource field;

  @Test
  void aClosedDataSourceIsNoLeak() throws SQLException {
    LeakScope scope = open();

    try (HikariDataSource dataSource = start("jdbc:h2:mem:closed")) {
      query(dataSource);
    }

    assertClean(scope);
  }

  @Test
  void aClosedDataSourceOverAFileIsNoLeak(@TempDir Path directory) throws SQLException {
    LeakScope scope = open();

    try (HikariDataSource dataSource = start("jdbc:h2:file:" + directory.resolve("closed"))) {
      query(dataSource);
    }

    assertClean(scope);
  }

  @Test
  void theExecutorsOfAForgottenDataSourceAreOneLeak() throws SQLException {
    LeakScope scope = openLeaky();

    HikariDataSource dataSource = start("jdbc:h2:mem:forgotten");
    try {
      query(dataSource);

      Finding finding = assertOne(scope, "HikariCP", "close the HikariDataSource");
      assertThat(finding.kind()).isEqualTo(LeakKind.UNCLOSED_EXECUTOR);
      assertThat(finding.title()).contains(dataSource.getPoolName());
    } finally {
      dataSource.close();
    }
  }

  @Test
  void aForgottenDataSourceInAFieldIsFoundThere() throws SQLException {
    LeakScope scope = openLeaky();

    field = start("jdbc:h2:mem:field");
    try {
      query(field);

      Finding finding = assertOne(scope, "HikariCP", "close the HikariDataSource");
      assertThat(finding.fact("held by").orElse("")).contains("HikariTest.field");
    } finally {
      field.close();
    }
  }

  @Test
  void twoForgottenDataSourcesAreTwoLeaks() throws SQLException {
    LeakScope scope = openLeaky();

    HikariDataSource first = start("jdbc:h2:mem:first");
    HikariDataSource second = start("jdbc:h2:mem:second");
    try {
      query(first);
      query(second);

      List<Finding> findings = assertEach(scope, 2, "HikariCP");
      assertThat(findings)
          .extracting(Finding::title)
          .anyMatch(title -> title.contains(first.getPoolName()))
          .anyMatch(title -> title.contains(second.getPoolName()));
    } finally {
      first.close();
      second.close();
    }
  }

  @Test
  void anEmbeddedDatabaseWhoseConnectionIsNotClosedIsFound(@TempDir Path directory)
      throws SQLException {
    LeakScope scope = openLeaky();

    Connection connection =
        java.sql.DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("open"));
    try {
      assertOne(scope, "H2", "close every connection");
    } finally {
      connection.close();
    }
  }

  private static HikariDataSource start(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(3);
    return new HikariDataSource(config);
  }

  private static void query(HikariDataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select 1")) {
      assertThat(result.next()).isTrue();
    }
  }
}
