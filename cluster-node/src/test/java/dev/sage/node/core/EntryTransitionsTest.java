package dev.sage.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.JobState;
import dev.sage.api.SubmitOptions.NodeLoss;
import dev.sage.node.core.RegistryEvent.JobAccepted;
import dev.sage.node.core.RegistryEvent.JobArchived;
import dev.sage.node.core.RegistryEvent.JobCancelled;
import dev.sage.node.core.RegistryEvent.JobRestarted;
import dev.sage.node.core.RegistryEvent.JobStarted;
import dev.sage.runtime.core.Transitions.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntryTransitionsTest {
    private static final int COMMANDS = 20_000;

    private final Random random = new Random(42);
    private final RegistryState state = new RegistryState();
    private int instance;

    @Test
    void whateverIsAskedOnlyTheTransitionsOfTheTableAreWrittenAndAllOfThemAre() {
        Set<Transition<EntryStage, EntryTrigger>> seen = new HashSet<>();
        for (int i = 0; i < COMMANDS; i++) {
            for (RegistryEvent event : RegistryDecisions.decide(state, List.of(command()), SomeJobs.NOON).stream()
                    .flatMap(decision -> decision.events().stream())
                    .toList()) {
                Optional<EntryStage> before = stage(event.id());
                state.apply(event);
                Optional<EntryStage> after = stage(event.id());
                if (event instanceof JobAccepted) {
                    assertThat(before).isEmpty();
                    assertThat(after).contains(EntryStage.WAITING);
                } else {
                    seen.add(
                            new Transition<>(before.orElseThrow(), trigger(event), after.orElse(EntryStage.FORGOTTEN)));
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(EntryTransitions.TABLE.all());
    }

    private Optional<EntryStage> stage(String id) {
        return state.find(id).map(EntryStage::of);
    }

    private static EntryTrigger trigger(RegistryEvent event) {
        if (event instanceof JobStarted) {
            return EntryTrigger.START;
        } else if (event instanceof JobCancelled) {
            return EntryTrigger.CANCEL;
        } else if (event instanceof JobRestarted) {
            return EntryTrigger.RESTART;
        }
        return event instanceof JobArchived ? EntryTrigger.ARCHIVE : EntryTrigger.END;
    }

    private RegistryCommand command() {
        String id = "0" + random.nextInt(5);
        int attempt = 1 + random.nextInt(3);
        return switch (random.nextInt(8)) {
            case 0 ->
                new RegistryCommand.Accept(
                        SomeJobs.job(
                                id, Optional.empty(), "hash", random.nextBoolean() ? NodeLoss.FAIL : NodeLoss.RESTART),
                        Optional.empty());
            case 1, 2 -> new RegistryCommand.Start(id, attempt, "instance-" + instance);
            case 3 -> new RegistryCommand.End(id, attempt, SomeJobs.outcome(JobState.COMPLETED));
            case 4 -> new RegistryCommand.Cancel(id, "not wanted");
            case 5 -> new RegistryCommand.Recover("instance-" + instance++);
            case 6 -> new RegistryCommand.Archive(id);
            default -> new RegistryCommand.List();
        };
    }

    /** Run with -Dsage.docs.write=true to write it anew. */
    @Test
    void theDocumentedDiagramIsThatOfTheTable() throws IOException {
        String text = "# The states of a job in the registry"
                + "\n\nGenerated from the transition table; the build fails when they differ.\n\n```mermaid\n"
                + EntryTransitions.TABLE.diagram() + "```\n";
        Path file = Path.of("..", "docs", "states", "registry.md");
        if (Boolean.getBoolean("sage.docs.write")) {
            Files.writeString(file, text);
        }
        assertThat(file).exists().content().isEqualTo(text);
    }
}
