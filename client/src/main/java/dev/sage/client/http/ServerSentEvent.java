package dev.sage.client.http;

/**
 * One of a stream.
 *
 * @param number its id, after which the stream can be resumed; 0 where it has none, or one that is no number
 * @param type for example {@code state-changed}; {@code message} where the server gave none
 * @param data the lines of its data, usually JSON
 */
public record ServerSentEvent(long number, String type, String data) {}
