package dev.sage.runtime.resource;

import java.util.List;

/** Ends what is left of a dead owner's processes. */
@FunctionalInterface
public interface ProcessEnder {
    /**
     * Ends all processes that have exactly this mark in their {@code SAGE_OWNER}, with those that came from them, and looks
     * again until none is left, for a bounded time.
     *
     * @return what is left, in words
     * @throws InterruptedException when it was asked to give up
     */
    List<String> endMarked(String mark) throws InterruptedException;
}
