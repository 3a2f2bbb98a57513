package dev.sage.client.wire;

/**
 * A line that a program of a job wrote, or that {@code print()} did; the data of a server-sent event of {@code logs}.
 *
 * @param name of the program; {@code print} for what {@code print()} wrote
 */
public record OutputLine(String name, String line) {}
