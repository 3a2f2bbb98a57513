package user;

import dev.sage.api.Environment;

/** Fails with an exception of its own. */
public final class Failing {
    private Failing() {}

    public static final class Odd extends RuntimeException {
        private final transient Object held = new Object();

        Odd(String message) {
            super(message);
        }

        @Override
        public String toString() {
            return "odd: " + getMessage() + (held == null ? "" : "!");
        }
    }

    public static void build(Environment env, String argument) {
        env.fromRange(0, 3)
                .map(n -> {
                    if (n == 1) {
                        throw new Odd(argument + n);
                    }
                    return n;
                })
                .collect();
    }
}
