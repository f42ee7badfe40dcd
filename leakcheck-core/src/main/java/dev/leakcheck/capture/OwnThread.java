package dev.leakcheck.capture;

/** A thread of LeakCheck's own: neither counted nor recorded as anybody's. */
final class OwnThread extends Thread {

  /** A daemon that inherits nothing from the thread that makes it. */
  OwnThread(String name, Runnable body) {
    super(LiveThreads.rootGroup(), body, name, 0, false);
    setDaemon(true);
    setContextClassLoader(OwnThread.class.getClassLoader());
  }
}
