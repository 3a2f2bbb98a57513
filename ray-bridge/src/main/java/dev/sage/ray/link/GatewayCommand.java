package dev.sage.ray.link;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line of a gateway. */
final class GatewayCommand {
    /** What Ray's serialization reads of the JDK; a worker without them dies when a method throws. */
    private static final List<String> OPENED = Stream.of(
                    "java.lang", "java.math", "java.util", "java.util.concurrent", "java.net", "java.text", "java.time")
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();

    private GatewayCommand() {}

    static List<String> of(GatewayOptions options, Path socket, Path pythonFolder) {
        List<String> words = new ArrayList<>();
        words.add(options.java().toString());
        words.addAll(OPENED);
        words.addAll(options.jvmOptions());
        words.add("-Dray.address=" + options.address());
        words.add("-Dray.node-ip=" + options.nodeAddress());
        words.add("-Dray.job.namespace=" + options.namespace());
        words.add("-Dray.job.code-search-path=" + joined(codePaths(options, pythonFolder)));
        List<String> ofWorkers = new ArrayList<>(OPENED);
        ofWorkers.addAll(options.workerJvmOptions());
        for (int index = 0; index < ofWorkers.size(); index++) {
            words.add("-Dray.job.jvm-options." + index + "=" + ofWorkers.get(index));
        }
        words.add("-cp");
        words.add(
                joined(GatewayCode.jars()) + File.pathSeparator + options.jars().resolve("*"));
        words.add("dev.sage.ray.gateway.GatewayMain");
        words.add(socket.toString());
        words.add(Integer.toString(options.maxFrameBytes()));
        words.add(Integer.toString(options.bundleCalls()));
        return words;
    }

    private static List<Path> codePaths(GatewayOptions options, Path pythonFolder) {
        List<Path> paths = new ArrayList<>(GatewayCode.jars());
        paths.add(pythonFolder);
        paths.addAll(options.codePaths());
        return paths;
    }

    private static String joined(List<Path> paths) {
        return paths.stream()
                .map(path -> path.toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
