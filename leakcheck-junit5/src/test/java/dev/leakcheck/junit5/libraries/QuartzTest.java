package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

class QuartzTest extends LibraryTest {

  private static CountDownLatch ran;

  /** Says that it ran. */
  public static final class Ping implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      ran.countDown();
    }
  }

  @Test
  void aSchedulerThatWasShutDownIsNoLeak() throws Exception {
    LeakScope scope = open();

    Scheduler scheduler = start("stopped");
    scheduler.shutdown(true);

    assertClean(scope);
  }

  @Test
  void aSchedulerWhoseWorkersStillEndIsNoLeak() throws Exception {
    LeakScope scope = open();

    Scheduler scheduler = start("stopping");
    scheduler.shutdown();

    assertClean(scope);
  }

  @Test
  void theElevenThreadsOfAForgottenSchedulerAreOneLeak() throws Exception {
    LeakScope scope = openLeaky();

    Scheduler scheduler = start("forgotten");
    try {
      Finding finding = assertOne(scope, "Quartz (forgotten)", "Scheduler.shutdown(true)");
      assertThat(finding.threads()).hasSize(11);
    } finally {
      scheduler.shutdown(true);
    }
  }

  @Test
  void aSchedulerThatWasNeverStartedHoldsThreadsAllTheSame() throws Exception {
    LeakScope scope = openLeaky();

    Scheduler scheduler = create("created");
    try {
      assertOne(scope, "Quartz (created)", "Scheduler.shutdown(true)");
    } finally {
      scheduler.shutdown(true);
    }
  }

  @Test
  void twoForgottenSchedulersAreTwoLeaks() throws Exception {
    LeakScope scope = openLeaky();

    Scheduler first = start("first");
    Scheduler second = start("second");
    try {
      List<Finding> findings = assertEach(scope, 2, "Quartz");
      assertThat(findings)
          .extracting(Finding::title)
          .anyMatch(title -> title.contains("first"))
          .anyMatch(title -> title.contains("second"));
    } finally {
      first.shutdown(true);
      second.shutdown(true);
    }
  }

  private static Scheduler create(String name) throws SchedulerException {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", name);
    properties.setProperty("org.quartz.threadPool.threadCount", "10");
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    return new StdSchedulerFactory(properties).getScheduler();
  }

  /** A scheduler that has run a job, and will again. */
  private static Scheduler start(String name) throws Exception {
    ran = new CountDownLatch(1);
    Scheduler scheduler = create(name);
    scheduler.scheduleJob(
        JobBuilder.newJob(Ping.class).withIdentity("ping").build(),
        TriggerBuilder.newTrigger()
            .startNow()
            .withSchedule(SimpleScheduleBuilder.repeatHourlyForever())
            .build());
    scheduler.start();
    ran.await();
    return scheduler;
  }
}
