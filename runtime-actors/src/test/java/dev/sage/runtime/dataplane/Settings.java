package dev.sage.runtime.dataplane;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

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

    static DataPlaneSettings withCollectMax(DataPlaneSettings settings, int collectMaxRecords) {
        return with(settings, Map.of("collectMaxRecords", collectMaxRecords));
    }

    static DataPlaneSettings withFeedback(DataPlaneSettings settings, int gateRecords, int maxRecords) {
        return with(settings, Map.of("feedbackGateRecords", gateRecords, "feedbackMaxRecords", maxRecords));
    }

    static DataPlaneSettings withMaxLineBytes(DataPlaneSettings settings, int maxLineBytes) {
        return with(settings, Map.of("maxLineBytes", maxLineBytes));
    }

    static DataPlaneSettings withJoinMax(DataPlaneSettings settings, int joinMaxRecords) {
        return with(settings, Map.of("joinMaxRecords", joinMaxRecords));
    }

    /** A copy with other values for the components of these names. */
    private static DataPlaneSettings with(DataPlaneSettings settings, Map<String, Integer> changed) {
        RecordComponent[] components = DataPlaneSettings.class.getRecordComponents();
        Map<String, Integer> left = new HashMap<>(changed);
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                Integer other = left.remove(components[i].getName());
                values[i] = other == null ? components[i].getAccessor().invoke(settings) : other;
                types[i] = components[i].getType();
            }
            if (!left.isEmpty()) {
                throw new AssertionError("DataPlaneSettings has no " + left.keySet() + ".");
            }
            return DataPlaneSettings.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("DataPlaneSettings cannot be copied.", e);
        }
    }
}
