package dev.sage.ray.cluster;

import dev.sage.api.spi.OwnerOnly;
import dev.sage.runtime.core.ledger.Resource.Spawned;
import dev.sage.runtime.process.SeenProcess;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What is written down of the cluster that the user brought up; of one that is started, first before it is spawned, so that
 * whoever finds it can end it.
 *
 * @param address empty while it starts
 * @param process of one that is started; empty until it is spawned
 * @param folder of one that is started, its private one
 * @param mark in the environment of the processes of one that is started
 */
record ClusterRecord(
        Optional<ClusterAddress> address,
        RayInstallation installation,
        Optional<Spawned> process,
        Optional<Path> folder,
        String mark,
        List<Integer> gpus,
        Instant since) {
    private static final String FILE = "cluster.properties";

    ClusterRecord {
        gpus = List.copyOf(gpus);
    }

    boolean started() {
        return folder.isPresent();
    }

    ClusterRecord withProcess(Spawned spawned) {
        return new ClusterRecord(address, installation, Optional.of(spawned), folder, mark, gpus, since);
    }

    ClusterRecord withAddress(ClusterAddress found) {
        return new ClusterRecord(Optional.of(found), installation, process, folder, mark, gpus, since);
    }

    /** Whether its first process runs. */
    boolean lives() {
        return process.filter(SeenProcess::runs).isPresent();
    }

    /** @param ray the folder {@code ray} of the state folder */
    static Optional<ClusterRecord> read(Path ray) throws IOException {
        Properties file = new Properties();
        try (Reader text = Files.newBufferedReader(ray.resolve(FILE))) {
            file.load(text);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        return Optional.of(new ClusterRecord(
                given(file, "address").map(ClusterAddress::parse),
                new RayInstallation(
                        Path.of(file.getProperty("python")),
                        file.getProperty("version"),
                        Path.of(file.getProperty("package"))),
                given(file, "pid")
                        .map(pid -> new Spawned(Long.parseLong(pid), Long.parseLong(file.getProperty("startTicks")))),
                given(file, "folder").map(Path::of),
                file.getProperty("mark"),
                Stream.of(file.getProperty("gpus").split(","))
                        .filter(id -> !id.isEmpty())
                        .map(Integer::valueOf)
                        .toList(),
                Instant.parse(file.getProperty("since"))));
    }

    private static Optional<String> given(Properties file, String key) {
        return Optional.ofNullable(file.getProperty(key));
    }

    void write(Path ray) throws IOException {
        Properties file = new Properties();
        address.ifPresent(where -> file.setProperty("address", where.toString()));
        file.setProperty("python", installation.python().toString());
        file.setProperty("version", installation.version());
        file.setProperty("package", installation.folder().toString());
        process.ifPresent(first -> {
            file.setProperty("pid", String.valueOf(first.pid()));
            file.setProperty("startTicks", String.valueOf(first.startTicks()));
        });
        folder.ifPresent(own -> file.setProperty("folder", own.toString()));
        file.setProperty("mark", mark);
        file.setProperty(
                "gpus", String.join(",", gpus.stream().map(String::valueOf).toList()));
        file.setProperty("since", since.toString());
        // Written beside and moved: others read it.
        Path part = Files.createTempFile(ray, FILE, ".part", OwnerOnly.FILE);
        try (Writer text = Files.newBufferedWriter(part)) {
            file.store(text, "The Ray cluster of \"sage ray up\"");
        }
        Files.move(part, ray.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void remove(Path ray) throws IOException {
        Files.deleteIfExists(ray.resolve(FILE));
    }
}
