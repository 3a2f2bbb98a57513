package dev.sage.node.core;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.node.NodeException;
import dev.sage.node.NodeException.Kind;
import dev.sage.node.core.Decision.Answer;
import dev.sage.node.core.Decision.Effect;
import dev.sage.node.core.RegistryEvent.JobAccepted;
import dev.sage.node.core.RegistryEvent.JobArchived;
import dev.sage.node.core.RegistryEvent.JobCancelled;
import dev.sage.node.core.RegistryEvent.JobEnded;
import dev.sage.node.core.RegistryEvent.JobRestarted;
import dev.sage.node.core.RegistryEvent.JobStarted;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rules of the registry: a job that was taken has one outcome, a key stands for one job, and what is said of an
 * attempt that is over changes nothing. Every command may come twice.
 */
public final class RegistryDecisions {
    private RegistryDecisions() {}

    /** Decides commands one after the other, each after the events of those before; changes nothing. */
    public static List<Decision> decide(RegistryState state, List<RegistryCommand> commands, Instant now) {
        RegistryState draft = state.draft();
        // Some databases keep no more than microseconds, and pages are cut at these times.
        Instant at = now.truncatedTo(ChronoUnit.MICROS);
        List<Decision> decisions = new ArrayList<>(commands.size());
        for (RegistryCommand command : commands) {
            Decision decision = decide(draft, command, at);
            decision.events().forEach(draft::apply);
            decisions.add(decision);
        }
        return decisions;
    }

    private static Decision decide(RegistryState state, RegistryCommand command, Instant at) {
        if (command instanceof RegistryCommand.Accept accept) {
            return accept(state, accept, at);
        } else if (command instanceof RegistryCommand.Start start) {
            return start(state, start, at);
        } else if (command instanceof RegistryCommand.End end) {
            return end(state, end);
        } else if (command instanceof RegistryCommand.Cancel cancel) {
            return cancel(state, cancel, at);
        } else if (command instanceof RegistryCommand.Archive archive) {
            boolean known =
                    state.find(archive.id()).filter(entry -> !entry.isLive()).isPresent();
            return new Decision(
                    known ? List.of(new JobArchived(archive.id())) : List.of(), new Answer.Done(), List.of());
        } else if (command instanceof RegistryCommand.Recover recover) {
            return recover(state, recover, at);
        } else {
            return Decision.answer(new Answer.Jobs(state.live()));
        }
    }

    private static Decision accept(RegistryState state, RegistryCommand.Accept accept, Instant at) {
        NewJob job = accept.job();
        Optional<RegistryEntry> same = job.key().flatMap(state::findByKey).or(() -> state.find(job.id()));
        if (same.isPresent()) {
            RegistryEntry entry = same.get();
            NewJob before = entry.job().job();
            return isRepeated(job, before.key(), before.contentHash())
                    ? Decision.answer(entry.ended()
                            .<Answer>map(ended -> new Answer.WasFinished(ended.view()))
                            .orElseGet(() -> new Answer.Taken(entry.job(), true)))
                    : refuse(otherContent(job, before.key(), before.id()));
        }
        if (accept.finished().isPresent()) {
            RegistryCommand.Finished before = accept.finished().get();
            Optional<String> key = Optional.ofNullable(before.job().key());
            return isRepeated(job, key, before.contentHash())
                    ? Decision.answer(new Answer.WasFinished(before.job()))
                    : refuse(otherContent(job, key, before.job().id()));
        }
        JobAccepted accepted = new JobAccepted(job, at);
        RegisteredJob registered = new RegisteredJob(job, 1, at, Optional.empty(), Optional.empty());
        return new Decision(
                List.of(accepted), new Answer.Taken(registered, false), List.of(new Effect.Run(registered)));
    }

    /** Without a key nobody can tell a repeated submission from an equal one that got the same id by chance. */
    private static boolean isRepeated(NewJob job, Optional<String> keyBefore, String hashBefore) {
        return job.key().isPresent()
                && job.key().equals(keyBefore)
                && job.contentHash().equals(hashBefore);
    }

    private static NodeException otherContent(NewJob job, Optional<String> keyBefore, String idBefore) {
        return job.key().isPresent() && job.key().equals(keyBefore)
                ? new NodeException(
                        Kind.UNPROCESSABLE,
                        "key.reused",
                        "The idempotency key '" + job.key().get() + "' came before with another submission, job "
                                + idBefore + ".",
                        "Use a new key for a new job, and the same submission for the same job.")
                : new NodeException(
                        Kind.CONFLICT,
                        "job.id-taken",
                        "There is another job with the id " + job.id() + ".",
                        "Submit the job again; it gets another id.");
    }

