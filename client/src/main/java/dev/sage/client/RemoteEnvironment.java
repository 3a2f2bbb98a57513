package dev.sage.client;

import dev.sage.api.Environment;
import dev.sage.api.JobHandle;
import dev.sage.api.SageException;
import dev.sage.client.http.NodeAddress;

/**
 * Runs jobs on a node. Pipelines are built as for a local environment; {@code submit} sends them with the jars of the class
 * path that the node does not have yet, and may block as long as that takes. The records that {@code collect()} brought
 * back are here before the job counts as ended, and {@code print()} prints here.
 *
 * <p><b>Connections</b> may break and the node may be started anew while a job is waited for: waiting goes on, for at most
 * {@link RemoteOptions#giveUpAfter}. A job whose node stays away any longer is lost out of sight, not ended: waiting for it
 * throws {@link SageException} of code {@code node.unreachable}, and {@link JobHandle#result} completes exceptionally.
 *
 * <p><b>Attached jobs</b>, all that are not {@linkplain dev.sage.api.SubmitOptions#detached detached}, end with this
 * environment: by {@link #close}, by the end of the JVM, which closes it, and by the node when it has not heard of this
 * environment for some time, 30 s by default. Services that are kept, and detached jobs, stay at the node; shared
 * services end after the jobs that call them.
 *
 * <p><b>Differences</b> from a local job: the methods of {@link JobHandle} that tell or ask the job something wait for the
 * node's answer; {@link JobHandle#outputFile} gives a copy, which is deleted by {@link #close}; {@link
 * dev.sage.api.OutputListener#holdsUp} has no effect; services {@linkplain Environment#atClient at the client}
 * need {@code dev.sage:sage-runtime-actors} on the class path and an address that the node reaches, and {@code submit} waits
 * until they are ready.
 */
public interface RemoteEnvironment extends Environment {

    /** As {@link #connect(String, String, int, RemoteOptions)}, with {@link RemoteOptions#DEFAULT}. */
    static RemoteEnvironment connect(String name, String host, int port) {
        return connect(name, host, port, RemoteOptions.DEFAULT);
    }

    /**
     * An environment whose jobs run on a node; waits for an answer of the node.
     *
     * @param port 19001 unless the node was told otherwise
     * @throws SageException with code {@code node.unreachable} when no node answers there, {@code token.invalid} when it
     *     does not know the token, {@code node.version} when it has another Sage, or a Java older than this one
     */
    static RemoteEnvironment connect(String name, String host, int port, RemoteOptions options) {
        return HttpEnvironment.connect(name, new NodeAddress(host, port), options);
    }
}
