package dev.leakcheck.capture.threads;

/** A thread of LeakCheck's own: neither counted nor recorded as anybody's. */
public final class OwnThread extends Thread {

  /** One that nobody else locks: before Java 19 who makes a thread waits for its group's lock. */
  static final ThreadGroup GROUP = new ThreadGroup(LiveThreads.rootGroup(), "leakcheck");

  /**
   * A daemon that inherits nothing from the thread that makes it. Not started yet.
   *
   * @param name its name
   * @param body what it runs
   */
  public OwnThread(String name, Runnable body) {
    super(GROUP, body, name, 0, false);
    setDaemon(true);
    setContextClassLoader(OwnThread.class.getClassLoader());
  }
}
