package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * Whose code made a thing, and how its owner could have stopped it. Immutable.
 *
 * @param frame the code that answers for it: the innermost that is no static factory, or, if that
 *     is a library's, what the user called of the library
 * @param called what the user, or a factory, called of the same object: the same code, or what led
 *     to it, such as a constructor
 * @param call the line that calls that; null if that is not known
 * @param caller the user's code that had it made there: the same, or what called it where that is a
 *     factory; null if that is not known
 * @param type class name of the object whose code it is, as the user knows it: the frame's class,
 *     or one that extends it
 * @param stop the method of that class, its own or inherited, which is there to stop what it made,
 *     such as {@code close}; null if it has none
 * @param librarys whether the frame is a library's
 * @param deed what the frame's method does with the object of that class
 * @param whole another object of the library's, to which the user's code gave the object of that
 *     class, and which may stop it when it is stopped itself; null if none is known
 */
public record Maker(
    StackTraceElement frame,
    StackTraceElement called,
    @Nullable StackTraceElement call,
    @Nullable StackTraceElement caller,
    String type,
    @Nullable String stop,
    boolean librarys,
    Deed deed,
    @Nullable Maker whole) {

  /**
   * One that was given to no other object.
   *
   * @param frame the code that answers for it
   * @param call the line that calls that code; null if that is not known
   * @param caller the user's code that had it made there; null if that is not known
   * @param type class name of the object whose code it is
   * @param stop the method of that class which is there to stop what it made; null if it has none
   * @param librarys whether the frame is a library's
   * @param deed what the frame's method does with the object of that class
   */
  public Maker(
      StackTraceElement frame,
      @Nullable StackTraceElement call,
      @Nullable StackTraceElement caller,
      String type,
      @Nullable String stop,
      boolean librarys,
      Deed deed) {
    this(frame, frame, call, caller, type, stop, librarys, deed, null);
  }

  /**
   * The same, where other code of the same object led to what answers for it.
   *
   * @param outermost what was called of the object
   * @return a copy
   */
  public Maker calledAs(StackTraceElement outermost) {
    return new Maker(frame, outermost, call, caller, type, stop, librarys, deed, whole);
  }

  /**
   * The same as a part of another object.
   *
   * @param of the other object; null if there is none
   * @return a copy
   */
  public Maker partOf(@Nullable Maker of) {
    return new Maker(frame, called, call, caller, type, stop, librarys, deed, of);
  }

  /**
   * The same where a static method made it for whoever called that: its class does not stop.
   *
   * @param user whose code called it, as far as that is known
   * @return a copy
   */
  public Maker helping(Maker user) {
    Deed helps = user.isTests() ? Deed.HELPS_TEST : Deed.HELPS;
    return new Maker(frame, called, call, caller, user.type, stop, librarys, helps, whole);
  }

  /** What a method does with the object that would stop what it made. */
  public enum Deed {
    /** It makes it, or is the user's own. */
    MAKES,

    /** It is a static method of the user's, which an object of the class called. */
    HELPS,

    /** It is a static method of the user's, which a test called. */
    HELPS_TEST,

    /** It is a library's factory or builder, which gives it to the user. */
    GIVES,

    /** It is a library's and one of the object's own, which was there before. */
    USES,

    /** It is a library's, of something that the user had from the object. */
    USES_PART
  }

  /**
   * Whether nothing of the user's called the code: it is what a test runner calls.
   *
   * @return false also if it is a library's
   */
  public boolean isTests() {
    return !librarys && caller == null;
  }

  /**
   * Whether a static method of the user's made it, of a class that has nothing to stop it.
   *
   * @return false also if it is not known
   */
  public boolean helps() {
    return deed == Deed.HELPS || deed == Deed.HELPS_TEST;
  }

  /**
   * Whether it is an object of the user's own, which has a method to end what it made.
   *
   * @return false also if it is a library's
   */
  public boolean isUsersOwner() {
    return !librarys && stop != null;
  }

  /**
   * Whether a library's call made the object of that class, and that object has a method to stop
   * it.
   *
   * @return false also if it is the user's
   */
  public boolean isMadeByLibrary() {
    return librarys && stop != null && (deed == Deed.MAKES || deed == Deed.GIVES);
  }

  /**
   * What one call to the owner would end together: of a library all that one method of the user's
   * had it make, of the user's own class all that one method had an object of it make.
   *
   * @return the same for all such things, or null if no such call is known
   */
  public @Nullable String together() {
    if (caller == null || (stop == null && !librarys)) {
      return null;
    }
    return (librarys ? Stacks.home(deed == Deed.USES_PART ? type : frame.getClassName()) : type)
        + " for "
        + caller.getClassName()
        + "."
        + caller.getMethodName();
  }
}
