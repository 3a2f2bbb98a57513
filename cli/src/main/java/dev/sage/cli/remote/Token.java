package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import dev.sage.client.http.NodeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to be let in.
 *
 * @param value empty when none was found: the node then says what it thinks of that
 * @param source where it was found, or was looked for
 */
public record Token(String value, String source) {
    private static final String OPTION = "--token";
    private static final String VARIABLE = NodeToken.VARIABLE;

    boolean isFromFile() {
        return !source.equals(OPTION) && !source.equals(VARIABLE);
    }

    public static Token find(@Nullable String option, Context context) {
        if (option != null) {
            return new Token(option.strip(), OPTION);
        }
        Optional<String> variable = context.variable(VARIABLE);
        if (variable.isPresent()) {
            return new Token(variable.get(), VARIABLE);
        }
        Path file = context.home().resolve("token");
        try {
            return new Token(Files.readString(file).strip(), file.toString());
        } catch (NoSuchFileException none) {
            return new Token("", file.toString());
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILURE,
                    "token.unreadable",
                    "The token in " + file + " cannot be read: " + e
                            + ". It belongs to whoever started the node; give one" + " with SAGE_TOKEN.",
                    e);
        }
    }
}
