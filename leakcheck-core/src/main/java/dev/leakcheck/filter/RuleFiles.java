package dev.leakcheck.filter;

import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of rules: every {@value #RESOURCE} that LeakCheck's own class loader and the
 * system's see. LeakCheck's own file comes first, so that no other can put a rule before its.
 */
final class RuleFiles {

  static final String RESOURCE = "META-INF/leakcheck/threads.json";

  /** What LeakCheck's own file is called in lists. */
  static final String OWN = "LeakCheck";

  /**
   * What was read.
   *
   * @param threads the rules of all files that are right
   * @param problems a sentence for each file that is not
   */
  record Rules(List<KnownThread> threads, List<String> problems) {
    Rules {
      threads = List.copyOf(threads);
      problems = List.copyOf(problems);
    }
  }

  private final Map<String, KnownThread> threads = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  private RuleFiles() {}

  static Rules read() {
    ClassLoader own = RuleFiles.class.getClassLoader();
    try {
      ClassLoader system = ClassLoader.getSystemClassLoader();
      return own == system ? read(own) : read(own, system);
    } catch (SecurityException e) { // a security manager keeps that loader to itself
      return read(own);
    }
  }

  static Rules read(@Nullable ClassLoader... loaders) {
    RuleFiles files = new RuleFiles();
    URL own = RuleFiles.class.getResource("/" + RESOURCE);
    Set<String> seen = new LinkedHashSet<>();
    if (own != null) {
      seen.add(own.toString());
      files.add(own, OWN);
    }
    for (ClassLoader loader : loaders) {
      for (URL file : files.find(loader)) {
        if (seen.add(file.toString())) {
          files.add(file, place(file));
        }
      }
    }
    return new Rules(new ArrayList<>(files.threads.values()), files.problems);
  }

  private List<URL> find(@Nullable ClassLoader loader) {
    List<URL> found = new ArrayList<>();
    try {
      if (loader != null) {
        loader.getResources(RESOURCE).asIterator().forEachRemaining(found::add);
      }
    } catch (IOException | RuntimeException e) {
      problems.add(RESOURCE + " cannot be looked for: " + Printable.escape(String.valueOf(e)));
    }
    return found;
  }

  /** The jar or folder that a file is in. */
  private static String place(URL file) {
    String text = file.toString();
    String folder = text.substring(0, text.length() - RESOURCE.length());
    String plain = folder.endsWith("!/") ? folder.substring(0, folder.length() - 2) : folder;
    return plain.startsWith("jar:") ? plain.substring("jar:".length()) : plain;
  }

  private void add(URL file, String source) {
    try {
      byte[] bytes = bytes(file);
      if (contents.stream().anyMatch(known -> Arrays.equals(known, bytes))) {
        return; // the same jar twice, or the command line's beside the library's
      }
      contents.add(bytes);
      List<KnownThread> rules =
          new RuleReader(Printable.escape(file.toString()), source).read(bytes);
      for (KnownThread rule : rules) {
        KnownThread known = threads.get(rule.id());
        if (known != null) {
          throw new BadRulesException(
              Printable.escape(file.toString())
                  + ": the id "
                  + rule.id()
                  + " is taken by a rule of "
                  + known.source());
        }
      }
      rules.forEach(rule -> threads.put(rule.id(), rule));
    } catch (BadRulesException e) {
      problems.add("Rules of LeakCheck that are left out: " + e.getMessage());
    } catch (IOException e) {
      problems.add(
          "Rules of LeakCheck that are left out: "
              + Printable.escape(file + ": can't be read: " + e.getMessage()));
    }
  }

  /** A jar that is read through a cache stays open. */
  private static byte[] bytes(URL file) throws IOException {
    URLConnection connection = file.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      return in.readAllBytes();
    }
  }
}
