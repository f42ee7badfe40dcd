package dev.leakcheck.cli.html;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A browser without a window, and one page of it, driven over the Chrome DevTools Protocol. It
 * remembers what the page asked the network for and what it complained of.
 */
final class Chromium implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final int TIMEOUT_SECONDS = 60;

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Process process;
  private final List<ProcessHandle> children = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Map<String, Object>>> answers =
      new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> events = new ConcurrentHashMap<>();

  /** URLs that the page asked for. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** What the page complained of: exceptions, console errors, violations of its policy. */
  final List<String> complaints = new CopyOnWriteArrayList<>();

  private final String session;

  /** The browser's program, if there is one. */
  static Optional<Path> find() {
    return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
        .filter(directory -> !directory.isEmpty())
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Chromium(Path program, Path profile) throws Exception {
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log.txt").toFile())
            .start();
    try {
      socket =
          http.newWebSocketBuilder()
              .buildAsync(debugger(profile.resolve("DevToolsActivePort")), new Listener())
              .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      String target = text(send("Target.createTarget", Map.of("url", "about:blank")), "targetId");
      session =
          text(
              send("Target.attachToTarget", Map.of("targetId", target, "flatten", true)),
              "sessionId");
      for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
        page(domain + ".enable", Map.of());
      }
    } catch (Exception | Error e) {
      end();
      throw e;
    }
  }

  /** The browser writes it when it listens. */
  private URI debugger(Path file) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() == 2) {
          return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
        }
      }
      Thread.sleep(20);
    }
    throw new IOException(
        "the browser does not start: " + Files.readString(file.resolveSibling("log.txt")));
  }

  /** Opens a page and forgets what the last one did. */
  void open(String url) throws Exception {
    navigate("about:blank");
    requests.clear();
    complaints.clear();
    navigate(url);
  }

  private void navigate(String url) throws Exception {
    CompletableFuture<Void> loaded = new CompletableFuture<>();
    events.put("Page.loadEventFired", loaded);
    page("Page.navigate", Map.of("url", url));
    loaded.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** What an expression of JavaScript gives, once its promise is kept if it is one. */
  Object eval(String expression) throws Exception {
    Map<String, Object> answer =
        page(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return object(answer, "result").getOrDefault("value", "undefined");
  }

  boolean is(String expression) throws Exception {
    return Boolean.TRUE.equals(eval("Boolean(" + expression + ")"));
  }

  /** Waits until it is so. */
  void until(String expression) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!is(expression)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not so: " + expression);
      }
      Thread.sleep(10);
    }
  }

  void size(int width, int height) throws Exception {
    page(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 700));
  }

  void prefersDark(boolean dark) throws Exception {
    page(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  void runsScripts(boolean runs) throws Exception {
    page("Emulation.setScriptExecutionDisabled", Map.of("value", !runs));
  }

  /** Presses a key, such as {@code Enter} or {@code /}. */
  void press(String key) throws Exception {
    Map<String, Integer> codes =
        Map.of(
            "Enter",
            13,
            "Escape",
            27,
            "Tab",
            9,
            "ArrowUp",
            38,
            "ArrowDown",
            40,
            "ArrowLeft",
            37,
            "ArrowRight",
            39,
            "Home",
            36,
            "End",
            35);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", "keyDown");
    event.put("key", key);
    event.put("windowsVirtualKeyCode", codes.getOrDefault(key, (int) key.charAt(0)));
    if (key.length() == 1) {
      event.put("text", key);
    } else if (key.equals("Enter")) {
      event.put("text", "\r");
    }
    page("Input.dispatchKeyEvent", event);
    event.put("type", "keyUp");
    event.remove("text");
    page("Input.dispatchKeyEvent", event);
  }

  void type(String text) throws Exception {
    page("Input.insertText", Map.of("text", text));
  }

  byte[] screenshot(boolean whole) throws Exception {
    Map<String, Object> answer =
        page("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
    return Base64.getDecoder().decode(text(answer, "data"));
  }

  private Map<String, Object> page(String method, Map<String, ?> parameters) throws Exception {
    return send(Map.of("method", method, "params", parameters, "sessionId", session));
  }

  private Map<String, Object> send(String method, Map<String, ?> parameters) throws Exception {
    return send(Map.of("method", method, "params", parameters));
  }

  private Map<String, Object> send(Map<String, ?> command) throws Exception {
    int id = lastId.incrementAndGet();
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    answers.put(id, answer);
    Map<String, Object> numbered = new LinkedHashMap<>(command);
    numbered.put("id", id);
    socket.sendText(JSON.writeValueAsString(numbered), true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    try {
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer to " + command, e);
    }
  }

  private void received(Map<String, Object> message) {
    if (message.get("id") instanceof Integer id) {
      CompletableFuture<Map<String, Object>> answer = answers.remove(id);
      if (message.containsKey("error")) {
        answer.completeExceptionally(new IOException(String.valueOf(message.get("error"))));
      } else {
        answer.complete(object(message, "result"));
      }
      return;
    }
    String method = text(message, "method");
    Map<String, Object> parameters = object(message, "params");
    switch (method) {
      case "Network.requestWillBeSent" -> requests.add(text(object(parameters, "request"), "url"));
      case "Runtime.exceptionThrown" ->
          complaints.add(String.valueOf(parameters.get("exceptionDetails")));
      case "Runtime.consoleAPICalled" -> complaints.add(String.valueOf(parameters.get("args")));
      case "Log.entryAdded" -> complaints.add(String.valueOf(parameters.get("entry")));
      default -> {
        CompletableFuture<Void> awaited = events.remove(method);
        if (awaited != null) {
          awaited.complete(null);
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Map<String, Object> object, String member) {
    return (Map<String, Object>) object.get(member);
  }

  private static String text(Map<String, Object> object, String member) {
    return (String) object.get(member);
  }

  @Override
  public void close() throws Exception {
    try {
      send("Browser.close", Map.of());
      process.waitFor(10, TimeUnit.SECONDS);
    } finally {
      socket.abort();
      end();
      // Its selector never rests, and no later check in this JVM could end early.
      if ((Object) http instanceof AutoCloseable closeable) { // from JDK 21 on
        closeable.close();
      }
    }
  }

  /** The browser and what it started. */
  private void end() throws InterruptedException {
    process.descendants().forEach(children::add);
    process.destroyForcibly().waitFor();
    List<ProcessHandle> left = new ArrayList<>(children);
    left.forEach(ProcessHandle::destroyForcibly);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        received(read(message.toString()));
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    private static Map<String, Object> read(String text) {
      try {
        return JSON.readValue(text, OBJECT);
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      answers.values().forEach(answer -> answer.completeExceptionally(error));
    }
  }
}
