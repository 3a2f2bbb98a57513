package dev.sage.runtime.resource;

import java.util.List;

/**
 * What one holder of a job is to be given.
 *
 * @param gpus ids
 * @param ports numbers
 * @param freePorts how many ports to find besides
 */
public record Want(String holder, List<Integer> gpus, List<Integer> ports, int freePorts) {
    public Want {
        gpus = List.copyOf(gpus);
        ports = List.copyOf(ports);
    }
}
