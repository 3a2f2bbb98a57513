package dev.sage.cli.manager;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How a node is to be started. The node itself checks the values of settings; what is seen to be wrong here is told sooner. */
final class StartOptions {
    private static final Pattern NUMBERS = Pattern.compile("\\d+(-\\d+)?(,\\d+(-\\d+)?)*");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");
    private static final int PORTS = 65_535;

    @Option(names = "--host", paramLabel = "HOST", description = "The address to listen on; 127.0.0.1 when not given.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "The port to listen on; 19001 when not given.")
    private @Nullable Integer port;

    @Option(
            names = "--gpus",
            paramLabel = "IDS",
            description = "The GPUs that jobs share, for example 0,1 or 0-3. None when not given.")
    private @Nullable String gpus;

    @Option(
            names = "--port-range",
            paramLabel = "FROM-TO",
            description = "The ports that jobs share, for example 38000-38050.")
    private @Nullable String portRange;

    @Option(
            names = "--insecure-bind",
            description =
                    "Listen on another address than a loopback one, though tokens and jobs then go over the network"
                            + " unencrypted.")
    private boolean insecureBind;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "A setting, for example -Dsage.jobs.max-running=8, or -Dconfig.file=FILE for a file of them.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** As the node's main class takes them. */
    List<String> arguments(CommandSpec spec) {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        add(arguments, "--host", host);
        if (port != null && (port < 1 || port > PORTS)) {
            throw wrong(spec, "--port is " + port + ", and must be from 1 to 65535.");
        }
        add(arguments, "--port", port);
        if (gpus != null && !gpus.isEmpty() && !NUMBERS.matcher(gpus).matches()) {
            throw wrong(spec, "--gpus is '" + gpus + "', and must be numbers of GPUs, for example 0,1 or 0-3.");
        }
        add(arguments, "--gpus", gpus);
        checkRange(spec);
        add(arguments, "--port-range", portRange);
        if (insecureBind) {
            arguments.add("--insecure-bind");
        }
        return arguments;
    }

    private void checkRange(CommandSpec spec) {
        if (portRange == null) {
            return;
        }
        var matcher = RANGE.matcher(portRange);
        int from = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        int to = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (from < 1 || to > PORTS || from > to) {
            throw wrong(
                    spec,
                    "--port-range is '" + portRange
                            + "', and must be FROM-TO within 1 and 65535, for example 38000-38050.");
        }
    }

    private static void add(List<String> arguments, String name, @Nullable Object value) {
        if (value != null) {
            arguments.add(name);
            arguments.add(value.toString());
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
