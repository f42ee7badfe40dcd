package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * The object that a thread is blocked on or parked for.
 *
 * @param type class name of the object
 * @param identity its identity hash code
 * @param owner id of the thread that owns it, or null if it has no owner or that is not known
 */
public record Blocker(String type, int identity, @Nullable Long owner) {

  /**
   * Reads the form {@code java.lang.Object#toString} would give: class name, {@code @}, identity
   * hash code in hexadecimal.
   *
   * @param text the text
   * @param owner id of the owning thread, or null
   * @return the blocker, or null if the text is of another form
   */
  public static @Nullable Blocker parse(String text, @Nullable Long owner) {
    int at = text.lastIndexOf('@');
    if (at <= 0 || at == text.length() - 1) {
      return null;
    }
    try {
      return new Blocker(
          text.substring(0, at), Integer.parseUnsignedInt(text, at + 1, text.length(), 16), owner);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /**
   * Whether it is the same object, whoever owns it.
   *
   * @param other another blocker
   * @return true if type and identity hash code are the same
   */
  public boolean isSameAs(Blocker other) {
    return identity == other.identity && type.equals(other.type);
  }

  @Override
  public String toString() {
    return type + "@" + Integer.toHexString(identity);
  }
}
