package dev.sage.cli;

import dev.sage.api.JobException;
import dev.sage.api.SageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/** Words for exceptions. Java's own messages for files are often the bare path, and leave the trouble to the class name. */
final class Failures {
    private static final Pattern LINE_ENDS = Pattern.compile("\\s*\\R\\s*");

    private Failures() {}

    /** One line. */
    static String describe(Throwable failure) {
        return LINE_ENDS.matcher(words(failure)).replaceAll(" ");
    }

    private static String words(Throwable failure) {
        if (failure instanceof UncheckedIOException wrapper && wrapper.getCause() != null) {
            return words(wrapper.getCause());
        }
        if (failure instanceof JobException job) {
            return withCause(job);
        }
        if (failure instanceof FileSystemException file) {
            return ofFile(file);
        }
        if (failure instanceof OutOfMemoryError) {
            return "Out of memory (" + failure.getMessage() + "). Maybe allow more with SAGE_JAVA_OPTS=-Xmx4g.";
        }
        boolean speaksForItself = failure instanceof SageException || failure instanceof IOException;
        return speaksForItself && failure.getMessage() != null
                ? failure.getMessage()
                : failure + " (SAGE_DEBUG=1 shows where)";
    }

    private static String withCause(JobException job) {
        String message = String.valueOf(job.getMessage());
        Throwable cause = job.getCause();
        if (cause == null || cause.getMessage() == null || message.contains(cause.getMessage())) {
            return message;
        }
        return message + ", caused by " + cause;
    }

    private static String ofFile(FileSystemException failure) {
        if (failure.getReason() != null) {
            return failure.getFile() + ": " + failure.getReason();
        }
        if (failure instanceof NoSuchFileException) {
            return failure.getFile() + ": no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getFile() + ": permission denied";
        }
        return failure.toString();
    }
}
