package dev.sage.node.job;

import com.typesafe.config.Config;
import dev.sage.api.JobState;
import dev.sage.node.core.RegisteredJob;
import dev.sage.node.core.SomeJobs;
import dev.sage.node.journal.JournalSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A program that submits jobs until it is killed, each one twice under one key, and ends every job that it is told to run.
 * It prints {@code live ID…} at first, then {@code taken KEY ID} and {@code ended ID} once these are acknowledged.
 */
final class BusyRegistry {
    private static final int AT_ONCE = 8;

    private BusyRegistry() {}

    /** {@code HOME ROUND [KEY=VALUE…]}: the settings say which journal. */
    public static void main(String[] arguments) throws Exception {
        // Else the threads of its actors would keep it, and whoever reads what it says, waiting.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        Path home = Path.of(arguments[0]);
        String round = arguments[1];
        Map<String, Object> settings = new HashMap<>(Map.of("sage.node.registry.snapshot-every", 50));
        for (String setting : List.of(arguments).subList(2, arguments.length)) {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Config config = TestRegistry.config(settings);
        TestRegistry node = new TestRegistry(JournalSettings.read(config, home), config);
        TestRegistry.get(node.ready);
        List<RegisteredJob> live = TestRegistry.get(node.registry.live());
        System.out.println("live " + live.stream().map(RegisteredJob::id).collect(Collectors.joining(" ")));
        AtomicInteger number = new AtomicInteger();
        for (int i = 0; i < AT_ONCE; i++) {
            submitNext(node, round, number);
        }
        Thread.currentThread().join();
    }

    private static void submitNext(TestRegistry node, String round, AtomicInteger number) {
        int mine = number.getAndIncrement();
        String key = round + "-" + mine / 2;
        String id = UUID.randomUUID().toString().substring(0, 8);
        node.registry
                .accept(SomeJobs.job(id, key))
                .thenCompose(acceptance -> {
                    String taken = acceptance instanceof Acceptance.Live job
                            ? job.job().id()
                            : ((Acceptance.Finished) acceptance).job().id();
                    System.out.println("taken " + key + " " + taken);
                    // Every third stays live, and is lost with the node.
                    return mine % 3 == 0
                            ? node.registry.started(taken, 1).exceptionally(failure -> null)
                            : node.registry
                                    .ended(taken, 1, SomeJobs.outcome(JobState.COMPLETED))
                                    .thenApply(done -> {
                                        System.out.println("ended " + taken);
                                        return done;
                                    });
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        System.out.println("failed " + failure);
                    }
                    submitNext(node, round, number);
                });
    }
}
