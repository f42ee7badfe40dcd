package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

@NoLeaks
class InboxCase {

  private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

  @Test
  void receivesMail() throws InterruptedException {
    Thread sender = new Thread(() -> inbox.add("mail"), "sender");
    sender.start();
    sender.join();
    if (!Leaks.include("queue")) {
      inbox.take();
    }
  }
}
