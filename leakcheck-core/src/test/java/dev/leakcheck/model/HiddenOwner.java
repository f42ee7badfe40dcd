package dev.leakcheck.model;

/** Has a public method to stop it, which nobody outside its package can call. */
public final class HiddenOwner {

  private HiddenOwner() {}

  /** One that holds an object. */
  public static Object with(Object inside) {
    return new Inner(inside);
  }

  static final class Inner {
    final Object inside;

    Inner(Object inside) {
      this.inside = inside;
    }

    public void stop() {}
  }
}
