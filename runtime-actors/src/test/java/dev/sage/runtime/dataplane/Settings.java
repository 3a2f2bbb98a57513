package dev.sage.runtime.dataplane;

import java.time.Duration;

/** Settings for tests, small enough that every limit is met. */
final class Settings {
    private Settings() {}

    static DataPlaneSettings of(int threads, int batchRecords, int channelBatches) {
        return new DataPlaneSettings(
                threads,
                Duration.ofMillis(1),
                Duration.ofMillis(200),
                batchRecords,
                channelBatches,
                1_000,
                128,
                1_000_000,
                1 << 20,
                1_000,
                Duration.ofSeconds(1),
                16,
                1_000_000,
                10,
                100_000);
    }

    static DataPlaneSettings usual() {
        return of(2, 1024, 4);
    }

    static DataPlaneSettings tight() {
        return of(2, 1, 1);
    }

    static DataPlaneSettings withCollectMax(DataPlaneSettings s, int collectMaxRecords) {
        return new DataPlaneSettings(
                s.threads(),
                s.quantum(),
                s.replaceAfter(),
                s.batchRecords(),
                s.channelBatches(),
                s.overdrawRecords(),
                s.keyGroups(),
                s.joinMaxRecords(),
                s.maxLineBytes(),
                s.maxFiles(),
                s.catchUp(),
                s.handOffRecords(),
                collectMaxRecords,
                s.feedbackGateRecords(),
                s.feedbackMaxRecords());
    }

    static DataPlaneSettings withFeedback(DataPlaneSettings s, int gateRecords, int maxRecords) {
        return new DataPlaneSettings(
                s.threads(),
                s.quantum(),
                s.replaceAfter(),
                s.batchRecords(),
                s.channelBatches(),
                s.overdrawRecords(),
                s.keyGroups(),
                s.joinMaxRecords(),
                s.maxLineBytes(),
                s.maxFiles(),
                s.catchUp(),
                s.handOffRecords(),
                s.collectMaxRecords(),
                gateRecords,
                maxRecords);
    }

    static DataPlaneSettings withMaxLineBytes(DataPlaneSettings s, int maxLineBytes) {
        return new DataPlaneSettings(
                s.threads(),
                s.quantum(),
                s.replaceAfter(),
                s.batchRecords(),
                s.channelBatches(),
                s.overdrawRecords(),
                s.keyGroups(),
                s.joinMaxRecords(),
                maxLineBytes,
                s.maxFiles(),
                s.catchUp(),
                s.handOffRecords(),
                s.collectMaxRecords(),
                s.feedbackGateRecords(),
                s.feedbackMaxRecords());
    }

    static DataPlaneSettings withJoinMax(DataPlaneSettings s, int joinMaxRecords) {
        return new DataPlaneSettings(
                s.threads(),
                s.quantum(),
                s.replaceAfter(),
                s.batchRecords(),
                s.channelBatches(),
                s.overdrawRecords(),
                s.keyGroups(),
                joinMaxRecords,
                s.maxLineBytes(),
                s.maxFiles(),
                s.catchUp(),
                s.handOffRecords(),
                s.collectMaxRecords(),
                s.feedbackGateRecords(),
                s.feedbackMaxRecords());
    }
}
