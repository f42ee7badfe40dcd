package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A package whose fields cannot be read, as its module does not open it to LeakCheck. There is none
 * where all is on the class path.
 *
 * @param module the module that would have to open it
 * @param name the package
 */
public record ClosedPackage(Module module, String name) {

  private static final String IN_THE_JDK = "jrt";

  /** Whether anything in this JVM may be closed that the user could open. */
  private static final boolean ANY =
      ModuleLayer.boot().configuration().modules().stream().anyMatch(ClosedPackage::isUsers);

  /** The packages of watched objects and classes. Costs little: nothing is followed. */
  public static Set<ClosedPackage> of(Collection<?> instances, Collection<Class<?>> statics) {
    Set<ClosedPackage> packages = new LinkedHashSet<>();
    for (Object instance : instances) {
      add(Fields.closedToInstances(instance.getClass()), packages);
    }
    for (Class<?> type : statics) {
      add(Fields.closedToClass(type), packages);
    }
    return packages;
  }

  /**
   * The packages of objects that watched ones lead to. Only those in a module of a watched class or
   * object, or in one that lies in a directory: nobody can be asked to open a library.
   */
  public static Set<ClosedPackage> reached(Collection<?> instances, Collection<Class<?>> statics) {
    Set<Module> own = new LinkedHashSet<>();
    instances.forEach(instance -> own.add(instance.getClass().getModule()));
    statics.forEach(type -> own.add(type.getModule()));
    Set<ClosedPackage> packages = new LinkedHashSet<>();
    if (ANY) {
      for (Class<?> met : ObjectGraph.closed(instances, statics)) {
        if (own.contains(met.getModule()) || ThreadLocalDeclaration.isOwn(met)) {
          add(List.of(met), packages);
        }
      }
    }
    return packages;
  }

  /**
   * Tools of the JDK are loaded as the user's modules are: where a module lies tells them apart.
   */
  static boolean isUsers(ResolvedModule module) {
    ModuleDescriptor descriptor = module.reference().descriptor();
    return !descriptor.isOpen()
        && !descriptor.isAutomatic()
        && module
            .reference()
            .location()
            .filter(place -> IN_THE_JDK.equals(place.getScheme()))
            .isEmpty();
  }

  private static void add(Collection<Class<?>> closed, Set<ClosedPackage> packages) {
    closed.forEach(
        type -> packages.add(new ClosedPackage(type.getModule(), type.getPackageName())));
  }

  /**
   * The directive that opens it, as {@code module-info.java} may have but one for a package.
   *
   * @return such as {@code opens com.acme.orders to org.junit.platform.commons,
   *     dev.leakcheck.core;}
   */
  public String directive() {
    Module self = ClosedPackage.class.getModule();
    if (!self.isNamed()) {
      return "opens " + name + ";";
    }
    Set<String> targets = new TreeSet<>();
    for (ModuleDescriptor.Opens opens : module.getDescriptor().opens()) {
      if (opens.source().equals(name)) {
        targets.addAll(opens.targets());
      }
    }
    List<String> all = new ArrayList<>(targets);
    all.add(self.getName());
    return "opens " + name + " to " + String.join(", ", all) + ";";
  }
}
