package dev.leakcheck.cli;

/** What the gate prints, whole. */
final class GoldenGate {

  static final String TEXT =
      """
      new: unclosed-executor, com.acme.OrderService.<init>
        found in OrderTest.places() (2 times, 2 JVMs)
        id daa66d2c7ddf743f

        LeakCheck: OrderTest.places() left 1 thing behind

        1) unclosed-executor   ThreadPoolExecutor@6b2f, never shut down
             why        an executor was never shut down after the test
             created at com.acme.OrderService.<init>(OrderService.java:31)
                        com.acme.OrderTest.places(OrderTest.java:18)
             fix        end it when OrderService is closed, or close that in @AfterEach
             id         daa66d2c7ddf743f

      expired: leftover-queue, com.acme.MailService.<init>
        accepted until 2026-02-28 by team-orders: expired (legacy)
        found in MailTest.sends()
        id a708a824f612c926

        LeakCheck: MailTest.sends() left 1 thing behind

        1) leftover-queue   LinkedBlockingQueue in field OrderTest.inbox
             why        a queue still holds elements that nobody took after the test
             created at com.acme.MailService.<init>(MailService.java:31)
                        com.acme.MailTest.sends(MailTest.java:18)
             fix        end it when MailService is closed, or close that in @AfterEach
             id         a708a824f612c926

      known, in the baseline:
        stray-thread, com.acme.OrderService.<init>: legacy, team-orders, until 2026-03-31

      allowed by annotations and options:
        stray-interrupt, com.acme.FeedService.<init>: old feed

      in the baseline and not found any more (--prune):
        uncancelled-timer, com.acme.Reminder.start: being replaced

      not seen: JDK 17 has no virtual threads
      LeakCheck gate failed: 1 new leak, 1 expired leak (1 known leak, 1 allowed, 1 gone; 3 checks in 3 JVMs)
      """;

  static final String JSON =
      """
      {
        "leakcheckGate": 1,
        "verdict": "leaks",
        "exitCode": 1,
        "unchecked": [],
        "date": "2026-03-01",
        "jvms": 2,
        "checks": 2,
        "baseline": true,
        "counts": {
          "new": 1,
          "allowed": 0,
          "known": 1,
          "expired": 0,
          "gone": 1,
          "unseen": 0,
          "pruned": 0
        },
        "leaks": [
          {
            "verdict": "new",
            "kind": "unclosed-executor",
            "fingerprint": "daa66d2c7ddf743f",
            "place": "com.acme.OrderService.<init>",
            "title": "ThreadPoolExecutor@6b2f, never shut down",
            "createdAt": "com.acme.OrderService.<init>(OrderService.java:31)",
            "occurrences": 1,
            "jvms": 1,
            "scopes": [
              "OrderTest.places()"
            ]
          },
          {
            "verdict": "known",
            "kind": "stray-thread",
            "fingerprint": "f1bbcdcbfa53e0a8",
            "place": "com.acme.OrderService.<init>",
            "title": "\\"stray-thread-worker-1\\": a thread is still alive",
            "createdAt": "com.acme.OrderService.<init>(OrderService.java:31)",
            "reason": "legacy",
            "owner": "team-orders",
            "expires": "2026-03-01",
            "occurrences": 1,
            "jvms": 1,
            "scopes": [
              "OrderTest.places()"
            ]
          }
        ],
        "gone": [
          {
            "kind": "uncancelled-timer",
            "fingerprint": "00000000000000aa",
            "place": "com.acme.Reminder.start",
            "reason": "being replaced"
          }
        ],
        "unseen": [],
        "incomplete": [],
        "problems": [],
        "coverage": [
          {
            "text": "JDK 17 has no virtual threads",
            "times": 1
          }
        ]
      }
      """;

  private GoldenGate() {}
}
