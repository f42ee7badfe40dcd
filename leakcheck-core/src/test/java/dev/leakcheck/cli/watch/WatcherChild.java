package dev.leakcheck.cli.watch;

import dev.leakcheck.cli.dump.LiveJvm;
import dev.leakcheck.model.Population;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A JVM that watches another, and asks what is to happen between one sample and the next. */
final class WatcherChild {

  private static final int ROUNDS = 4;
  private static final int SAMPLES = 7;

  private WatcherChild() {}

  public static void main(String[] args) throws Exception {
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    long pid = Long.parseLong(args[0]);
    Watch.Options options =
        new Watch.Options(
            pid,
            Duration.ofSeconds(1),
            null,
            ROUNDS,
            new Limits(Integer.valueOf(args[3]), null, null),
            false);
    int[] pauses = {0};
    Watch.Pause pause =
        time -> {
          try {
            if (++pauses[0] == SAMPLES) {
              return false;
            }
            System.out.println("next: " + args[1]);
            return answers.readLine() != null;
          } catch (java.io.IOException e) {
            return false;
          }
        };
    boolean crossed;
    try (LiveJvm jvm = LiveJvm.attach(pid, Duration.ofSeconds(60), true)) {
      crossed =
          new Watch(
                  options,
                  new Target(jvm),
                  new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                  null,
                  pause,
                  System::nanoTime)
              .run();
    }
    System.exit(crossed ? 1 : 0);
  }

  private record Target(LiveJvm jvm) implements Watch.Target {
    @Override
    public Population population() {
      return jvm.population();
    }

    @Override
    public boolean isAlive() {
      return ProcessHandle.of(jvm.pid()).map(ProcessHandle::isAlive).orElse(false);
    }
  }
}
