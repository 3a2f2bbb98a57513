package dev.sage.runtime.dataplane;

/**
 * Says, behind the last record of a channel, that none follows.
 *
 * @param upstream the instance that ended
 * @param epoch the attempt of the job that it belongs to; a marker of another one says nothing
 */
record EndMarker(int exchange, int upstream, int epoch) {}
