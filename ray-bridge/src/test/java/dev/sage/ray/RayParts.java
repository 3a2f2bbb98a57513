package dev.sage.ray;

import dev.sage.ray.cluster.RayInstallation;
import dev.sage.ray.link.Gateway;
import dev.sage.ray.link.GatewayOptions;
import dev.sage.ray.wire.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The processes of Ray that a Sage program has started and the cluster behind them, as anybody on the machine sees them:
 * from {@code /proc}, and by asking Ray. The program may be this JVM or another.
 *
 * @param gateway of the program
 * @param folder of its cluster
 */
public record RayParts(ProcessHandle program, ProcessHandle gateway, Path folder) {

    /** Those that have the state folder {@code home}; nothing before there is a gateway. */
    public static Optional<RayParts> of(ProcessHandle program, Path home) {
        return gateway(program, home)
                .flatMap(gateway -> environment(gateway, "RAY_AUTH_TOKEN_PATH")
                        .map(token ->
                                new RayParts(program, gateway, Path.of(token).getParent())));
    }

    /** Also of a cluster without a token. */
    public static Optional<ProcessHandle> gateway(ProcessHandle program, Path home) {
        String namespace = "-Dray.job.namespace=" + Bridge.namespace(home);
        return program.descendants()
                .filter(process -> commandLine(process).anyMatch(namespace::equals))
                .findFirst();
    }

    public ProcessHandle raylet() {
        return ofCluster("/raylet/raylet");
    }

    public ProcessHandle gcs() {
        return ofCluster("/gcs/gcs_server");
    }

    private ProcessHandle ofCluster(String ending) {
        return program.descendants()
                .filter(process -> commandLine(process).limit(1).anyMatch(word -> word.endsWith(ending))
                        && commandLine(process).anyMatch(word -> word.contains(folder.toString())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + ending + " of " + folder));
    }

    /** The names of the actors in our namespace that Ray does not take for dead. */
    public List<String> actors(RayInstallation installation, Path code)
            throws InterruptedException, ExecutionException, TimeoutException {
        GatewayOptions options = GatewayOptions.of(
                        installation.jars().get(0).getParent(),
                        setting("-Dray.address="),
                        setting("-Dray.job.namespace="),
                        code)
                .at(
                        setting("-Dray.node-ip="),
                        Map.of(
                                "RAY_AUTH_MODE",
                                "token",
                                "RAY_AUTH_TOKEN_PATH",
                                folder.resolve("token").toString()));
        try (Gateway asking = Gateway.start(options, Clock.systemUTC(), (actor, why) -> {})) {
            return asking.list().toCompletableFuture().get(30, TimeUnit.SECONDS).stream()
                    .map(Message.ActorState::name)
                    .toList();
        }
    }

    private String setting(String name) {
        return commandLine(gateway)
                .filter(word -> word.startsWith(name))
                .map(word -> word.substring(name.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the gateway has ended"));
    }

    private static Stream<String> commandLine(ProcessHandle process) {
        return words(process, "cmdline");
    }

    private static Optional<String> environment(ProcessHandle process, String name) {
        return words(process, "environ")
                .filter(word -> word.startsWith(name + "="))
                .map(word -> word.substring(name.length() + 1))
                .findFirst();
    }

    private static Stream<String> words(ProcessHandle process, String file) {
        try {
            byte[] all = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/" + file));
            return Arrays.stream(new String(all, StandardCharsets.UTF_8).split("\0"));
        } catch (java.nio.file.NoSuchFileException ended) {
            return Stream.empty();
        } catch (IOException e) {
            if (!process.isAlive()) {
                return Stream.empty();
            }
            throw new UncheckedIOException(e);
        }
    }
}
