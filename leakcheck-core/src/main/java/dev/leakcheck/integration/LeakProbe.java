package dev.leakcheck.integration;

import dev.leakcheck.model.OpenResource;
import java.util.Collection;

/**
 * Finds leaks of a kind of your own: leases, connections, sessions, file handles. It lists what is
 * open; what is open at the end of a test, and was not at its begin, is told as any other leak is,
 * once the settle time is over.
 *
 * <p>LeakCheck finds it by {@link java.util.ServiceLoader} for all scopes of test frameworks, or is
 * {@linkplain TestScope#probe given} it for one.
 *
 * <p>It is asked when a scope opens and when it is checked, and again while a check waits, on a
 * thread of LeakCheck's own and by one thread at a time. If it throws, answers with null, names one
 * id twice or takes longer than five seconds, then the report says that this kind was not looked
 * for, and nothing fails for it. A thread that it starts is taken for the test's: what it needs is
 * best made with it.
 */
public interface LeakProbe {

  /**
   * The name of the kind, in messages, reports, allowances and the baseline. Always the same.
   *
   * @return lower-case letters, digits and hyphens, such as {@code held-lease}, and no kind of
   *     LeakCheck's; at most 50 characters
   */
  String kind();

  /**
   * What is open now, whoever opened it.
   *
   * @return in any order; never null
   * @throws Exception if it cannot be known
   */
  Collection<OpenResource> open() throws Exception;
}
