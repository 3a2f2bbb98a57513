package dev.sage.api;

import java.io.Serializable;

/** A key and what was computed for it, for example by {@link KeyedStream#aggregate}. */
public record KeyValue<K, V>(K key, V value) implements Serializable {}
