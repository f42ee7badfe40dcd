package dev.leakcheck.capture.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ResolvedModule;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosedPackageTest {

  /** Nobody can be asked to open these, and all that fields lead to would be looked through. */
  @Test
  void noModuleOfTheJdkIsTheUsersWhateverLoadsIt() {
    List<ResolvedModule> jdks =
        ModuleLayer.boot().configuration().modules().stream()
            .filter(module -> module.name().startsWith("jdk.") || module.name().startsWith("java."))
            .toList();
    assertThat(jdks).extracting(ResolvedModule::name).contains("java.base", "jdk.compiler");
    assertThat(jdks).noneMatch(ClosedPackage::isUsers);
  }
}
