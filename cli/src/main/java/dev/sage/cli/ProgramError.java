package dev.sage.cli;

import java.lang.reflect.InvocationTargetException;

/** Carries an {@link Error} of a program past picocli, which handles exceptions only. */
final class ProgramError extends Exception {
    private static final long serialVersionUID = 1;

    ProgramError(InvocationTargetException thrown) {
        super(thrown.getCause());
    }
}
