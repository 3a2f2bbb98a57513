package dev.sage.testkit;

/** How code that hangs answers when it is interrupted. */
public enum Interrupts {
    /** It ends with an {@link InterruptedException}, as most blocking calls do. */
    HONOURED,
    /** It hangs on. Only the end of what it waits for ends it. */
    IGNORED
}
