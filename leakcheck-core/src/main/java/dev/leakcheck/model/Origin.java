package dev.leakcheck.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a thing was created, or why that is not known. */
public sealed interface Origin {

  /**
   * A creation that was seen.
   *
   * @param stack innermost frame first, from the thing's constructor or {@code start()} outwards
   * @param thread name of the thread that created it, as it was set; empty if it is not known
   * @param scope name of the scope it was created in
   * @param shared whether it was created by a thread that works for several scopes, so that it is
   *     not known for which of them
   * @param maker whose code it was, as far as the classes of the stack tell; null if they were not
   *     asked
   */
  record Known(
      List<StackTraceElement> stack,
      String thread,
      String scope,
      boolean shared,
      @Nullable Maker maker)
      implements Origin {
    private static final Set<String> TEST_THREADS = Set.of("main", "Test worker");

    /** Copies the stack. */
    public Known {
      stack = List.copyOf(stack);
    }

    /**
     * A creation of which the classes were not asked.
     *
     * @param stack innermost frame first
     * @param thread name of the thread that created it
     * @param scope name of the scope it was created in
     * @param shared whether that thread works for several scopes
     */
    public Known(List<StackTraceElement> stack, String thread, String scope, boolean shared) {
      this(stack, thread, scope, shared, null);
    }

    /**
     * Whether the thread made it that runs the tests, as far as its name and stack tell.
     *
     * @return true also if it is not known
     */
    public boolean isByTestsThread() {
      return thread.isEmpty()
          || TEST_THREADS.contains(thread)
          || stack.stream().anyMatch(Stacks::isTestRunner);
    }

    /**
     * The user's code that had it made: of what a library made, the code that called the library.
     *
     * @return the same as {@link #owner()} where no such call is known; empty if there is none
     */
    public Optional<StackTraceElement> users() {
      return maker != null && maker.librarys() && maker.caller() != null
          ? Optional.of(maker.caller())
          : owner();
    }

    /**
     * The code that answers for it.
     *
     * @return the maker's frame, or the innermost that is neither the JDK's nor a test runner's;
     *     empty if there is none
     */
    public Optional<StackTraceElement> owner() {
      return maker == null ? Stacks.firstOwnFrame(stack) : Optional.of(maker.frame());
    }
  }

  /**
   * A creation that was not seen.
   *
   * @param reason why it is not known, for a person
   */
  record Unknown(String reason) implements Origin {

    /** There is no agent, so no creation is seen. */
    public static final Unknown NOT_RECORDED =
        new Unknown("creation is not recorded without an agent");
  }
}
