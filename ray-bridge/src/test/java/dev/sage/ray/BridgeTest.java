package dev.sage.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sage.ray.cluster.ClusterSettings;
import dev.sage.ray.link.GatewayLimits;
import dev.sage.runtime.ray.RayPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeTest {
    @TempDir
    private Path folder;

    @Test
    void whoWaitsWhileAnotherOneStartsTheClusterCanBeInterrupted() throws Exception {
        Path python = Files.createFile(
                folder.resolve("python"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(python, "#!/bin/sh\ntouch '" + folder.resolve("begun") + "'\nexec sleep 600\n");
        try (TestHost host = new TestHost(folder, Map.of("sage.ray.python", python.toString()))) {
            try (Bridge bridge =
                    new Bridge(host, ClusterSettings.read(host.config()), GatewayLimits.read(host.config()))) {
                FutureTask<RayPlace> starts = new FutureTask<>(bridge::connect);
                Thread first = new Thread(starts, "starts");
                first.start();
                await().until(() -> Files.exists(folder.resolve("begun")));
                FutureTask<RayPlace> waits = new FutureTask<>(bridge::connect);
                Thread second = new Thread(waits, "waits");
                second.start();
                await().until(() ->
                        second.getState() == Thread.State.WAITING || second.getState() == Thread.State.BLOCKED);

                second.interrupt();
                assertThatThrownBy(() -> waits.get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(InterruptedException.class);
                assertThat(starts.isDone()).isFalse();
                first.interrupt();
                assertThatThrownBy(() -> starts.get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(InterruptedException.class);
            }
        }
    }
}
