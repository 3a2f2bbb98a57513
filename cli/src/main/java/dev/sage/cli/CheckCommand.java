package dev.sage.cli;

import dev.sage.api.spi.Caretaker;
import dev.sage.api.spi.Caretaker.Finding;
import dev.sage.api.spi.Caretaker.Findings;
import dev.sage.api.spi.JsonFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sage check}: what Sage programs of this machine hold, and what dead ones have left. */
@Command(
        addMethodSubcommands = false,
        name = "check",
        sortOptions = false,
        customSynopsis = "sage check [--sweep] [--json] [--set KEY=VALUE]...",
        description = {
            "%nShows what the Sage programs of this user hold outside of themselves: processes, GPUs and ports. What a"
                    + " program left that was killed is freed with --sweep, or by the next start of any Sage program.",
            "%nThe exit code is 0 when nothing is left of programs that have ended, and 1 when something is.%n"
        },
        footer = {"%nExamples:", "  sage check", "  sage check --sweep --json"})
final class CheckCommand implements Callable<Integer> {
    @Option(names = "--sweep", description = "Free what dead programs left. What a living one holds is never touched.")
    private boolean sweep;

    @Option(
            names = "--json",
            description =
                    "Show it as one line of JSON: home, clean, and findings, each with instance, job, holder, resource,"
                            + " outcome and reason.")
    private boolean json;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting, for example sage.home=/var/lib/sage. Without it: $SAGE_HOME, or the usual folder.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Findings found = service(Caretaker.class).look(settings, sweep);
        if (json) {
            System.out.println(service(JsonFormat.class).write(found));
        } else {
            show(found, System.out);
        }
        return found.clean() ? Exit.OK : Exit.FAILURE;
    }

    static void show(Findings found, PrintStream out) {
        for (Finding finding : found.findings()) {
            out.println(describe(finding));
        }
        if (found.findings().isEmpty()) {
            out.println("Nothing is held (" + found.home() + ").");
        } else if (!found.clean()) {
            out.println("Something is left of programs that have ended. Free it with: sage check --sweep");
        }
    }

    private static String describe(Finding finding) {
        String whose = finding.job().isEmpty() ? "" : " of job " + finding.job() + ", " + finding.holder();
        String reason = finding.reason().isEmpty() ? "" : " (" + finding.reason() + ")";
        return finding.outcome() + ": " + finding.resource() + whose + reason;
    }

    private static <S> S service(Class<S> type) {
        return ServiceLoader.load(type)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The runtime is not on the class path: no " + type.getName() + ". Was bin/sage built?"));
    }
}
