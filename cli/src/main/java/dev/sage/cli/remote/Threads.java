package dev.sage.cli.remote;

import java.util.concurrent.Executor;

/** Threads for what blocks on the network. They keep no command from its end. */
final class Threads {
    private Threads() {}

    static Executor daemons(String name) {
        return task -> start(name, task);
    }

    static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
