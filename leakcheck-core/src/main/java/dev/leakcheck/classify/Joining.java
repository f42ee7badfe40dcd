package dev.leakcheck.classify;

import dev.leakcheck.classify.Classifier.Cause;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes one cause of what one call to its owner would end, whatever it consists of. */
final class Joining {

  /** Such as {@code field OrderServiceTest.server} of what is further in. */
  private static final Pattern FIELD = Pattern.compile("((?:static )?field \\w+\\.\\w+)[.\\[{]");

  private final Evidence evidence;
  private final Predicate<Finding> accepted;
  private final List<Cause> causes = new ArrayList<>();

  Joining(Evidence evidence, Predicate<Finding> accepted) {
    this.evidence = evidence;
    this.accepted = accepted;
  }

  /** All symptoms and these causes, joined. */
  List<Cause> join(List<Cause> single) {
    for (Symptom symptom : evidence.symptoms()) {
      Cause cause = new Cause();
      cause.symptoms.add(symptom);
      causes.add(cause);
    }
    causes.addAll(single);
    Map<String, List<Cause>> together = new LinkedHashMap<>();
    for (Cause cause : causes) {
      cause.maker = maker(cause, evidence);
      String key = cause.maker == null ? null : cause.maker.together();
      if (key != null) {
        together.computeIfAbsent(key, k -> new ArrayList<>()).add(cause);
      }
    }
    together.values().forEach(this::joinOfOneMaker);
    List.copyOf(causes).forEach(this::joinToObject);
    joinOfOneOwner();
    List.copyOf(causes).forEach(this::joinToWhoseCodeRuns);
    List.copyOf(causes).forEach(this::joinToOnlyOne);
    List.copyOf(causes).forEach(this::splitWhereAccepted);
    return causes;
  }

  /**
   * What the user's own object would end is one, whatever it has of libraries; so is what a
   * library's object would end, whatever that has of other libraries. Things of a library that says
   * which of its instances they are of stay with that, unless there are others of which it does not
   * say so.
   */
  private void joinOfOneMaker(List<Cause> made) {
    Map<String, List<Cause>> byLibrary = new LinkedHashMap<>();
    made.forEach(
        cause -> byLibrary.computeIfAbsent(makersOwn(cause), k -> new ArrayList<>()).add(cause));
    Maker maker = made.get(0).maker;
    if (maker != null && !maker.librarys()) {
      joinAll(made);
    } else if (byLibrary.size() <= 2 && byLibrary.containsKey("")) {
      joinOfOneObject(made); // what no library is known of is that library's, if it is one
    } else {
      byLibrary.forEach(
          (library, ofIt) -> {
            if (library.isEmpty()) {
              joinOfOneObject(ofIt);
            } else {
              joinInstances(ofIt);
            }
          });
    }
  }

  /** Objects that were there before and were merely used may be as many as there are instances. */
  private void joinOfOneObject(List<Cause> made) {
    if (made.stream()
        .allMatch(cause -> cause.maker != null && cause.maker.deed() == Maker.Deed.USES)) {
      joinInstances(made);
    } else {
      joinAll(made);
    }
  }

  /**
   * What a library made when the object that it gave was used is of that object, if no other of the
   * class was made.
   */
  private void joinToObject(Cause used) {
    Maker maker = used.maker;
    if (maker == null || !isOfOneMaker(used) || !maker.librarys() || maker.isMadeByLibrary()) {
      return;
    }
    List<Cause> made =
        causes.stream()
            .filter(
                other ->
                    other.maker != null
                        && isOfOneMaker(other)
                        && other.maker.isMadeByLibrary()
                        && other.maker.type().equals(maker.type())
                        && makersOwn(other).equals(makersOwn(used)))
            .toList();
    if (made.size() == 1) {
      joinAll(List.of(made.get(0), used));
    }
  }

  private void joinInstances(List<Cause> made) {
    if (made.stream().anyMatch(Joining::isOfNoInstance)) {
      joinAll(made);
    }
  }

  /**
   * What a library's own threads made is of the one thing of it that the user had made. Where no
   * agent tells, it is of the one that the same field of the user's leads to.
   */
  private void joinToOnlyOne(Cause cause) {
    if (cause.library == null || !isOfNoInstance(cause) || isOfOneMaker(cause)) {
      return;
    }
    List<Cause> made =
        causes.stream()
            .filter(other -> other != cause && library(other).equals(library(cause)))
            .filter(other -> isOfOneMaker(other) || areInOneField(other, cause))
            .toList();
    if (made.size() == 1) {
      joinAll(List.of(made.get(0), cause));
    }
  }

  /**
   * What one object of the user's, or of the test's, leads to is its to end, whatever of that is a
   * library's, unless it is that library itself.
   */
  private void joinOfOneOwner() {
    Map<Holder.Owner, List<Cause>> held = new LinkedHashMap<>();
    for (Cause cause : causes) {
      Holder.Owner owner = cause.holder == null ? null : cause.holder.owner();
      if (owner != null
          && (cause.library == null || !cause.library.library().hasClass(owner.type()))) {
        held.computeIfAbsent(owner, k -> new ArrayList<>()).add(cause);
      }
    }
    for (List<Cause> ofOne : held.values()) {
      if (ofOne.size() > 1) {
        Cause whole = joinAll(ofOne);
        whole.maker = maker(whole, evidence);
        whole.library = null;
      }
    }
  }

