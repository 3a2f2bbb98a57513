package dev.sage.acceptance.faults;

import dev.sage.testkit.Gate;
import dev.sage.testkit.Interrupts;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits at the site of a cell for the first that comes by, keeps it until the test gives the word, and strikes. */
final class Trap implements AutoCloseable {
    private final Cell cell;
    private final Gate word;
    private final Gate hang;
    private final AtomicBoolean taken = new AtomicBoolean();

    Trap(Cell cell) {
        this.cell = cell;
        this.word = Gate.closed("the word for " + cell, Interrupts.IGNORED);
        this.hang = Gate.closed("the end of " + cell, cell.failure().interrupts());
    }

    /** For the user code of the job. */
    void at(Site site) throws InterruptedException {
        if (site == cell.site() && taken.compareAndSet(false, true)) {
            word.pass();
            if (cell.failure().isHang()) {
                Thread.interrupted(); // What came while it waited for the word is not what the hang is about.
                hang.pass();
            } else {
                cell.failure().strike(0);
            }
        }
    }

    void awaitTaken() throws InterruptedException {
        word.awaitReached();
    }

    void strike() throws InterruptedException {
        word.open();
        if (cell.failure().isHang()) {
            hang.awaitReached();
        }
    }

    @Override
    public void close() {
        word.open();
        hang.open();
    }
}
