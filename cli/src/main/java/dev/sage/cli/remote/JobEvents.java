package dev.sage.cli.remote;

import dev.sage.cli.Context;
import dev.sage.cli.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sage job events}. */
@Command(
        addMethodSubcommands = false,
        name = "events",
        sortOptions = false,
        description = "%nShows what has happened to a job; with -f also what happens, until it has ended.%n",
        footer = {"%nExamples:", "  sage job events 3f -f", "  sage job events 3f --json | grep cleaned-up"})
public final class JobEvents extends NodeCommand {
    @Parameters(paramLabel = "ID", description = "The job's id, or as much of its beginning as no other has.")
    private String id;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the job has ended.")
    private boolean follow;

    public JobEvents(Context context) {
        super(context);
    }

    @Override
    public Integer call() {
        NodeApi node = node();
        if (follow) {
            JobEnd.await(node, id, (type, data) -> tell(data));
        } else {
            node.follow(job(id) + "/events?follow=false", (type, data) -> {
                tell(data);
                return isRead();
            });
        }
        return Exit.OK;
    }

    private void tell(String event) {
        print(json ? event : EventLine.of(parse(event)));
    }
}
