package dev.sage.acceptance;

import dev.sage.api.LocalEnvironment;

/** A user's program whose function cannot cope with its eighth record. */
final class FailingProgram {
    private FailingProgram() {}

    public static void main(String[] args) throws InterruptedException {
        try (LocalEnvironment env = LocalEnvironment.create("failing")) {
            env.fromRange(0, 10).map(n -> 10 / (n - 7)).name("divide").print();
            env.run();
        }
    }
}
