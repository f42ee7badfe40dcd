package dev.leakcheck.capture.record;

import dev.leakcheck.model.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is made while a scope is open, recorded as it is made. The agent's hooks write it down
 * through {@link #hooks()}; without an agent nothing does.
 *
 * <p>This class is the face of it, and has no state of its own: {@link Connection} keeps what the
 * agent records, {@link Places} what each thread works for, {@link OpenScopes} the scopes and what
 * is in them, and {@link Ownership} has the rules of whose a thing is. Each says how it is
 * thread-safe; all of it is.
 */
public final class Births {

  private static final Births JVM = new Births();

  private final Connection agent = new Connection();
  private final Places places = new Places();
  private final OpenScopes scopes = new OpenScopes(agent);
  private final Ownership ownership = new Ownership(places, scopes);
  private final BirthHooks hooks = new BirthHooks(scopes, ownership);

  Births() {}

  /**
   * The records of this JVM.
   *
   * @return the one instance
   */
  public static Births jvm() {
    return JVM;
  }

  // The agent

  /**
   * What the agent's hooks call.
   *
   * @return always the same
   */
  public BirthHooks hooks() {
    return hooks;
  }

  /**
   * The agent is in place.
   *
   * @param recorded the parts whose hooks were tried and work
   * @param refused for each part that is not recorded, a sentence for a person
   * @param hookSwitch switches the hooks on (true) and off; they are off at first
   */
  public void connect(Set<Part> recorded, List<String> refused, Consumer<Boolean> hookSwitch) {
    agent.connect(recorded, refused, hookSwitch);
  }

  /**
   * The agent could not be put in place.
   *
   * @param why a sentence for a person
   */
  public void fail(String why) {
    agent.fail(why);
  }

  /**
   * Whether the hooks for a part work.
   *
   * @param part the part
   * @return true if they do
   */
  public boolean records(Part part) {
    return agent.records(part);
  }

  /**
   * What the agent could not hook.
   *
   * @return a sentence for each part, empty if there is no agent or nothing was refused
   */
  public List<String> refusals() {
    return agent.refusals();
  }

  // Open, enter, close

  /**
   * Opens a scope around what the current thread does from now on.
   *
   * @param name as messages call it
   * @return the scope
   */
  public BirthScope open(String name) {
    BirthScope scope = scopes.open(name, places.working(), BirthScope.Kind.BY_THREAD);
    places.workFor(scope);
    return scope;
  }

  /**
   * Opens a scope that only code which {@linkplain #enter enters} it works for. What the current
   * thread makes meanwhile belongs to nobody.
   *
   * @param name as messages call it
   * @param around the scope around it, or null
   * @return the scope
   */
  public BirthScope openByEntry(String name, @Nullable BirthScope around) {
    BirthScope scope = scopes.open(name, around, BirthScope.Kind.BY_ENTRY);
    places.workForNobody(scope);
    return scope;
  }

  /**
   * Opens a scope for whatever is made from now on, on any thread.
   *
   * @param name as messages call it
   * @return the scope
   */
  public BirthScope openForAll(String name) {
    return scopes.openForAll(name);
  }

  /**
   * The current thread works for a scope until {@link #leave}.
   *
   * @param scope the scope
   */
  public void enter(BirthScope scope) {
    scope.entered();
    places.workFor(scope);
  }

  /**
   * The current thread does not work for a scope any more.
   *
   * @param scope the scope
   */
  public void leave(BirthScope scope) {
    scope.left();
    places.leave(scope);
  }

  /**
   * Closes a scope: what is left of it goes to the scope around it.
   *
   * @param scope the scope; one that is closed already is left as it is
   */
  public void close(BirthScope scope) {
    if (scopes.beginClose(scope)) {
      places.close(scope);
      scope.close();
      scopes.remove(scope);
      scopes.endIfLast();
    }
  }

  /**
   * Closes a scope as {@link #close} does, but what is left of it is nobody's.
   *
   * @param scope the scope; one that is closed already is left as it is
   */
  public void abandon(BirthScope scope) {
    scope.disown();
    close(scope);
  }

  // Ask

  /**
   * What was made in a scope and may still be there.
   *
   * @param <B> what sort of births is wanted
   * @param scope the scope
   * @param type what sort of births is wanted
   * @param wanted which of them
   * @return those of the scope and of scopes inside it; for a scope that is for all, whatever was
   *     made since it opened
   */
  public <B extends Birth> List<B> in(BirthScope scope, Class<B> type, Predicate<B> wanted) {
    return scopes.in(scope, type, wanted);
  }

  /**
   * The order of births so far.
   *
   * @return the number of the last
   */
  public long last() {
    return scopes.last();
  }

  /**
   * The birth of an object.
   *
   * @param object a thread, an executor or a queue
   * @return its birth, or null if it was made in no open scope
   */
  public @Nullable Birth of(Object object) {
    return scopes.birth(object);
  }

  /**
   * Whether a thread made something that is older than a scope and entered none.
   *
   * @param birth of what was made
   * @param scope the scope
   * @return false, too, if it is not told who works for the scope
   */
  public static boolean isMadeByOlder(Birth birth, BirthScope scope) {
    return scope.kind() != BirthScope.Kind.FOR_ALL && birth.isMadeByOlder(scope);
  }

  /**
   * Whether an object was made after a scope was opened, in whichever scope; of a worker counts
   * when its executor was made.
   *
   * @param object a thread or an executor
   * @param scope the scope
   * @return false, too, if it was made in no open scope
   */
  public boolean isLater(Object object, BirthScope scope) {
    Birth birth = scopes.birth(object);
    return birth != null && birth.numberOfMade() > scope.openedAt();
  }

  /**
   * The scope in which a thread was made that is no daemon and outlived it.
   *
   * @param thread a thread
   * @return the scope's name, also when all scopes are closed; null if it was made in none, or for
   *     several at once
   */
  public @Nullable String madeIn(Thread thread) {
    Birth birth = of(thread);
    if (birth == null) {
      return scopes.madeIn(thread);
    }
    return birth.origin() instanceof Origin.Known known && !known.scope().isEmpty()
        ? known.scope()
        : null;
  }

  /**
   * The live workers of executors that outlive a scope: they were made in the scopes around it, or
   * while a class was initialised, be it in the scope itself.
   *
   * @param scope the scope
   * @return platform threads
   */
  public List<Thread> workersAround(BirthScope scope) {
    List<Thread> workers = new ArrayList<>();
    for (ThreadBirth worker : scope.workers()) {
      ExecutorBirth executor = worker.executor();
      Thread thread = worker.alive();
      if (thread != null && !worker.isNobodys() && executor != null && executor.isStatic()) {
        workers.add(thread);
      }
    }
    for (BirthScope outer = scope.parent(); outer != null; outer = outer.parent()) {
      for (ThreadBirth worker : outer.workers()) {
        Thread thread = worker.alive();
        if (thread != null && !worker.isNobodys()) {
          workers.add(thread);
        }
      }
    }
    return workers;
  }

  /**
   * Whether code of other scopes ran at the same time as a scope's: of any that is neither around
   * it nor inside it, or of none at all.
   *
   * @param scope an open scope
   * @return true if it did
   */
  public boolean isOverlapped(BirthScope scope) {
    return Ownership.isOverlapped(scope);
  }

  /**
   * Whether an object was made in a scope.
   *
   * @param object a thread, an executor or a queue
   * @param scope the scope
   * @return true if it was made in it, or in a scope inside it
   */
  public boolean isIn(Object object, BirthScope scope) {
    return ownership.isIn(object, scope);
  }

  /**
   * Whether an object was made in a scope that is neither around the given one nor inside it.
   *
   * @param object a thread
   * @param scope the scope
   * @return true if it was made in a scope beside the given one
   */
  public boolean isBeside(Object object, BirthScope scope) {
    return ownership.isBeside(object, scope);
  }

  /**
   * Who answers for what becomes of something.
   *
   * @param object a thread or a future task
   * @return the owner, or null if it was made in no open scope, or comes of a leak that was told
   */
  public @Nullable Owner owner(Object object) {
    return ownership.owner(object);
  }

  /**
   * Whether a scope answers for something.
   *
   * @param owner who answers for it
   * @param scope the scope
   * @return true if it is the owner's, or around that
   */
  public boolean answers(Owner owner, BirthScope scope) {
    return ownership.answers(owner, scope);
  }

  /**
   * Whether the current thread runs a scope's own code, rather than work that it gave away.
   *
   * @return true if it does
   */
  public boolean isInScope() {
    return places.current() != null;
  }
}
