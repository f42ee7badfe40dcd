package dev.leakcheck.cli;

import dev.leakcheck.filter.KnownOrigin;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreadLocal;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.filter.ThreadEvidence;
import dev.leakcheck.model.Printable;
import java.io.PrintWriter;
import java.util.Locale;

/** Lists the rules about what is left alone, as they are in force in this JVM. */
final class RulesText {

  private RulesText() {}

  static void write(PrintWriter out) {
    out.println("Threads that are nobody's leak");
    for (KnownThread rule : KnownThreads.all()) {
      out.println();
      out.println(rule.id() + ": " + Printable.escape(rule.reason()));
      fact(out, "from", rule.source());
      fact(out, "checked", rule.checked());
      fact(out, "power", rule.power().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      if (rule.most() > 0) {
        fact(out, "most", rule.most() + " a scope; each further one is told");
      }
      String key = "known by";
      for (ThreadEvidence evidence : rule.evidence()) {
        fact(out, key, String.join("; ", evidence.words()));
        key = "or by";
      }
    }
    out.println();
    out.println("With the agent: what no test can close, by the stack that made it");
    out.println();
    for (KnownOrigin rule : KnownOrigin.values()) {
      out.println(rule + ": " + rule.reason());
    }
    out.println();
    out.println("With the agent: values in thread-locals");
    out.println();
    for (KnownThreadLocal rule : KnownThreadLocal.values()) {
      out.println(rule + ": " + rule.reason());
    }
    for (String problem : KnownThreads.problems()) {
      out.println();
      out.println(problem);
    }
  }

  private static void fact(PrintWriter out, String key, String value) {
    out.printf("  %-10s%s%n", key, Printable.escape(value));
  }
}
