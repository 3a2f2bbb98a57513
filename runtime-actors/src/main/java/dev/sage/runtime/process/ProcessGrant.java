package dev.sage.runtime.process;

import java.nio.file.Path;
import java.util.List;

/**
 * What a program was given to run with.
 *
 * @param mark whose it is
 * @param ports as many as its description asks for
 * @param gpus ids, as many as its description asks for
 * @param gpusShared whether this machine has GPUs that Sage shares out; then a program without is shown none
 * @param log the file for its output, see {@link ProcessOutput}
 * @param follower hears each line of its output
 */
public record ProcessGrant(
        ProcessMark mark,
        List<Integer> ports,
        List<Integer> gpus,
        boolean gpusShared,
        Path log,
        OutputFollower follower) {
    public ProcessGrant {
        ports = List.copyOf(ports);
        gpus = List.copyOf(gpus);
    }

    String holder() {
        return mark.holder();
    }
}
