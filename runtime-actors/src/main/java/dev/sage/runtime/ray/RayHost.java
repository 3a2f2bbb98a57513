package dev.sage.runtime.ray;

import com.typesafe.config.Config;
import dev.sage.api.ProcessService;
import dev.sage.runtime.process.ManagedProcess;
import java.nio.file.Path;

/** What whoever runs jobs gives to its way to Ray. */
public interface RayHost {
    /** All settings, with those under {@code sage.ray}. */
    Config config();

    /** The state folder of Sage; it may not exist yet. */
    Path home();

    /** Of this JVM: what its marks and its ledger begin with. */
    String instance();

    /**
     * A program that belongs to no job: in a session of its own, in the ledger before it is spawned, and ended with this JVM
     * however that ends. Its {@code start}, {@code stop} and {@code cleanup} are for the caller to call, who is also told of
     * its death by the context given to {@code init}.
     *
     * @param name once in a JVM, among those that run
     */
    ManagedProcess program(String name, ProcessService description);
}
