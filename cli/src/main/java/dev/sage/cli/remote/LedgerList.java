package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code sage ledger list}. */
@Command(
        addMethodSubcommands = false,
        name = "list",
        sortOptions = false,
        description =
                "%nShows what the node has written down that it holds outside of itself: processes, GPUs, ports.%n",
        footer = {"%nExample:", "  sage ledger list --json", "", "What dead programs left is shown by: sage check"})
public final class LedgerList extends NodeCommand {
    public LedgerList(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        String answer = node().get("/v1/ledger");
        if (json) {
            printJson(answer);
        } else {
            Json ledger = parse(answer);
            print(table(ledger.items().isEmpty() ? ledger.items("entries") : ledger.items()), "Nothing is held.");
        }
        return Exit.OK;
    }

    /** With the columns that the entries have. */
    private static Table table(List<Json> entries) {
        Set<String> names = new LinkedHashSet<>();
        entries.forEach(entry -> names.addAll(entry.members().keySet()));
        Table table = new Table(
                names.stream().map(name -> name.toUpperCase(Locale.ROOT)).toArray(String[]::new));
        entries.forEach(entry -> table.row(names.stream().map(entry::text).toArray()));
        return table;
    }
}
