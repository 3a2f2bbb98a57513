package dev.sage.acceptance.kill;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Draws at random, but each of its cards once before one comes again: few rounds have as much variety as they can. */
public final class Deck<T> {
    private final List<T> cards;
    private final Random random;
    private final Deque<T> left = new ArrayDeque<>();

    public Deck(List<T> cards, Random random) {
        this.cards = cards;
        this.random = random;
    }

    public T draw() {
        if (left.isEmpty()) {
            List<T> shuffled = new ArrayList<>(cards);
            Collections.shuffle(shuffled, random);
            left.addAll(shuffled);
        }
        return left.remove();
    }
}
