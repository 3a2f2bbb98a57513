package dev.sage.cli.manager;

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
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(folder.errors().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("SAGE_NO_BUILD", "true");
        builder.environment().put("SAGE_NODE_LOG", folder.log().toString());
        return builder;
    }

    private static boolean isSetting(String argument) {
        return argument.startsWith("-D");
    }
}
