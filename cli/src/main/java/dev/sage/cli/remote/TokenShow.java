package dev.sage.cli.remote;

import dev.sage.cli.CommandFailure;
import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage token show}. */
@Command(
        addMethodSubcommands = false,
        name = "show",
        sortOptions = false,
        description = {
            "%nTells where the token was found, and whether the node takes it. The token itself only with --reveal.",
            "%nThe exit code is 0 when the node takes it, 1 when not, and 3 when no node can be reached.%n"
        },
        footer = {"%nExample:", "  SAGE_TOKEN=$(ssh build7 sage token show --reveal) sage job list --node build7:19001"
        })
public final class TokenShow extends NodeCommand {
    @Option(names = "--reveal", description = "Print the token, and nothing else; does not ask the node.")
    private boolean reveal;

    public TokenShow(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        Token token = token();
        if (token.value().isEmpty()) {
            throw new CommandFailure(
                    Exit.FAILURE,
                    "token.missing",
                    "There is no token in " + token.source()
                            + ". A node makes one at its first start; from elsewhere give it" + " with SAGE_TOKEN.");
        }
        if (reveal) {
            print(token.value());
            return Exit.OK;
        }
        String verdict = verdict();
        if (json) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("source", token.source());
            answer.put("works", verdict.isEmpty());
            print(new Json(answer).toString());
        } else {
            print("The token is from " + token.source() + ".");
            print(verdict.isEmpty() ? "The node at " + address() + " takes it." : verdict);
        }
        return verdict.isEmpty() ? Exit.OK : Exit.FAILURE;
    }

    /** Empty when the node takes it. */
    private String verdict() {
        try {
            node().get("/v1/nodes");
            return "";
        } catch (CommandFailure refused) {
            if (refused.exitCode() == Exit.NO_NODE) {
                throw refused;
            }
            return String.valueOf(refused.getMessage());
        }
    }
}
