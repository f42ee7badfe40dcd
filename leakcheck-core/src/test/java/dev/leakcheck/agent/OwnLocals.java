package dev.leakcheck.agent;

/** Thread-locals that hold their class's own instances, and what their code does with them. */
final class OwnLocals {

  private OwnLocals() {}

  /** A cache for each thread: made where it is read first. */
  static class Cache {
    private static final ThreadLocal<Cache> LOCAL = new ThreadLocal<>();

    int hits;

    static Cache get() {
      Cache cache = LOCAL.get();
      if (cache == null) {
        cache = new Cache();
        LOCAL.set(cache);
      }
      return cache;
    }

    static void drop() {
      LOCAL.set(null);
    }
  }

  /** The field is its package's, and the code a subclass's, which takes a copy of the field. */
  static class Slots {
    static final ThreadLocal<PaddedSlots> SLOTS = new ThreadLocal<>();
  }

  static final class PaddedSlots extends Slots {
    int used;

    static PaddedSlots get() {
      ThreadLocal<PaddedSlots> slots = Slots.SLOTS;
      PaddedSlots found = slots.get();
      if (found == null) {
        found = new PaddedSlots();
        slots.set(found);
      }
      return found;
    }
  }

  /** Begun by whoever wants one; it only looks whether the last was ended. */
  static class Session {
    private static final ThreadLocal<Session> CURRENT = new ThreadLocal<>();

    static Session begin() {
      if (CURRENT.get() != null) {
        throw new IllegalStateException("the last session was not ended");
      }
      Session session = new Session();
      CURRENT.set(session);
      return session;
    }
  }

  /** Made for somebody: another thread's cannot be the same. */
  static class Tenant {
    private static final ThreadLocal<Tenant> CURRENT = new ThreadLocal<>();

    final String name;

    Tenant(String name) {
      this.name = name;
    }

    static Tenant of(String name) {
      Tenant tenant = CURRENT.get();
      if (tenant == null) {
        tenant = new Tenant(name);
        CURRENT.set(tenant);
      }
      return tenant;
    }
  }

  /** Made where it is read, and given by others as well. */
  static class Context {
    private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();

    static Context get() {
      Context context = CURRENT.get();
      if (context == null) {
        context = new Context();
        CURRENT.set(context);
      }
      return context;
    }

    static void enter(Context context) {
      CURRENT.set(context);
    }
  }

  /** Everybody may set it. */
  static class Shown {
    public static final ThreadLocal<Shown> CURRENT = new ThreadLocal<>();

    static Shown get() {
      Shown shown = CURRENT.get();
      if (shown == null) {
        shown = new Shown();
        CURRENT.set(shown);
      }
      return shown;
    }
  }
}
