package dev.sage.client.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program to be run as a job, on the node's machine.
 *
 * @param arguments the program and its arguments; {@code {port}}, {@code {port1}}, … and {@code {gpu}} are filled in
 * @param environment what is added to the node's own
 * @param directory to run in, absolute; null for the node's own
 * @param gpus that the program gets
 * @param ports that the program gets; 0 for as many as the arguments name
 */
public record CommandLine(
        List<String> arguments,
        @Nullable Map<String, String> environment,
        @Nullable String directory,
        int gpus,
        int ports) {}
