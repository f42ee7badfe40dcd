/**
 * For those who build LeakCheck into a test framework. Users of LeakCheck need nothing of it.
 *
 * <p>A module that does so
 *
 * <ol>
 *   <li>reads the user's settings with {@link dev.leakcheck.LeakCheckSettings#from} and makes
 *       {@link dev.leakcheck.integration.TestOptions} of them;
 *   <li>calls {@link dev.leakcheck.integration.TestScope#listExecutors()}, opens a {@link
 *       dev.leakcheck.integration.TestScope} for the run, and says {@link
 *       dev.leakcheck.integration.RunReport#begin};
 *   <li>opens a scope for each test before its instance is built, {@linkplain
 *       dev.leakcheck.integration.TestOptions#brief() brief} and {@linkplain
 *       dev.leakcheck.integration.TestOptions#within inside} that of its class or of the run, and
 *       {@linkplain dev.leakcheck.integration.TestScope#watch watches} the instance;
 *   <li>{@linkplain dev.leakcheck.integration.TestScope#enter() enters} the scope around the user's
 *       own constructors and methods, and {@linkplain dev.leakcheck.integration.TestScope#pause()
 *       pauses} in between, where other extensions work;
 *   <li>asks for {@linkplain dev.leakcheck.integration.TestScope#findings() findings} after
 *       everything that closes the test's fixture, records them with {@link
 *       dev.leakcheck.integration.RunReport#checked}, makes a {@link
 *       dev.leakcheck.LeakAssertionError} of them, with the stack trace of {@link
 *       dev.leakcheck.integration.FailurePlace} where the test is not on the stack any more, or
 *       attaches that to the test's own failure, and {@linkplain
 *       dev.leakcheck.integration.TestScope#end() ends} the scope whatever happens.
 * </ol>
 *
 * <p>Where tests run at the same time and the scope is not {@linkplain
 * dev.leakcheck.integration.TestScope#isExact() exact}, a test's check has to move to the scope
 * around all of them: nobody could tell whose thread it is. In which test that scope's check says a
 * thread was made, it knows by the tests' {@link dev.leakcheck.integration.TestTime}s.
 *
 * <pre>{@code
 * LeakCheckSettings settings = LeakCheckSettings.from(framework::setting);
 * TestOptions options = TestOptions.of(LeakCheckOptions.of(settings));
 * TestScope.listExecutors();
 * TestScope run = TestScope.open(options.named("this run").brief().byEntry());
 *
 * // for each test
 * TestScope scope =
 *     TestScope.open(options.named("OrderTest.places()").brief().byEntry().within(run));
 * try {
 *   try (TestScope.Entry own = scope.enter()) {
 *     OrderTest test = new OrderTest();
 *     scope.watch(test);
 *     test.places();
 *   }
 *   Findings findings = scope.findings();
 *   RunReport.checked(scope, findings, ReportEntry.Level.METHOD, "OrderTest", "places");
 *   if (!findings.isEmpty()) {
 *     throw new LeakAssertionError(findings);
 *   }
 * } finally {
 *   scope.end();
 * }
 * }</pre>
 *
 * <p>Where the settings' mode is {@code off}, none of this is to be called; where it is {@code
 * warn}, findings are logged and not thrown.
 */
@NullMarked
package dev.leakcheck.integration;

import org.jspecify.annotations.NullMarked;
