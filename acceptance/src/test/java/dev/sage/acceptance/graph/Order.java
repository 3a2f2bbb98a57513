package dev.sage.acceptance.graph;

/**
 * What is known of the order of a stream's records.
 *
 * @param kind how much of it
 * @param modulus for {@link Kind#BY_KEY}: the keys are the remainders by it
 */
record Order(Kind kind, long modulus) {
    enum Kind {
        /** One instance has all records, in the order of the sequential evaluation. */
        EXACT,
        /** All records of a key are in one instance, in the order of the sequential evaluation. */
        BY_KEY,
        NONE
    }

    static final Order EXACT = new Order(Kind.EXACT, 0);
    static final Order NONE = new Order(Kind.NONE, 0);

    static Order byKey(long modulus) {
        return new Order(Kind.BY_KEY, modulus);
    }

    boolean isExact() {
        return kind == Kind.EXACT;
    }

    boolean isByKey(long keys) {
        return kind == Kind.BY_KEY && modulus == keys;
    }

    /** After an edge without keys, between operators of these parallelisms. */
    Order afterDirectEdge(int from, int to) {
        return switch (kind) {
            case EXACT -> to == 1 ? this : NONE;
            case BY_KEY -> to == 1 || to == from ? this : NONE;
            case NONE -> NONE;
        };
    }

    /** After an edge that brings together the records of equal remainders. */
    Order afterKeyedEdge(long keys, int to) {
        if (isExact()) {
            return to == 1 ? this : byKey(keys);
        }
        return isByKey(keys) ? this : NONE;
    }
}
