package dev.leakcheck.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The checks that each tool has, by the names under which its users turn them on and off. */
final class StaticChecks {

  /** Where the build copies the tools' jars. Tests run in the directory of their module. */
  private static final Path JARS = Path.of("target", "static-checks");

  private static final String BUILT_IN = "com/google/errorprone/scanner/BuiltInCheckerSuppliers";
  private static final String BUG_PATTERN = "Lcom/google/errorprone/BugPattern;";

  private StaticChecks() {}

  /** A check's former names are not among them. */
  static Set<String> ofErrorProne() throws IOException {
    Set<String> checks = new TreeSet<>();
    try (JarFile jar = jar("error_prone_core")) {
      for (String type : typesNamedIn(classFile(jar, BUILT_IN))) {
        if (jar.getEntry(type + ".class") != null) {
          addErrorProneCheck(classFile(jar, type), checks);
        }
      }
    }
    return checks;
  }

  static Set<String> ofSpotBugs() throws IOException {
    return ofSpotBugsJar("spotbugs");
  }

  static Set<String> ofFbContrib() throws IOException {
    return ofSpotBugsJar("fb-contrib");
  }

  private static Set<String> ofSpotBugsJar(String name) throws IOException {
    try (JarFile jar = jar(name)) {
      return attributes(jar, "findbugs.xml", "BugPattern", "type", element -> true);
    }
  }

  /** A rule that is only there as the former name of another refers to that. */
  static Set<String> ofPmd() throws IOException {
    Set<String> rules = new TreeSet<>();
    try (JarFile jar = jar("pmd-java")) {
      List<String> categories =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.matches("category/java/\\w+\\.xml"))
              .toList();
      for (String category : categories) {
        rules.addAll(attributes(jar, category, "rule", "name", rule -> !rule.hasAttribute("ref")));
      }
    }
    return rules;
  }

  private static JarFile jar(String name) throws IOException {
    Path jar = JARS.resolve(name + ".jar");
    if (!jar.toFile().exists()) {
      throw new IOException(
          jar.toAbsolutePath()
              + " is missing: mvn -pl leakcheck-core generate-test-resources copies it");
    }
    return new JarFile(jar.toFile());
  }

  private static Set<String> attributes(
      JarFile jar, String file, String tag, String attribute, Predicate<Element> wanted)
      throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(file))) {
      NodeList elements =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(in)
              .getElementsByTagName(tag);
      Set<String> values = new TreeSet<>();
      for (int i = 0; i < elements.getLength(); i++) {
        Element element = (Element) elements.item(i);
        if (wanted.test(element) && !element.getAttribute("deprecated").equals("true")) {
          values.add(element.getAttribute(attribute));
        }
      }
      return values;
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file, e);
    }
  }

  private static ClassReader classFile(JarFile jar, String type) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(type + ".class"))) {
      return new ClassReader(in);
    }
  }

  private static Set<String> typesNamedIn(ClassReader file) {
    Set<String> types = new LinkedHashSet<>();
    MethodVisitor literals =
        new MethodVisitor(Opcodes.ASM9) {
          @Override
          public void visitLdcInsn(Object value) {
            if (value instanceof Type type) {
              types.add(type.getInternalName());
            }
          }
        };
    file.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return literals;
          }
        },
        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return types;
  }

  /** It has the name that its annotation gives it, or else that of its class. */
  private static void addErrorProneCheck(ClassReader file, Set<String> checks) {
    String[] name = {file.getClassName().replaceFirst(".*[/$]", "")};
    boolean[] isCheck = {false};
    AnnotationVisitor given =
        new AnnotationVisitor(Opcodes.ASM9) {
          @Override
          public void visit(String attribute, Object value) {
            if (attribute.equals("name")) {
              name[0] = (String) value;
            }
          }
        };
    file.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
            isCheck[0] |= descriptor.equals(BUG_PATTERN);
            return descriptor.equals(BUG_PATTERN) ? given : null;
          }
        },
        ClassReader.SKIP_CODE);
    if (isCheck[0]) {
      checks.add(name[0]);
    }
  }
}
