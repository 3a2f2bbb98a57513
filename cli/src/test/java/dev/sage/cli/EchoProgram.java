package dev.sage.cli;

import java.util.Arrays;
import java.util.List;

/** A program for tests: tells what it was given and which class loader it is from, or throws what it is asked to. */
public final class EchoProgram {
    static final String SEEN = "sage.test.echo";

    private EchoProgram() {}

    public static void main(String[] args) throws Exception {
        List<String> given = Arrays.asList(args);
        if (given.contains("--fail")) {
            throw new java.nio.file.NoSuchFileException("input.txt");
        }
        if (given.contains("--error")) {
            throw new StackOverflowError("too deep");
        }
        System.setProperty(SEEN, EchoProgram.class.getClassLoader().getName() + " " + String.join(" ", args));
    }
}
