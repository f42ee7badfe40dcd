package dev.leakcheck.model;

import java.util.List;

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
   */
  record Known(List<StackTraceElement> stack, String thread, String scope, boolean shared)
      implements Origin {
    /** Copies the stack. */
    public Known {
      stack = List.copyOf(stack);
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