  /** What an object has others run for it ends with that object, if no other of it is left. */
  private void joinToWhoseCodeRuns(Cause running) {
    Set<String> code =
        running.symptoms.size() == 1 ? running.symptoms.get(0).begunWith() : Set.of();
    List<Cause> owners =
        causes.stream()
            .filter(other -> other != running && isOfOneMaker(other))
            .filter(other -> isCodeOf(code, other.maker))
            .toList();
    if (owners.size() == 1) {
      joinAll(List.of(owners.get(0), running));
    }
  }

  private static boolean isCodeOf(Set<String> code, @Nullable Maker maker) {
    return !code.isEmpty()
        && maker != null
        && maker.stop() != null
        && code.stream().allMatch(type -> Stacks.isIn(type, maker.type()));
  }

  private static boolean areInOneField(Cause one, Cause other) {
    String field = field(one);
    return field != null && field.equals(field(other));
  }

  /** The field of the user's own that leads to a cause through the library's object. */
  private static @Nullable String field(Cause cause) {
    Matcher field = cause.holder == null ? null : FIELD.matcher(cause.holder.path());
    return field != null && field.lookingAt() ? field.group(1) : null;
  }

  private Cause joinAll(List<Cause> made) {
    if (made.size() == 1) {
      return made.get(0);
    }
    Cause whole = joined(made);
    causes.set(causes.indexOf(made.get(0)), whole);
    causes.removeAll(made);
    return whole;
  }

  private static Cause joined(List<Cause> made) {
    Cause whole = new Cause();
    whole.maker = best(made.stream().map(cause -> cause.maker).filter(Objects::nonNull).toList());
    for (Cause cause : made) {
      whole.parts.addAll(cause.isJoined() ? cause.parts : List.of(cause));
      whole.threads.addAll(cause.threads);
      whole.executors.addAll(cause.executors);
      whole.symptoms.addAll(cause.symptoms);
      whole.holder = whole.holder == null ? cause.holder : whole.holder;
    }
    whole.library = oneLibrary(whole.parts);
    return whole;
  }

  /** The one of which parts are: by its name, unless they have several; null if there are two. */
  private static KnownLibrary.@Nullable Instance oneLibrary(List<Cause> parts) {
    List<KnownLibrary.Instance> known =
        parts.stream().map(cause -> cause.library).filter(Objects::nonNull).distinct().toList();
    if (known.isEmpty()
        || known.stream().map(one -> one.library().title()).distinct().count() > 1) {
      return null;
    }
    List<KnownLibrary.Instance> named =
        known.stream().filter(one -> !one.instance().isEmpty()).toList();
    return named.isEmpty()
        ? known.get(0)
        : named.size() == 1 ? named.get(0) : new KnownLibrary.Instance(named.get(0).library(), "");
  }

  /** What the user accepts of a cause is told for itself, unless all of it is accepted. */
  private void splitWhereAccepted(Cause whole) {
    if (!whole.isJoined() || isAccepted(whole)) {
      return;
    }
    List<Cause> apart = whole.parts.stream().filter(this::isAccepted).toList();
    if (!apart.isEmpty()) {
      List<Cause> rest = new ArrayList<>(whole.parts);
      rest.removeAll(apart);
      int index = causes.indexOf(whole);
      causes.remove(index);
      causes.addAll(index, apart);
      if (!rest.isEmpty()) {
        causes.add(index, rest.size() == 1 ? rest.get(0) : joined(rest));
      }
    }
  }

  private boolean isAccepted(Cause cause) {
    return accepted.test(Writers.write(cause, evidence));
  }

  private static boolean isOfOneMaker(Cause cause) {
    return cause.maker != null && cause.maker.together() != null;
  }

  private static boolean isOfNoInstance(Cause cause) {
    return cause.library == null || cause.library.isWhole();
  }

  /** The known library of a cause, if the maker is of that itself; or else none. */
  private static String makersOwn(Cause cause) {
    return cause.maker != null && cause.library != null && !cause.library.library().has(cause.maker)
        ? ""
        : library(cause);
  }

  private static String library(Cause cause) {
    return cause.library == null ? "" : cause.library.library().title();
  }

  /** Who made it, if that is the same for all of it. */
  static @Nullable Maker maker(Cause cause, Evidence evidence) {
    List<Maker> makers =
        CauseOrigins.of(cause, evidence).stream()
            .map(origin -> origin instanceof Origin.Known known ? known.maker() : null)
            .filter(Objects::nonNull)
            .toList();
    return makers.stream().map(Maker::together).distinct().count() == 1 ? best(makers) : null;
  }

  /** Of a library's calls the one that made what is to be stopped, or else one that tells it. */
  private static @Nullable Maker best(List<Maker> makers) {
    return makers.stream()
        .min(
            Comparator.comparing((Maker maker) -> maker.librarys() && !maker.isMadeByLibrary())
                .thenComparing(maker -> maker.librarys() && maker.stop() == null))
        .orElse(null);
  }
}
