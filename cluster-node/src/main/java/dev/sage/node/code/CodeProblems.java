package dev.sage.node.code;

import dev.sage.client.wire.SageVersion;
import dev.sage.client.wire.ShippedCode;
import dev.sage.node.NodeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why a job's code cannot be loaded, for its author. */
final class CodeProblems {
    /** Class files of Java 17 have the version 61. */
    private static final int CLASS_FILE_OFFSET = 44;

    private static final Pattern CLASS_FILE = Pattern.compile("class file version (\\d+)");

    private CodeProblems() {}

    static NodeException sageVersion(String client, String node) {
        return new NodeException(
                NodeException.Kind.UNPROCESSABLE,
                "code.sage-version",
                "The job was built with Sage " + client + "; this node has Sage " + node + ".",
                "Use the same version of Sage for the client and the node.");
    }

    static NodeException of(String jobId, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsupportedClassVersionError version) {
                return javaVersion(String.valueOf(version.getMessage()), failure);
            }
            if (cause instanceof ClassNotFoundException || cause instanceof NoClassDefFoundError) {
                return missing(jobId, String.valueOf(cause.getMessage()).replace('/', '.'), failure);
            }
        }
        return new NodeException(
                NodeException.Kind.UNPROCESSABLE,
                "code.unreadable",
                "The graph of job " + jobId + " cannot be read: " + failure + ".",
                "See the cause. Client and node must have the same version of Sage, and the jars must be those that the"
                        + " graph was built with.",
                failure);
    }

    private static NodeException missing(String jobId, String type, Throwable failure) {
        return new NodeException(
                NodeException.Kind.UNPROCESSABLE,
                "code.missing-class",
                "Job " + jobId + " needs the class " + type + ", which none of its jars has.",
                "Put the jar with this class on the client's class path. Classes that are made at run time, as in a shell"
                        + " or a notebook, must be written into a folder on it first.",
                failure);
    }

    private static NodeException javaVersion(String message, Throwable failure) {
        Matcher version = CLASS_FILE.matcher(message);
        String needed = version.find()
                ? "Java " + (Integer.parseInt(version.group(1)) - CLASS_FILE_OFFSET)
                : "a later Java: " + message;
        return new NodeException(
                NodeException.Kind.UNPROCESSABLE,
                "code.java-version",
                "The job's class files need " + needed + "; this node runs on Java "
                        + Runtime.version().feature() + ".",
                "Compile for the node's version (javac --release), or run the node on a later Java.",
                failure);
    }

    /** @throws NodeException when the client's Sage is not the node's */
    static void checkVersion(ShippedCode code, String node) {
        if (!SageVersion.fit(code.sage(), node)) {
            throw sageVersion(code.sage(), node);
        }
    }
}
