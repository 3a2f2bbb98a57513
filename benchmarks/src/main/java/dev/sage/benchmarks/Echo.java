package dev.sage.benchmarks;

/** What is called at Ray, by Sage and by the plain driver. */
public final class Echo {
    /** The same class for Python. */
    static final String PYTHON = """
            class Echo:
                def __init__(self):
                    pass

                def echo(self, number):
                    return number
            """;

    /** As callers in Sage see either of them. */
    interface Calls {
        long echo(long number);
    }

    public long echo(long number) {
        return number;
    }
}
