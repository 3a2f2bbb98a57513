package dev.sage.runtime.dataplane;

import org.jspecify.annotations.Nullable;

/**
 * Keys are hashed into groups, and each instance owns a contiguous part of the groups: what belongs together stays
 * together when the number of instances changes.
 */
final class KeyGroups {
    private KeyGroups() {}

    static int groupOf(@Nullable Object key, int groups) {
        long spread = mix(StableHash.of(key)) & 0xffffffffL;
        return (int) ((spread * groups) >>> 32);
    }

    static int owner(int group, int groups, int instances) {
        return (int) ((long) group * instances / groups);
    }

    /** The finalizer of MurmurHash3: small differences of the hash change all bits of the result. */
    private static int mix(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        h ^= h >>> 16;
        return h;
    }
}
