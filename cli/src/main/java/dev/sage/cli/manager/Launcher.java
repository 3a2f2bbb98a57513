package dev.sage.cli.manager;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a node's process: {@code bin/sage jobmanager start --foreground}, which chooses class path and options of the JVM and
 * becomes it. In a session of its own, so that neither Ctrl+C nor the end of a terminal reaches the node and its programs.
 */
record Launcher(List<String> command, List<String> main) {
    /** Set by {@code bin/sage} to itself. */
    private static final String SCRIPT = "sage.launcher";

    private static final File NOTHING = new File("/dev/null");
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    static Launcher ofThisInstallation() {
        String script = System.getProperty(SCRIPT, "");
        return script.isEmpty()
                ? java(System.getProperty("java.class.path"), "dev.sage.node.Main")
                : new Launcher(List.of(script, "jobmanager", "start", "--foreground"), List.of());
    }

    /** Without {@code bin/sage}. */
    static Launcher java(String classPath, String mainClass) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Launcher(List.of(java, "-cp", classPath), List.of(mainClass));
    }

    /** Its standard output is a pipe, for the line that says that it is ready; its errors go to the file. */
    ProcessBuilder process(List<String> arguments, NodeFolder folder, Map<String, String> environment) {
        List<String> line = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            line.add(SETSID.toString());
        }
        line.addAll(command);
        arguments.stream().filter(Launcher::isSetting).forEach(line::add);
        line.addAll(main);
        arguments.stream().filter(argument -> !isSetting(argument)).forEach(line::add);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.path().toFile())
                .redirectInput(NOTHING)
                .redirectError(folder.errors().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("SAGE_NO_BUILD", "true");
        builder.environment().put("SAGE_NODE_LOG", folder.log().toString());
        return builder;
    }

    /**
     * Has what quick starts of a node need made in the background, where it is missing; now that the node is ready, which this
     * would have held up.
     */
    void prepareNextStart(Map<String, String> environment) {
        if (!main.isEmpty() || !Files.isExecutable(SETSID)) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(SETSID.toString(), "nice", command.get(0), "--make-archive", "node")
                .redirectInput(NOTHING)
                .redirectOutput(NOTHING)
                .redirectError(NOTHING);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("SAGE_NO_BUILD", "true");
        try {
            builder.start();
        } catch (IOException e) {
            // It is for speed alone, and tried again at the next start.
        }
    }

    private static boolean isSetting(String argument) {
        return argument.startsWith("-D");
    }
}
