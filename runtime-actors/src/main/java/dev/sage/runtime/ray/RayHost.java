package dev.sage.runtime.ray;

import com.typesafe.config.Config;
import dev.sage.api.ProcessService;
import dev.sage.runtime.process.ManagedProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What whoever runs jobs gives to its way to Ray. */
public interface RayHost {
    /** All settings, with those under {@code sage.ray}. */
    Config config();

    /** The state folder of Sage; it may not exist yet. */
    Path home();

    /**
     * The names of the actors that programs which live and have this state folder hold. What has another name, in the
     * namespace of this folder, is nobody's. Blocks.
     *
     * @return empty when that is not known
     */
    Optional<Set<String>> heldActors() throws InterruptedException;

    /** Of this JVM: what its marks and its ledger begin with. */
    String instance();

    /**
     * Takes GPUs of this machine for such a program, so that no job gets them, of this program or another; until they are
     * given back, at the latest with this JVM. Blocks.
     *
     * @param ids none for none
     * @throws dev.sage.api.SageException with code {@code ray.gpus} when one is not free, and who has it
     */
    void takeGpus(String program, List<Integer> ids) throws InterruptedException;

    /** Gives back what was taken, if it was, once the program has ended. What is in use still is kept. Blocks. */
    void giveGpusBack(String program) throws InterruptedException;

    /**
     * A program that belongs to no job: in a session of its own, in the ledger before it is spawned, and ended with this JVM
     * however that ends. Its {@code start}, {@code stop} and {@code cleanup} are for the caller to call, who is also told of
     * its death by the context given to {@code init}.
     *
     * @param name once in a JVM, among those that run
     */
    ManagedProcess program(String name, ProcessService description);
}
