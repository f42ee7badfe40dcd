package dev.leakcheck.capture.record;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the agent said of itself, and the switch of its hooks, which are on while any scope is open.
 *
 * <p>Thread-safe. Everything is written under this object's lock, so that hooks of an agent that
 * comes while a scope is opened or closed end up as the scopes want them. {@link OpenScopes} calls
 * {@link #switchHooks} with its own lock held; nothing here calls back. The parts and the refusals
 * are volatile as they are read without the lock; neither is changed once it is published.
 */
final class Connection {

  private volatile Set<Part> parts = Set.of();
  private volatile List<String> refusals = List.of();

  /** Guarded by this; null while there is no agent. */
  private @Nullable Consumer<Boolean> hooks;

  /** Whether the hooks are wanted. Guarded by this. */
  private boolean on;

  /** The agent is in place; see {@link Births#connect}. */
  synchronized void connect(
      Set<Part> recorded, List<String> refused, Consumer<Boolean> hookSwitch) {
    refusals = List.copyOf(refused);
    hooks = hookSwitch;
    parts = recorded.isEmpty() ? Set.of() : EnumSet.copyOf(recorded);
    LockBirth.load();
    hookSwitch.accept(on);
  }

  /** The agent could not be put in place; see {@link Births#fail}. */
  synchronized void fail(String why) {
    List<String> more = new ArrayList<>(refusals);
    more.add(why);
    refusals = List.copyOf(more);
  }

  /** Switches the hooks on or off, now and of an agent that is yet to come. */
  synchronized void switchHooks(boolean wanted) {
    on = wanted;
    if (hooks != null) {
      hooks.accept(wanted);
    }
  }

  /** Whether the hooks for a part work. */
  boolean records(Part part) {
    return parts.contains(part);
  }

  /** A sentence for each part that could not be hooked. */
  List<String> refusals() {
    return refusals;
  }
}
