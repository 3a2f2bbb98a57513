package dev.sage.cli;

/**
 * A program with a name.
 *
 * @param summary one sentence for the list of programs; may be empty
 */
record Program(String name, String mainClass, String summary) {}
