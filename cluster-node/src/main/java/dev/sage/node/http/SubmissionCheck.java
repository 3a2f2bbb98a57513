package dev.sage.node.http;

import dev.sage.client.wire.CommandLine;
import dev.sage.client.wire.JobSubmission;
import dev.sage.client.wire.ShippedCode;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must be there in a submission: JSON leaves fields of records null that their types do not allow to be. */
final class SubmissionCheck {
    static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MOST_GPUS = 1_024;
    private static final int MOST_PORTS = 65_535;

    private SubmissionCheck() {}

    static void check(JobSubmission submission) {
        noNulls("options.keepServices", submission.options().keepServices());
        if (submission.options().phaseTimeouts() != null) {
            noNulls(
                    "options.phaseTimeouts",
                    submission.options().phaseTimeouts().values());
        }
        if (submission.code() != null) {
            check(submission.code());
        }
        if (submission.command() != null) {
            check(submission.command());
        }
    }

    private static void check(ShippedCode code) {
        require(code.sage() != null && !code.sage().isBlank(), "code.sage", "the version of the client's Sage");
        require(code.java() >= 17, "code.java", "the client's Java, from 17 on");
        require(code.artifacts() != null, "code.artifacts", "a list");
        noNulls("code.artifacts", code.artifacts());
        for (ShippedCode.Artifact artifact : code.artifacts()) {
            require(
                    artifact.sha256() != null
                            && SHA256.matcher(artifact.sha256()).matches(),
                    "code.artifacts.sha256",
                    "64 lower-case hexadecimal digits");
            require(artifact.name() != null && !artifact.name().isBlank(), "code.artifacts.name", "the name of a file");
            require(artifact.size() >= 0, "code.artifacts.size", "its bytes, from 0 on");
        }
        require(code.graph() != null && isBase64(code.graph()), "code.graph", "Base64 with padding, and not empty");
    }

    private static boolean isBase64(String text) {
        try {
            return Base64.getDecoder().decode(text).length > 0 && text.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void check(CommandLine command) {
        require(
                command.arguments() != null && !command.arguments().isEmpty(),
                "command.arguments",
                "the program and its arguments");
        noNulls("command.arguments", command.arguments());
        require(!command.arguments().get(0).isEmpty(), "command.arguments[0]", "the program");
        require(noZero(command.arguments()), "command.arguments", "texts without the character U+0000");
        if (command.environment() != null) {
            noNulls("command.environment", command.environment().values());
            require(
                    noZero(command.environment().values())
                            && command.environment().keySet().stream()
                                    .allMatch(name -> !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf(0) < 0),
                    "command.environment",
                    "names without =, and no character U+0000");
        }
        require(
                command.directory() == null
                        || (command.directory().startsWith("/")
                                && command.directory().indexOf(0) < 0),
                "command.directory",
                "an absolute path");
        gpus("command.gpus", command.gpus());
        require(command.ports() >= 0 && command.ports() <= MOST_PORTS, "command.ports", "from 0 to " + MOST_PORTS);
    }

    static void gpus(String field, int count) {
        require(count >= 0 && count <= MOST_GPUS, field, "from 0 to " + MOST_GPUS);
    }

    private static boolean noZero(Iterable<String> texts) {
        for (String text : texts) {
            if (text.indexOf(0) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void noNulls(String field, @Nullable Iterable<?> values) {
        if (values != null) {
            for (Object value : values) {
                require(value != null, field, "without null");
            }
        }
    }

    private static void require(boolean good, String field, String expected) {
        if (!good) {
            throw Refusal.JSON_INVALID.because(
                    field + " is absent or not as it must be: " + expected + ".", "See /openapi.yaml.");
        }
    }
}
