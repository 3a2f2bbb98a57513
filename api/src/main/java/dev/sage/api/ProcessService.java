package dev.sage.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A program that is run as a process of the operating system, with the GPUs and ports that it needs: a service of a job
 * ({@link Environment#service(String, ProcessService)}) or the whole of one ({@link Environment#command}). A description
 * only; immutable, each method answers a changed one.
 *
 * <p>In the command and in the values of the environment {@code {port}} stands for the first port that the program was
 * given, {@code {ports}} for all of them and {@code {gpu}} for the ids of its GPUs, both with commas between them. GPUs
 * are also told by {@code CUDA_VISIBLE_DEVICES}, which is empty for a program without, where the environment has any.
 *
 * <p>The program gets a session of its own, so that Ctrl+C in a terminal reaches only Sage. It is ended, with all
 * processes that it made, by TERM, a time of grace, and KILL; also when Sage itself is killed. Those that moved away from
 * it are known by {@code SAGE_OWNER} in their environment: one that wipes its environment and detaches itself is not found.
 *
 * <p>What goes wrong with it is a {@link SageException} with its last lines in the message, which fails the job, or goes by
 * the {@link RestartPolicy} of a service that had been ready: {@code process.start} (no such program or folder), {@code
 * process.not-ready}, {@code process.exited} (before it was ready, or while it was needed), {@code process.unhealthy},
 * {@code process.left} (something of it could not be ended), {@code process.unsupported} (not on Linux).
 *
 * @param command the program and its arguments
 * @param environment added to that of this JVM
 * @param directory to run in; that of this JVM when empty
 * @param gpus how many it needs
 * @param givenPorts how many it needs, when that was said
 * @param readiness when it can be called; of no meaning for a command
 * @param readyWithin how long that may take; {@code sage.process.ready-within} when empty
 * @param health asked while it runs, when given
 * @param stopWithin from TERM to KILL; {@code sage.process.stop-within} when empty
 */
public record ProcessService(
        List<String> command,
        Map<String, String> environment,
        Optional<Path> directory,
        int gpus,
        OptionalInt givenPorts,
        Readiness readiness,
        Optional<Duration> readyWithin,
        Optional<HealthCheck> health,
        Optional<Duration> stopWithin) {

    /** How it is seen that a program can be called. */
    public sealed interface Readiness {
        /** As soon as it runs. */
        record Started() implements Readiness {}

        /** Its first port takes connections. */
        record Listening() implements Readiness {}

        /** A GET of this path on its first port is answered with a status from 200 to 299. */
        record Answering(String path) implements Readiness {}

        /** It prints a line, in which this regular expression is found. */
        record Printing(String regex) implements Readiness {}
    }

    /** A GET of {@code path} every so often; another status than 200 to 299, or none in that time, is its death. */
    public record HealthCheck(String path, Duration every) {}

    public ProcessService {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new InvalidGraphException(
                    "The command " + command + " names no program. Give the program first, then its arguments.");
        }
        String program = command.get(0);
        if (gpus < 0) {
            throw new InvalidGraphException(
                    "Program '" + program + "' asks for " + gpus + " GPUs; it must be at least 0.");
        }
        givenPorts.ifPresent(ports -> {
            if (ports < 0) {
                throw new InvalidGraphException(
                        "Program '" + program + "' asks for " + ports + " ports; it must be at least 0.");
            }
        });
        readyWithin.ifPresent(time -> requirePositive(program, "readyWithin", time));
        stopWithin.ifPresent(time -> requirePositive(program, "stopWithin", time));
        health.ifPresent(check -> requirePositive(program, "healthCheck", check.every()));
    }

    /**
     * This program with these arguments; ready when its port takes connections, or, without one, when it runs. No shell
     * reads it: nothing is split, quoted or expanded. A program without a slash is looked up on the PATH.
     *
     * @throws InvalidGraphException when no program is named
     */
    public static ProcessService command(String... command) {
        return command(List.of(command));
    }

    /** As {@link #command(String...)}. */
    public static ProcessService command(List<String> command) {
        boolean called = command.stream().anyMatch(ProcessService::namesPort);
        return new ProcessService(
                command,
                Map.of(),
                Optional.empty(),
                0,
                OptionalInt.empty(),
                called ? new Readiness.Listening() : new Readiness.Started(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A variable of its environment, in the place of the one that this JVM has. */
    public ProcessService env(String variable, String value) {
        Map<String, String> changed = new LinkedHashMap<>(environment);
        changed.put(variable, value);
        return new ProcessService(
                command, changed, directory, gpus, givenPorts, readiness, readyWithin, health, stopWithin);
    }

    /** The folder that it runs in, which must exist when it starts. */
    public ProcessService directory(Path folder) {
        return new ProcessService(
                command,
                environment,
                Optional.of(folder),
                gpus,
                givenPorts,
                readiness,
                readyWithin,
                health,
                stopWithin);
    }

    /** So many GPUs, of which no other Sage program has one until this one has been seen to be gone. 0 when not given. */
    public ProcessService gpus(int count) {
        return new ProcessService(
                command, environment, directory, count, givenPorts, readiness, readyWithin, health, stopWithin);
    }

    /** So many ports; when not given, one where {@code {port}} is named or needed to see that it is ready. */
    public ProcessService ports(int count) {
        return new ProcessService(
                command,
                environment,
                directory,
                gpus,
                OptionalInt.of(count),
                readiness,
                readyWithin,
                health,
                stopWithin);
    }

    /** Ready when a GET of this path, which begins with a slash, is answered with a status from 200 to 299. */
    public ProcessService readyOn(String path) {
        return ready(new Readiness.Answering(checkedPath(path)));
    }

    /** Ready when its first port takes connections. */
    public ProcessService readyOnPort() {
        return ready(new Readiness.Listening());
    }

    /** Ready when it has written a line, to its output or errors, in which this regular expression is found. */
    public ProcessService readyOnOutput(String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new InvalidGraphException("readyOnOutput was given '" + regex + "', which is no regular expression: "
                    + e.getDescription() + ".");
        }
        return ready(new Readiness.Printing(regex));
    }

    private ProcessService ready(Readiness seen) {
        return new ProcessService(
                command, environment, directory, gpus, givenPorts, seen, readyWithin, health, stopWithin);
    }

    /** How long it may take until it is ready; longer, and it is ended and its job fails. */
    public ProcessService readyWithin(Duration time) {
        return new ProcessService(
                command, environment, directory, gpus, givenPorts, readiness, Optional.of(time), health, stopWithin);
    }

    /** While it runs, a GET of this path every so often must be answered within that time with a status from 200 to 299. */
    public ProcessService healthCheck(String path, Duration every) {
        return new ProcessService(
                command,
                environment,
                directory,
                gpus,
                givenPorts,
                readiness,
                readyWithin,
                Optional.of(new HealthCheck(checkedPath(path), every)),
                stopWithin);
    }

    /** How long it has from TERM to KILL; of the phase {@code stop-services} at most what running calls leave of it. */
    public ProcessService stopWithin(Duration time) {
        return new ProcessService(
                command, environment, directory, gpus, givenPorts, readiness, readyWithin, health, Optional.of(time));
    }

    /** How many ports it is given. */
    public int ports() {
        boolean needed = command.stream().anyMatch(ProcessService::namesPort)
                || environment.values().stream().anyMatch(ProcessService::namesPort)
                || readiness instanceof Readiness.Listening
                || readiness instanceof Readiness.Answering
                || health.isPresent();
        int least = needed ? 1 : 0;
        return Math.max(least, givenPorts.orElse(least));
    }

    private static boolean namesPort(String text) {
        return text.contains("{port}") || text.contains("{ports}");
    }

    private static String checkedPath(String path) {
        if (!path.startsWith("/")) {
            throw new InvalidGraphException("The path '" + path + "' does not begin with a slash, as in \"/health\".");
        }
        return path;
    }

    private static void requirePositive(String program, String what, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new InvalidGraphException(
                    "The " + what + " of program '" + program + "' is " + time + "; it must be positive.");
        }
    }
}
