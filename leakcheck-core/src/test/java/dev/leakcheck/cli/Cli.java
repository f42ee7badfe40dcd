package dev.leakcheck.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A run of the command line. */
record Cli(int code, String out, String err) {

  static Cli run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = String.valueOf(args[i]);
    }
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words);
    return new Cli(
        code,
        out.toString().replace(System.lineSeparator(), "\n"),
        err.toString().replace(System.lineSeparator(), "\n"));
  }
}
