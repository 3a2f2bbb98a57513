package dev.sage.runtime.dataplane;

/** How the records of a key become one value, which is never null. */
interface Fold {
    /** The value of a key after its first record. */
    Object first(Object value) throws Exception;

    /** The value of a key after one more record. */
    Object add(Object kept, Object value) throws Exception;

    /** What is emitted for a key. */
    Object result(Object key, Object kept) throws Exception;
}
