package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.HttpClients;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.Loops;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.waits.ClassWaits;
import dev.leakcheck.capture.waits.Wakers;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.MadeWhile;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.LiveExecutors;
import dev.leakcheck.engine.tier.MakerFinder;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Waker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the evidence against what is left: joins threads, executors and the objects in fields,
 * and drops what belongs to somebody else. Used by one thread.
 */
public final class Evidences {

  private final Suspicion suspicion;
  private final ThreadDump dump;
  private final List<Holding> reachable;
  private final Supplier<Set<Object>> shared;

  private final List<Thread> live;
  private final List<ThreadRecord> described;
  private final Map<ThreadRecord, ThreadBirth> timers = new LinkedHashMap<>();
  private final List<ThreadRecord> threads = new ArrayList<>();
  private final Map<String, ExecutorRecord> executors = new LinkedHashMap<>();
  private final Map<String, ExecutorService> objects = new HashMap<>();
  private final Map<Long, Holder> threadHolders = new HashMap<>();
  private final Map<String, Holder> executorHolders = new HashMap<>();
  private final Map<String, String> wholes = new HashMap<>();
  private final List<KnownThread> benign = new ArrayList<>();
  private final Spared spared = new Spared();
  private final OtherThreads others;
  private final QueueEvidence queues;
  private final SharedWorkers sharedWorkers;
  private List<Symptom> symptoms = List.of();
  private Coverage coverage;

  private Evidences(Suspicion suspicion, ThreadDump dump) {
    this.suspicion = suspicion;
    suspicion.looked(dump);
    suspicion.born().gather();
    suspicion.collected().collectAnew();
    this.dump = dump;
    this.reachable = suspicion.owners().reachable();
    this.shared = suspicion.owners().sharedIfAsked();
    this.live = suspicion.suspects().threads();
    this.described = Loops.describe(live); // at once: each may end and be followed by another
    for (ThreadBirth timer : suspicion.open().forgottenTimers()) {
      ThreadRecord thread = timer.forgottenTimer();
      if (thread != null) {
        timers.put(thread, timer);
      }
    }
    this.others = new OtherThreads(suspicion, dump, reachable);
    this.queues = new QueueEvidence(suspicion, reachable, shared);
    this.sharedWorkers = new SharedWorkers(suspicion.suspects());
    this.coverage = dump.coverage();
  }

  public static Evidences collect(Suspicion suspicion, Inspectors inspectors, ThreadDump dump) {
    Evidences evidences = new Evidences(suspicion, dump);
    evidences.gatherThreads();
    evidences.symptoms =
        evidences.sharedWorkers.and(
            inspectors.inspect(suspicion)); // some look at the threads that were gathered
    evidences.gatherExecutors();
    evidences.dropWorkersOfOthers();
    evidences.spared.joinTold(evidences.threads, evidences.benign, suspicion.suspects());
    evidences.addHoldersOfTimers();
    evidences.others.addMonitors(evidences.threads);
    return evidences;
  }

  /** All that was gathered. */
  public Evidence evidence() {
    List<QueueRecord> leftovers = queues.leftovers();
    coverage = coverage.and(suspicion.open().coverage());
    List<QueueRecord> known = queues.all(threads);
    Map<Long, QueueRecord> waitsOn = queues.waitedOnBy(live);
    Evidence.Origins origins = origins(identities(leftovers, known, waitsOn.values()));
    RunningCode code = new RunningCode(suspicion.makers(), threads);
    Set<Long> librarys = code.ofLibrarysAlone();
    WorkedFor.holders(suspicion.scope(), live, origins.threads(), librarys)
        .forEach(threadHolders::putIfAbsent);
    return new Evidence(
        threads,
        Evidence.isAnyMoving(threads),
        List.copyOf(executors.values()),
        leftovers,
        known,
        threadHolders,
        executorHolders,
        origins,
        waitsOn,
        wakers(),
        leftBy(),
        madeWhile(),
        symptoms,
        suspicion.scope().options().name(),
        AtHand.means(suspicion.scope().instances(), suspicion.scope().classes()),
        code.code(origins, holders(), KnownStops.ifAsked(suspicion.scope(), librarys, symptoms)));
  }

  @SafeVarargs
  private static Set<Integer> identities(Collection<QueueRecord>... queues) {
    Set<Integer> identities = new HashSet<>();
    for (Collection<QueueRecord> some : queues) {
      some.forEach(queue -> identities.add(queue.identity()));
    }
    return identities;
  }

  /** Whether a thread ended between the look that found it and the one at what it does. */
  boolean missed() {
    return described.size() < live.size();
  }

  Map<String, Integer> benign() {
    return count(benign);
  }

