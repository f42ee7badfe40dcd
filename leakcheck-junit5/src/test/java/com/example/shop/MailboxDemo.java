package com.example.shop;

import static dev.leakcheck.model.LeakKind.LEFTOVER_QUEUE;
import static dev.leakcheck.model.LeakKind.STUCK_ON_QUEUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumers and producers that wait for ever, and mail that nobody took. */
@ExtendWith(LeakCheckExtension.class)
class MailboxDemo {

  private final BlockingQueue<Mail> inbox = new LinkedBlockingQueue<>();

  private record Mail(String subject) {}

  @Test
  @Leaves(STUCK_ON_QUEUE)
  void deliversMailToAReaderThatWaitsForMore() throws Exception {
    BlockingQueue<Mail> mails = new LinkedBlockingQueue<>();
    Reader reader = new Reader(mails);
    reader.start();
    mails.put(new Mail("hello"));
  }

  @Test
  void deliversMailToAReaderThatIsInterrupted() throws Exception {
    BlockingQueue<Mail> mails = new LinkedBlockingQueue<>();
    Reader reader = new Reader(mails);
    reader.start();
    mails.put(new Mail("hello"));
    reader.interrupt();
    reader.join();
  }

  @Test
  @Leaves(STUCK_ON_QUEUE)
  void sendsMoreMailThanTheOutboxHolds() {
    BlockingQueue<Mail> outbox = new ArrayBlockingQueue<>(1);
    new Sender(outbox, 2).start();
  }

  @Test
  void sendsMoreMailThanTheOutboxHoldsAndEmptiesIt() throws Exception {
    BlockingQueue<Mail> outbox = new ArrayBlockingQueue<>(1);
    Sender sender = new Sender(outbox, 2);
    sender.start();
    assertThat(outbox.take().subject()).isEqualTo("mail 1");
    assertThat(outbox.take().subject()).isEqualTo("mail 2");
    sender.join();
  }

  @Test
  @Leaves(LEFTOVER_QUEUE)
  void receivesMailThatNobodyReads() throws Exception {
    Sender sender = new Sender(inbox, 2);
    sender.start();
    sender.join();
  }

  @Test
  void receivesMailAndReadsIt() {
    inbox.add(new Mail("hello"));
    assertThat(inbox.poll()).isEqualTo(new Mail("hello"));
  }

  /** Reads mail until it is interrupted. */
  private static final class Reader extends Thread {
    private final BlockingQueue<Mail> mails;

    Reader(BlockingQueue<Mail> mails) {
      super("mail-reader");
      this.mails = mails;
    }

    @Override
    public void run() {
      try {
        while (true) {
          mails.take();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Puts some mails into an outbox, and waits while it is full. */
  private static final class Sender extends Thread {
    private final BlockingQueue<Mail> outbox;
    private final int count;

    Sender(BlockingQueue<Mail> outbox, int count) {
      super("mail-sender");
      this.outbox = outbox;
      this.count = count;
    }

    @Override
    public void run() {
      try {
        for (int i = 1; i <= count; i++) {
          outbox.put(new Mail("mail " + i));
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