    private static Decision start(RegistryState state, RegistryCommand.Start start, Instant at) {
        Optional<RegistryEntry> found = state.find(start.id());
        if (found.isEmpty()) {
            return refuse(unknown(start.id()));
        }
        RegistryEntry entry = found.get();
        RegisteredJob job = entry.job();
        if (!entry.isLive()) {
            return refuse(ended(start.id()));
        } else if (job.attempt() != start.attempt()) {
            return refuse(stale(start.id(), start.attempt(), job.attempt()));
        } else if (job.startedAt().isEmpty()) {
            return new Decision(
                    List.of(new JobStarted(start.id(), start.attempt(), start.instance(), at)),
                    new Answer.Done(),
                    List.of());
        }
        return entry.instance().equals(Optional.of(start.instance()))
                ? Decision.answer(new Answer.Done())
                : refuse(stale(start.id(), start.attempt(), job.attempt()));
    }

    private static Decision end(RegistryState state, RegistryCommand.End end) {
        Optional<RegistryEntry> found = state.find(end.id());
        if (found.isEmpty()) {
            return refuse(unknown(end.id()));
        }
        RegistryEntry entry = found.get();
        if (!entry.isLive()) {
            return Decision.answer(new Answer.Done());
        }
        return entry.job().attempt() == end.attempt()
                ? ending(entry.job(), end.outcome(), List.of())
                : refuse(stale(end.id(), end.attempt(), entry.job().attempt()));
    }

    private static Decision cancel(RegistryState state, RegistryCommand.Cancel cancel, Instant at) {
        Optional<RegistryEntry> found = state.find(cancel.id());
        if (found.isEmpty()) {
            return refuse(unknown(cancel.id()));
        } else if (!found.get().isLive()) {
            return refuse(ended(cancel.id()));
        } else if (found.get().job().cancelled().isPresent()) {
            return Decision.answer(new Answer.Done());
        }
        return new Decision(
                List.of(new JobCancelled(cancel.id(), cancel.reason(), at)),
                new Answer.Done(),
                List.of(new Effect.Cancel(cancel.id(), cancel.reason())));
    }

    private static Decision recover(RegistryState state, RegistryCommand.Recover recover, Instant at) {
        List<RegistryEvent> events = new ArrayList<>();
        List<Effect> effects = new ArrayList<>();
        for (RegistryEntry entry : state.entries()) {
            if (entry.isLive()) {
                Decision one = outstanding(entry, recover.instance(), at);
                events.addAll(one.events());
                effects.addAll(one.effects());
            }
        }
        return new Decision(events, new Answer.Done(), effects);
    }

    /** A live job of which only the journal is known. */
    private static Decision outstanding(RegistryEntry entry, String instance, Instant at) {
        RegisteredJob job = entry.job();
        boolean runsHere = entry.instance().equals(Optional.of(instance));
        if (job.cancelled().isPresent()) {
            String reason = job.cancelled().get();
            // It may have reached a runner of this node, before the registry itself was started again.
            List<Effect> tell = List.of(new Effect.Cancel(job.id(), reason));
            return runsHere
                    ? new Decision(List.of(), new Answer.Done(), tell)
                    : ending(job, outcome(JobState.CANCELLED, reason, at), tell);
        } else if (job.startedAt().isEmpty()) {
            return new Decision(List.of(), new Answer.Done(), List.of(new Effect.Run(job)));
        } else if (runsHere) {
            return Decision.answer(new Answer.Done());
        } else if (job.job().options().onNodeLoss() == NodeLoss.RESTART) {
            JobRestarted restarted = new JobRestarted(job.id(), job.attempt() + 1, at);
            RegisteredJob again = new RegisteredJob(
                    job.job(), restarted.attempt(), job.submittedAt(), Optional.empty(), Optional.empty());
            return new Decision(List.of(restarted), new Answer.Done(), List.of(new Effect.Run(again)));
        }
        return ending(
                job,
                outcome(JobState.FAILED, "NodeLost: the node that ran it ended before the job did.", at),
                List.of());
    }

    private static Outcome outcome(JobState state, String cause, Instant at) {
        // What is left outside was swept when the node started.
        return new Outcome(state, cause, true, "", "", at);
    }

    private static Decision ending(RegisteredJob job, Outcome outcome, List<Effect> first) {
        Outcome stored = new Outcome(
                outcome.state(),
                outcome.cause(),
                outcome.clean(),
                outcome.resultJson(),
                outcome.eventsJson(),
                outcome.endedAt().truncatedTo(ChronoUnit.MICROS));
        List<Effect> effects = new ArrayList<>(first);
        effects.add(new Effect.CopyToHistory(new Ended(job.withoutGraph(), stored)));
        return new Decision(List.of(new JobEnded(job.id(), job.attempt(), stored)), new Answer.Done(), effects);
    }

    private static Decision refuse(NodeException why) {
        return Decision.answer(new Answer.Refused(why));
    }

    private static NodeException unknown(String id) {
        return new NodeException(Kind.UNKNOWN, "job.unknown", "There is no job " + id + ".", "List the jobs.");
    }

    private static NodeException ended(String id) {
        return new NodeException(
                Kind.CONFLICT, "job.ended", "Job " + id + " has ended.", "Look at the job for its outcome.");
    }

    private static NodeException stale(String id, int attempt, int current) {
        return new NodeException(
                Kind.CONFLICT,
                "job.stale",
                "Attempt " + attempt + " of job " + id + " is over; the current one is " + current + ".",
                "Do nothing for that attempt any more.");
    }
}