  Coverage coverage() {
    return coverage;
  }

  /** How often each rule left a thread alone. What LeakCheck starts to look is not worth a word. */
  static Map<String, Integer> count(List<KnownThread> rules) {
    Map<String, Integer> counts = new TreeMap<>();
    for (KnownThread rule : rules) {
      if (!rule.id().equals("LEAKCHECK")) {
        counts.merge(rule.id(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private void gatherThreads() {
    Map<Long, String> executorOf = suspicion.suspects().employers().of(live, dump);
    for (Thread thread : live) {
      ExecutorService pool = LiveExecutors.of(thread, dump);
      if (pool != null) {
        objects.put(Identity.of(pool), pool);
      }
    }
    List<ThreadRecord> beyond = new ArrayList<>();
    for (ThreadRecord thread : described) {
      KnownThread rule = KnownThreads.match(thread).orElse(null);
      String executor = executorOf.getOrDefault(thread.id(), thread.executor());
      if (suspicion.suspects().isBeyond(thread.id())) {
        beyond.add(thread); // its executor is the library's, and nobody's to shut down
      } else if (rule != null) {
        spared.add(thread, rule);
        benign.add(rule);
        markBenign(executor);
      } else if (sharedWorkers.add(thread)) {
        markBenign(executor); // what all share is nobody's to shut down
      } else {
        threads.add(thread.inExecutor(executor));
      }
    }
    benign.addAll(suspicion.suspects().benignByName());
    suspicion.suspects().benignIds().forEach(id -> markBenign(executorOf.get(id)));
    threads.addAll(suspicion.suspects().virtual(dump));
    benign.addAll(suspicion.suspects().benignVirtual());
    addClientThreads();
    for (Holding held : reachable) {
      if (held.object() instanceof Thread thread && !shared.get().contains(thread)) {
        threadHolders.putIfAbsent(LiveThreads.id(thread), held.holder());
      }
    }
    Map<Long, Thread> byId = liveById();
    threads.removeIf(thread -> shared.get().contains(byId.get(thread.id())));
    if (!threads.isEmpty()) {
      new WorkerGroups(
              suspicion,
              suspicion.shared().ledger(),
              LiveThreads.all(),
              !dump.containers().isEmpty(),
              shared)
          .assign(threads);
    }
    threads.addAll(sharedWorkers.threads());
    threads.addAll(beyond);
    timers.keySet().removeIf(ended -> byId.containsKey(ended.id()));
    threads.addAll(timers.keySet());
  }

  private Map<Long, Thread> liveById() {
    Map<Long, Thread> byId = new HashMap<>();
    live.forEach(thread -> byId.put(LiveThreads.id(thread), thread));
    return byId;
  }

  private void markBenign(@Nullable String executor) {
    if (executor != null) {
      suspicion.shared().ledger().addBenignExecutor(executor);
    }
  }

  /** Threads of an HTTP client are benign, unless a field still holds the client, unclosed. */
  private void addClientThreads() {
    for (Holding held : suspicion.open().inFields()) {
      if (HttpClients.isClient(held.object()) && !shared.get().contains(held.object())) {
        String prefix = HttpClients.threadPrefix(held.object());
        List<Thread> own =
            LiveThreads.all().stream()
                .filter(thread -> !prefix.isEmpty() && thread.getName().startsWith(prefix))
                .filter(thread -> suspicion.newcomers().isNewPlatform(LiveThreads.id(thread)))
                .toList();
        for (ThreadRecord thread : LiveThreads.describe(own)) {
          threads.add(thread);
          threadHolders.put(thread.id(), held.holder());
          KnownThreads.byId("HTTP_CLIENT").ifPresent(benign::remove);
        }
      }
    }
  }

  private void gatherExecutors() {
    Map<String, List<Long>> workers = new HashMap<>();
    for (ThreadRecord thread : threads) {
      if (thread.executor() != null) {
        workers.computeIfAbsent(thread.executor(), id -> new ArrayList<>()).add(thread.id());
      }
    }
    ExecutorMatcher matcher =
        new ExecutorMatcher(suspicion, dump, reachable, shared, workers, objects);
    matcher.match();
    executors.putAll(matcher.executors());
    executorHolders.putAll(matcher.holders());
    wholes.putAll(matcher.wholes());
    if (!executors.isEmpty()) {
      executors
          .keySet()
          .removeAll(HeldServices.executors(suspicion, shared.get(), executors.values(), threads));
    }
    assignThreadsOfThirdParties();
    coverage = coverage.and(matcher.coverage());
  }

  /** What an executor's fields hold are its workers, though neither the JVM nor a name says so. */
  private void assignThreadsOfThirdParties() {
    Map<Long, String> executorOf = new HashMap<>();
    executors
        .values()
        .forEach(executor -> executor.threads().forEach(id -> executorOf.put(id, executor.id())));
    threads.replaceAll(
        thread ->
            thread.executor() == null ? thread.inExecutor(executorOf.get(thread.id())) : thread);
  }

  /** A worker of an executor that the scope did not make is not the scope's, however new it is. */
  private void dropWorkersOfOthers() {
    Set<Long> explained = new HashSet<>();
    symptoms.forEach(symptom -> explained.addAll(symptom.threads()));
    threads.removeIf(
        thread -> {
          String executor = thread.executor();
          return !explained.contains(thread.id())
              && (executor == null ? suspicion.isFieldsOnly() : !executors.containsKey(executor));
        });
    executors
        .values()
        .removeIf(
            executor ->
                executor.state() != null
                    && executor.state().shutdown()
                    && executor.threads().isEmpty());
  }

  private void addHoldersOfTimers() {
    if (threads.stream().anyMatch(thread -> thread.type().equals(CauseWriter.TIMER))) {
      List<Holder> ofOpen = new ArrayList<>();
      executors.values().stream()
          .filter(executor -> executor.state() == null || !executor.state().shutdown())
          .map(executor -> executorHolders.get(executor.id()))
          .filter(Objects::nonNull)
          .forEach(ofOpen::add);
      threads.stream()
          .map(thread -> threadHolders.get(thread.id()))
          .filter(Objects::nonNull)
          .forEach(ofOpen::add);
      List<Holding> own =
          reachable.stream().filter(held -> !shared.get().contains(held.object())).toList();
      HeldTimers.holders(threads, own, ofOpen).forEach(threadHolders::putIfAbsent);
    }
  }

  private Map<Long, Evidence.LeftBy> leftBy() {
    Map<Long, Evidence.LeftBy> leftBy = new HashMap<>();
    for (ThreadRecord thread : threads) {
      suspicion
          .shared()
          .entrusted()
          .by(thread.id())
          .ifPresent(scope -> leftBy.put(thread.id(), scope));
    }
    return leftBy;
  }

  /**
   * What ran while a thread was made: a thread that is older than the scope was only started in it.
   */
  private Map<Long, MadeWhile> madeWhile() {
    Map<Long, MadeWhile> madeWhile = new HashMap<>();
    if (suspicion.scope().options().isAroundTests()) {
      long since = suspicion.scope().baseline().reading().lastId();
      for (ThreadRecord thread : threads) {
        if (thread.id() > since) {
          suspicion
              .shared()
              .testTimes()
              .of(thread.id())
              .ifPresent(ran -> madeWhile.put(thread.id(), ran));
        }
      }
    }
    return madeWhile;
  }

  /** What is known of the things that threads wait for. */
  private Map<Long, Waker> wakers() {
    Map<Long, Thread> byId = liveById();
    Map<Long, Waker> wakers = new HashMap<>();
    for (ThreadRecord thread : threads) {
      Wakers.of(thread, byId.get(thread.id()), others)
          .ifPresent(waker -> wakers.put(thread.id(), waker));
    }
    wakers.putAll(ClassWaits.of(threads));
    return wakers;
  }

  private List<Holder> holders() {
    List<Holder> holders = new ArrayList<>(threadHolders.values());
    holders.addAll(executorHolders.values());
    return holders;
  }

  /** Where what is accused was made, and by whose code, as far as an agent recorded it. */
  private Evidence.Origins origins(Set<Integer> queueIds) {
    Born born = suspicion.born();
    MakerFinder makers = suspicion.makers();
    Map<Long, Origin> ofThreads = new HashMap<>();
    for (Thread thread : live) {
      born.birth(thread)
          .ifPresent(birth -> ofThreads.put(LiveThreads.id(thread), makers.find(birth)));
    }
    timers.forEach((thread, birth) -> ofThreads.put(thread.id(), makers.find(birth)));
    Map<String, Origin> ofExecutors = new HashMap<>();
    for (ExecutorBirth executor : born.executors()) {
      String identity = wholes.getOrDefault(executor.identity(), executor.identity());
      if (executors.containsKey(identity)) {
        ofExecutors.putIfAbsent(identity, makers.find(executor));
      }
    }
    Map<Integer, Origin> ofQueues = new HashMap<>();
    for (QueueBirth birth : born.queues()) {
      BlockingQueue<?> queue = birth.queue();
      if (queue != null && queueIds.contains(System.identityHashCode(queue))) {
        ofQueues.put(System.identityHashCode(queue), makers.find(birth));
      }
    }
    return new Evidence.Origins(ofThreads, ofExecutors, ofQueues);
  }
}
